"""Reading and checking plan files."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError

from domain.model import Frozen
from domain.plan.clauses import HOUSE, cited, clauses
from domain.plan.model import Plan
from domain.tasks import field_errors


class Problem(Frozen):
    """What is wrong in a plan file: `key` is dotted, empty when it is about the whole file."""

    file: str
    key: str
    reason: str


class PlanInvalid(ValueError):
    """A plan file does not describe a plan. `problems` names file, key and reason of each finding."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{p.file}: {p.key}: {p.reason}" for p in problems))


def read_plan(path: Path) -> Plan:
    """Reads one plan. Raises PlanInvalid with every problem found; OSError when the file cannot be read."""
    file = path.name
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise PlanInvalid((Problem(file=file, key="", reason=f"is not TOML: {broken}"),)) from None
    try:
        plan = Plan.model_validate(data)
    except ValidationError as invalid:
        raise PlanInvalid(tuple(_problems(file, invalid))) from None
    if plan.name != path.stem:
        raise PlanInvalid((Problem(file=file, key="name", reason=f"is {plan.name!r} but the file is called {file}"),))
    unknown = [(key, source) for key, source in cited(plan) if source != HOUSE and source not in clauses()]
    if unknown:
        raise PlanInvalid(
            tuple(Problem(file=file, key=f"{key}.source", reason=f"there is no clause {one}") for key, one in unknown)
        )
    return plan


def _problems(file: str, invalid: ValidationError) -> Iterable[Problem]:
    for error in field_errors(invalid):
        if error.path:
            yield Problem(file=file, key=error.path, reason=error.message.replace("of this form", "of a plan"))
            continue
        for finding in error.message.split("; "):
            key, _, reason = finding.partition(": ")
            yield Problem(file=file, key=key, reason=reason)


def check_file(path: Path) -> list[Problem]:
    """Returns what is wrong with a plan file; an empty list means it can run cases."""
    try:
        read_plan(path)
    except PlanInvalid as invalid:
        return list(invalid.problems)
    except OSError as unreadable:
        return [Problem(file=path.name, key="", reason=f"cannot be read: {unreadable.strerror}")]
    return []


def read_plans(folder: Path) -> dict[str, Plan]:
    """Reads every plan of a folder by name. Raises PlanInvalid on the first wrong one."""
    return {plan.name: plan for plan in (read_plan(path) for path in sorted(folder.glob("*.toml")))}
