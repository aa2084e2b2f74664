"""What is shown of a task that has ended: who did it and when, and what was entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation

from api.pages import words
from api.pages.fields import Field, Kind
from api.pages.languages import _
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
        text = _("The case went on without this task.")
        if task.ended_at:
            when = day_and_time(task.ended_at, zone, now)
            text = _("The case went on without this task since %(when)s.", when=when)
        return Ended(_("Not needed any more"), text)
    done = task.done
    by = f"{words.who(done.by, plan)}, {day_and_time(done.happened_at, zone, now)}"
    told = [f"{by}.", _("The promise was kept.") if done.kept else _("The deadline had passed.")]
    if done.late_entry:
        told.append(_("It was entered later than it happened."))
    if behalf := done.on_behalf_of:
        who = _("the customer") if behalf.party == "customer" else _("the factory")
        told.append(_("Entered on behalf of %(party)s, %(name)s.", party=who, name=behalf.name))
    return Ended(_("Done"), " ".join(told), answers_of(task.outcome or {}, fields, case, now), by)


def answers_of(
    outcome: Mapping[str, object], fields: Iterable[Field], case: CaseState, now: datetime
) -> tuple[tuple[str, str], ...]:
    """What was answered, by the titles of the fields; `outcome` has the values by the last part of a field's name."""
    known = {one.name.rpartition(".")[2]: one for one in fields}
    answers = ((one.title, _answer(one, outcome[name], case, now)) for name, one in known.items() if name in outcome)
    return tuple((title, told) for title, told in answers if told)


def _answer(field: Field, value: object, case: CaseState, now: datetime) -> str:
    told = str(value)
    match field.kind:
        case Kind.CHOICE | Kind.PICK:
            told = next((option.title for option in field.options if option.value == value), told)
        case Kind.INSTANT:
            try:
                told = day_and_time(datetime.fromisoformat(told), case.time_zone, now)
            except ValueError:
                return told
        case Kind.AMOUNT:
            told = _amount(value, case.currency)
        case Kind.FILES | Kind.LINES | Kind.ROWS if not isinstance(value, list):
            told = ""
        case Kind.FILES if isinstance(value, list):
            told = _("%(num)s uploaded", num=len(value)) if value else ""
        case Kind.LINES if isinstance(value, list):
            told = "\n".join(map(str, value))
        case Kind.ROWS if isinstance(value, list):
            told = "\n".join(_row(field, row, case.currency) for row in value)
    return told


def _row(field: Field, row: object, currency: str) -> str:
    """One line of a table, in the order of its columns: choices by their titles, amounts with their currency."""
    if not isinstance(row, dict):
        return str(row)
    told = []
    for column in field.columns:
        value = row.get(column.name.rpartition(".")[2])
        if value is None:
            continue
        titles = {option.value: option.title for option in column.options}
        told.append(_amount(value, currency) if column.kind is Kind.AMOUNT else titles.get(str(value), str(value)))
    return " · ".join(told)


def _amount(value: object, currency: str) -> str:
    try:
        return words.money(Decimal(str(value)), currency)
    except InvalidOperation:
        return str(value)
