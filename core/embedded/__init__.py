"""The embedded default: one machine, one command, state under one folder.

`up` starts the real Temporal server, one worker and one API process, keeps them running and stops them in order. What
it needs from the layers above (migrations, first users) is handed in by the composition root.
"""
