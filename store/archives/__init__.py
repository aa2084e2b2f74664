"""The archive of a case, one file: how it is written, read and verified, and where such files lie."""
