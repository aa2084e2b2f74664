"""Whose key a workflow's data is sealed with."""

from __future__ import annotations

import re

INSTALLATION = "installation"
"""What belongs to no case: reports, corrective actions, schedules."""

_CASE = re.compile(r"C-[0-9A-HJKMNP-TV-Z]{10}(?![0-9A-Za-z])")


def subject_of(workflow_id: str) -> str:
    """Returns the case that a workflow belongs to by its id (its notices and later papers too), or `INSTALLATION`."""
    found = _CASE.match(workflow_id)
    return found.group() if found else INSTALLATION
