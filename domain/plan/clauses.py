"""The clauses of the procedures: what plan files cite as `source` and scenario tests carry as their mark."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from domain.model import Frozen

EVERY_PLAN = "every-plan"
"""Whose clauses hold in every plan."""
HOUSE = "house"
"""The source of what no document says and the plan decided."""
_FILE = Path(__file__).parent / "clauses.toml"


class Clause(Frozen):
    """An obligation: its permanent id, the plan it belongs to (or `every-plan`) and what it says in short."""

    id: str
    plan: str
    text: str


@cache
def clauses() -> Mapping[str, Clause]:
    """Every clause by its id, in the order of the documents. Reads a file, so it is not for workflow code."""
    tables = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    found = (Clause(id=name, plan=plan, text=text) for plan, table in tables.items() for name, text in table.items())
    return MappingProxyType({clause.id: clause for clause in found})


def required(plans: Iterable[str]) -> tuple[Clause, ...]:
    """Returns the clauses that the named plans have to fulfil, with those that hold in every plan."""
    wanted = {*plans, EVERY_PLAN}
    return tuple(clause for clause in clauses().values() if clause.plan in wanted)


def cited(plan: BaseModel) -> tuple[tuple[str, str], ...]:
    """Returns each key of a plan with the source it cites: `("tasks.follow_up", "R9")`."""
    return tuple(_sources(plan.model_dump(mode="json"), ""))


def _sources(value: Any, key: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if isinstance(source := value.get("source"), str):
            yield key, source
        inside = value.items()
    elif isinstance(value, list):
        inside = {str(number): one for number, one in enumerate(value)}.items()
    else:
        return
    for name, one in inside:
        yield from _sources(one, f"{key}.{name}" if key else str(name))
