"""Outcomes for random walks: built from a task's own JSON Schema with random answers, and spoilt ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from domain.case import CaseState, OnBehalfOf, TaskState
from domain.case.checks import outcome_problems
from domain.events import Actor
from domain.plan import Plan
from domain.tasks import TASKS, FormInvalid
from domain.tasks.parts import CostKind
from tests.support.from_schema import answers_of, outcome
from tests.support.scene import person

_TRIES = 60
_AMOUNTS = ("0", "12.50", "80", "1999.99")


@dataclass(frozen=True)
class Entry:
    """What somebody enters for a task."""

    outcome: dict[str, Any]
    by: Actor
    happened_at: datetime
    on_behalf_of: dict[str, str] | None
    problems: tuple[str, ...]
    """Why the rules refuse it; empty for a legal entry."""


@dataclass(frozen=True)
class Desk:
    """What a person has before them: the case, its plan and tasks, and the clock."""

    case: CaseState
    plan: Plan
    tasks: Collection[TaskState]
    now: datetime

    def legal(self, task: TaskState, chance: Random, *, everything: bool = False) -> Entry:
        """Returns an entry that the rules allow; after many tries without success the last one, with its problems."""
        entry = self.any_entry(task, chance, everything=everything)
        for _ in range(_TRIES):
            if not entry.problems:
                break
            entry = self.any_entry(task, chance, everything=everything)
        return entry

    def any_entry(self, task: TaskState, chance: Random, *, everything: bool = False) -> Entry:
        """Returns an entry of the right form, whether the rules allow it in this case or not."""
        schema = TASKS[task.kind].form.schema_for_people_and_programs()
        answers = self._answers(schema, chance)
        return self.judged(
            task,
            outcome(schema, everything=everything, **answers),
            by=person(task.role, f"{task.role.replace('_', '-')}-{chance.randint(1, 3)}"),
            happened_at=self.now - timedelta(minutes=chance.choice((0, 0, 0, 5, 600))),
            on_behalf_of=self._party(task, chance),
        )

    def judged(
        self, task: TaskState, entered: dict[str, Any], *, by: Actor, happened_at: datetime, on_behalf_of: Any
    ) -> Entry:
        """Returns the entry together with what API and workflow find wrong with it."""
        try:
            form = TASKS[task.kind].read(entered)
        except FormInvalid as invalid:
            return Entry(
                entered, by, happened_at, on_behalf_of, tuple(f"{e.path}: {e.message}" for e in invalid.errors)
            )
        found = outcome_problems(
            form,
            task,
            self.case,
            self.plan,
            by=by,
            happened_at=happened_at,
            on_behalf_of=OnBehalfOf(**on_behalf_of) if on_behalf_of else None,
            others=self.tasks,
        )
        return Entry(entered, by, happened_at, on_behalf_of, tuple(f"{e.path}: {e.message}" for e in found))

    def spoilt(self, task: TaskState, chance: Random) -> dict[str, Any]:
        """Returns an outcome wrong in one way: a field missing, unknown, of another kind, or much too long."""
        entered = self.any_entry(task, chance).outcome
        field = chance.choice(sorted(entered)) if entered else "result"
        match chance.randrange(4):
            case 0:
                schema = TASKS[task.kind].form.schema_for_people_and_programs()
                for name in schema.get("required", ()):
                    entered.pop(name, None)
            case 1:
                entered["colour"] = "red"
            case 2:
                entered[field] = {"not": ["of", "this", "kind"]}
            case _:
                entered[field] = "x" * 5000
        return entered

    def _answers(self, schema: Mapping[str, Any], chance: Random) -> dict[str, Any]:
        choices: dict[str, list[str]] = defaultdict(list)
        for answer in answers_of(schema):
            for field, value in answer.items():
                choices[field].append(value)
        required = schema.get("required", ())
        answers: dict[str, Any] = {
            field: chance.choice(values)
            for field, values in choices.items()
            if field in required or chance.random() < 0.5
        }
        for name, field in schema["properties"].items():
            if _is_instant(field) and (name in required or chance.random() < 0.3):
                answers[name] = (self.now + timedelta(hours=chance.choice((-2, 3, 30, 200)))).isoformat()
        if "costs" in schema["properties"] and chance.random() < 0.6:
            answers["costs"] = [_cost(chance) for _ in range(chance.randint(1, 2))]
        if "amount" in schema["properties"] and chance.random() < 0.8:
            answers["amount"] = f"{self.case.customer_still_owes():.2f}"
        return answers

    def _party(self, task: TaskState, chance: Random) -> dict[str, str] | None:
        party = TASKS[task.kind].speaks_for
        if party is None or chance.random() < 0.2:
            return None
        return {"party": party, "name": "Li Lei", "evidence": "Telephone call, noted at once"}


def _cost(chance: Random) -> dict[str, str]:
    return {"kind": chance.choice(list(CostKind)), "text": "As on the list", "amount": chance.choice(_AMOUNTS)}


def _is_instant(field: Mapping[str, Any]) -> bool:
    return any(kind.get("format") == "date-time" for kind in field.get("anyOf", [field]))
