"""Checks plan files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.errors import Invalid
from domain.plan.read import Problem, check_file


def check(files: Sequence[Path], folder: Path) -> tuple[list[Path], list[Problem]]:
    """Check the given plan files, or all of the folder.

    Returns:
        The files looked at, and what is wrong with them.

    Raises:
        Invalid: there is nothing to check.
    """
    paths = list(files) or sorted(folder.glob("*.toml"))
    if not paths:
        raise Invalid(f"{folder} holds no plan: name the files to check")
    return paths, [problem for path in paths for problem in check_file(path)]
