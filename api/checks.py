"""Checks that need more than the value itself: the clock, the plan, who signs. Each returns what is wrong by field."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from api.rights import Person
from core.errors import Forbidden
from domain.case import Application, OnBehalfOf
from domain.case.checks import outcome_problems
from domain.events import Actor
from domain.plan import Plan
from domain.tasks import FieldError, Form, UserTask
from store.queries.cases import CaseView
from store.queries.tasks import TaskView

FARTHEST = timedelta(days=400)
"""How far from now a date that steers clocks may lie: beyond it is a slip of the keyboard, and clocks have an end."""
_SIGNING = ("signed_by", "given_by", "refused_by")


def application_problems(application: Application, plan: Plan, now: datetime) -> list[FieldError]:
    """What is wrong with a request for service beyond its form: its channel, and dates in the future."""
    found: list[FieldError] = []
    if application.channel not in plan.channels:
        found.append(FieldError(path="channel", message=f"is none of the plan's channels: {', '.join(plan.channels)}"))
    if application.subject is not None and application.subject not in plan.subjects:
        offered = ", ".join(plan.subjects)
        message = f"is none of the plan's subjects: {offered}" if offered else "this plan does not tell subjects apart"
        found.append(FieldError(path="subject", message=message))
    today = now.astimezone(ZoneInfo(plan.calendar.time_zone)).date()
    for name in ("purchase_date", "delivery_date"):
        day = getattr(application.product, name)
        if day is not None and day > today:
            found.append(FieldError(path=f"product.{name}", message=f"is in the future; today is {today}"))
    if application.received_at is not None:
        if application.received_at > now:
            found.append(FieldError(path="received_at", message="is in the future"))
        elif application.received_at < now - FARTHEST:
            found.append(FieldError(path="received_at", message=f"is more than {FARTHEST.days} days ago"))
    return found


def happened_problems(happened_at: datetime, applied_at: datetime, now: datetime) -> list[FieldError]:
    """What is wrong with the instant at which something is said to have happened (X8)."""
    if happened_at > now:
        return [FieldError(path="happened_at", message="is in the future")]
    if happened_at < applied_at:
        return [FieldError(path="happened_at", message="is before the request reached us")]
    return []


def until_problems(path: str, until: datetime, now: datetime) -> list[FieldError]:
    """What is wrong with an instant that must come: the end of a pause, a new appointment (X4)."""
    if until <= now:
        return [FieldError(path=path, message="is not in the future")]
    if until > now + FARTHEST:
        return [FieldError(path=path, message=f"is more than {FARTHEST.days} days ahead")]
    return []


def far_dates(form: Form, now: datetime) -> list[FieldError]:
    """Instants in an outcome that no appointment can have."""
    return [
        FieldError(path=name, message=f"is more than {FARTHEST.days} days from now")
        for name, value in form
        if isinstance(value, datetime) and abs(value - now) > FARTHEST
    ]


def signing_problems(task: UserTask[Any], form: Form, person: Person) -> Iterator[FieldError]:
    """Nobody but the customer signs as the customer: the name of whoever enters their word is not theirs."""
    if task.speaks_for is None or person.is_customer:
        return
    for name in _SIGNING:
        value = getattr(form, name, None)
        if value is not None and _is_person(value, person):
            yield FieldError(path=name, message=f"is your own name; nobody signs as the {task.speaks_for}")


def behalf_problems(on_behalf_of: OnBehalfOf | None, person: Person) -> Iterator[FieldError]:
    """Who enters for somebody else is not that somebody."""
    if on_behalf_of is not None and _is_person(on_behalf_of.name, person):
        yield FieldError(path="name", message=f"is your own name; name who spoke for the {on_behalf_of.party}")


def misfits(
    form: Form,
    view: TaskView,
    case: CaseView,
    plan: Plan,
    *,
    by: Actor,
    happened_at: datetime,
    on_behalf_of: OnBehalfOf | None,
) -> tuple[FieldError, ...]:
    """What of an outcome does not fit its case; the workflow would refuse it later.

    Raises Forbidden when somebody else has to do the task.
    """
    # who claimed a task is known here before the workflow knows
    others = [other.task.model_copy(update={"assignee": other.assignee}) for other in case.tasks]
    found = outcome_problems(
        form, view.task, case.state, plan, by=by, happened_at=happened_at, on_behalf_of=on_behalf_of, others=others
    )
    for one in found:
        if not one.path:
            raise Forbidden(one.message)
    return found


def _is_person(name: str, person: Person) -> bool:
    return _plain(name) in {_plain(person.name), _plain(person.user_id)}


def _plain(name: str) -> str:
    """A name without what tells equal names apart only to a machine: width, case, spaces and invisible signs."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(sign for sign in folded if unicodedata.category(sign) not in ("Cf", "Zs") and not sign.isspace())


def missing_attachments(named: Iterable[str], known: Iterable[str], path: str) -> list[FieldError]:
    """Identifiers of files that were never uploaded."""
    stored = set(known)
    return [
        FieldError(path=f"{path}.{place}", message="is not an uploaded file")
        for place, attachment in enumerate(named)
        if attachment not in stored
    ]
