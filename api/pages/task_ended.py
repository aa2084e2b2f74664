"""What is shown of a task that has ended: who did it and when, and what was entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from api.pages import words
from api.pages.fields import Field, Kind
from api.pages.times import day_and_time
from domain.case import CaseState
from domain.plan import Plan
from store.queries.tasks import TaskView


@dataclass(frozen=True)
class Ended:
    """How a task ended: a heading, a sentence, and the answers by their titles."""

    title: str
    text: str
    answers: tuple[tuple[str, str], ...] = ()
    by: str = ""
    """Who did it and when, empty for a task that nobody did."""


def ended_view(
    view: TaskView, fields: Iterable[Field], plan: Plan | None, case: CaseState, now: datetime
) -> Ended | None:
    """How a task ended; None while it is open."""
    task = view.task
    if task.is_open:
        return None
    zone = case.time_zone
    if task.done is None:
        when = f" since {day_and_time(task.ended_at, zone, now)}" if task.ended_at else ""
        return Ended("Not needed any more", f"The case went on without this task{when}.")
    done = task.done
    by = f"{words.who(done.by, plan)}, {day_and_time(done.happened_at, zone, now)}"
    text = by
    text += ". The promise was kept" if done.kept else ". The deadline had passed"
    text += ", though it was entered late." if done.late_entry else "."
    if done.on_behalf_of:
        text += f" Entered on behalf of the {done.on_behalf_of.party}, {done.on_behalf_of.name}."
    return Ended("Done", text, answers_of(task.outcome or {}, fields, case, now), by)


def answers_of(
    outcome: Mapping[str, object], fields: Iterable[Field], case: CaseState, now: datetime
) -> tuple[tuple[str, str], ...]:
    """What was answered, by the titles of the fields; `outcome` has the values by the last part of a field's name."""
    known = {one.name.rpartition(".")[2]: one for one in fields}
    answers = ((one.title, _answer(one, outcome[name], case, now)) for name, one in known.items() if name in outcome)
    return tuple((title, told) for title, told in answers if told)


def _answer(field: Field, value: object, case: CaseState, now: datetime) -> str:
    match field.kind:
        case Kind.CHOICE | Kind.PICK:
            return next((option.title for option in field.options if option.value == value), str(value))
        case Kind.INSTANT:
            try:
                return day_and_time(datetime.fromisoformat(str(value)), case.time_zone, now)
            except ValueError:
                return str(value)
        case Kind.FILES:
            return f"{len(value)} uploaded" if isinstance(value, list) and value else ""
        case Kind.ROWS:
            return "\n".join(_cost(row, case.currency) for row in value) if isinstance(value, list) else ""
        case _:
            return str(value)


def _cost(row: object, currency: str) -> str:
    if not isinstance(row, dict):
        return str(row)
    try:
        amount = words.money(Decimal(str(row.get("amount"))), currency)
    except InvalidOperation:
        amount = str(row.get("amount"))
    return f"{row.get('text')}: {amount}"
