"""Checks plan files and shows plans."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from api.commands.plan_text import print_plan
from core.errors import Invalid, NotFound
from domain.clocks import CalendarSpec, WorkCalendar
from domain.plan.describe import describe
from domain.plan.read import PlanInvalid, Problem, check_file, read_plan

CalendarOf = Callable[[CalendarSpec, Iterable[int]], WorkCalendar]


def check(files: Sequence[Path], folder: Path, calendar_of: CalendarOf) -> tuple[list[Path], list[Problem]]:
    """Check the given plan files, or all of the folder; `calendar_of` gives the calendar that a plan asks for.

    Returns:
        The files looked at, and what is wrong with them.

    Raises:
        Invalid: there is nothing to check.
    """
    paths = list(files) or sorted(folder.glob("*.toml"))
    if not paths:
        raise Invalid(f"{folder} holds no plan: name the files to check")
    return paths, [problem for path in paths for problem in check_file(path) or _calendar_problems(path, calendar_of)]


def _calendar_problems(path: Path, calendar_of: CalendarOf) -> list[Problem]:
    """A calendar that nobody knows would make every deadline of the plan provisional."""
    try:
        calendar_of(read_plan(path).calendar, [datetime.now(UTC).year])
    except ValueError as unknown:
        return [Problem(file=path.name, key="calendar", reason=str(unknown))]
    return []


def show(name: str, folder: Path, console: Console) -> None:
    """Print a plan of the folder by its name, or the plan in a file that ends in `.toml`.

    Raises:
        NotFound: there is no such plan.
        Invalid: its file does not describe a plan.
    """
    known = {path.stem: path for path in sorted(folder.glob("*.toml"))}
    path = Path(name) if name.endswith(".toml") else known.get(name)
    if path is None or not path.is_file():
        raise NotFound(f"there is no plan {name!r}; there is {', '.join(known) or f'none in {folder}'}")
    try:
        plan = read_plan(path)
    except PlanInvalid as invalid:
        first = invalid.problems[0]
        wrong = f"{first.key}: {first.reason}"
        raise Invalid(f"{path.name} is no valid plan ({wrong}); `aftercare plans check` tells all") from None
    print_plan(describe(plan), console)
