"""What the command line does, one module a subject. `cli.py` parses and prints; here is the logic."""
