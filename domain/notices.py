"""Notices: what customers and colleagues are told by mail, and which event of a case has them told (X1, R7, T7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from pydantic import Field

from domain.documents.kinds import DocumentKind
from domain.events import EventKind
from domain.model import Frozen, Instant, Source
from domain.tasks.form import Choice


class Audience(StrEnum):
    """Whom a notice is for."""

    CUSTOMER = "customer"
    HOLDER = "holder"
    """Whoever holds a task, or the whole role it is offered to."""
    SUPERIOR = "superior"
    """The role that is told of a missed deadline."""
    PANEL = "panel"
    ROLES = "roles"
    """The roles that a plan names."""


class NoticeKind(Choice):
    """What a notice says."""

    RECEIVED = "received", "Request received"
    APPOINTMENT = "appointment", "Appointment"
    RETURN_INSTRUCTIONS = "return_instructions", "How to send the item in"
    ITEM_RECEIVED = "item_received", "Item received"
    PROGRESS = "progress", "How the repair goes"
    DATE_PROMISED = "date_promised", "Promised date"
    SOLUTION = "solution", "Solution"
    QUOTATION = "quotation", "Plan and costs to confirm"
    CLOSED = "closed", "Case closed"
    REMINDER = "reminder", "Deadline coming near"
    MISSED = "missed", "Missed deadline"
    SPECIAL_CASE = "special_case", "Special case to decide"
    REPORT = "report", "Report of a period"


AUDIENCES: Mapping[NoticeKind, Audience] = {
    NoticeKind.REMINDER: Audience.HOLDER,
    NoticeKind.MISSED: Audience.SUPERIOR,
    NoticeKind.SPECIAL_CASE: Audience.PANEL,
    NoticeKind.REPORT: Audience.ROLES,
}
"""Whom each notice is for; the others are for the customer."""


class NoticeRule(Frozen):
    """How a plan has a notice sent."""

    call: bool = False
    """A customer without an address, or whose address refuses mail, is called instead."""
    source: Source = "house"


class NoticeOrder(Frozen):
    """One notice to send. `notice_id` is the same however often it is tried; instants are UTC."""

    notice_id: str
    kind: NoticeKind
    audience: Audience
    call: bool = False
    case_id: str
    """What it is about: a case, or a report (`R-…`)."""
    number: str
    """The work order, or the case id before there is one."""
    company: str
    plan: str = ""
    """Whose own words are used where it has some."""
    language: str
    """Of the customer; colleagues read their own."""
    time_zone: str
    to: str | None = None
    """The customer's address."""
    name: str = ""
    """Who the customer is asked for by."""
    roles: tuple[str, ...] = ()
    user: str | None = None
    """Sign-in name of the one colleague it is for; else it is for all of the roles."""
    texts: dict[str, str] = Field(default_factory=dict)
    instants: dict[str, Instant] = Field(default_factory=dict)
    amounts: dict[str, str] = Field(default_factory=dict)
    """Decimal amounts in the plan's currency."""
    currency: str = "EUR"
    files: tuple[str, ...] = ()
    """Identifiers of stored files that go along."""
    ordered_at: Instant


class NoticeEnd(Frozen):
    """What became of a notice: to how many addresses it went."""

    notice_id: str
    sent: int = 0
    reason: str | None = None
    """Why it could not be sent."""


class Undeliverable(Frozen):
    """A notice that is given up, and why."""

    order: NoticeOrder
    reason: str = Field(max_length=1000)


_WHEN_DONE: Mapping[str, NoticeKind] = {
    "return_instructions": NoticeKind.RETURN_INSTRUCTIONS,
    "receive_item": NoticeKind.ITEM_RECEIVED,
    "factory_receipt": NoticeKind.ITEM_RECEIVED,
    "progress_update": NoticeKind.PROGRESS,
    "email_solution": NoticeKind.SOLUTION,
}
_WHEN: Mapping[EventKind, NoticeKind] = {
    EventKind.OPENED: NoticeKind.RECEIVED,
    EventKind.DATE_PROMISED: NoticeKind.DATE_PROMISED,
    EventKind.REMINDED: NoticeKind.REMINDER,
    EventKind.BREACHED: NoticeKind.MISSED,
    EventKind.SPECIAL_CASE_OPENED: NoticeKind.SPECIAL_CASE,
}
_ARRIVED = {None, "received"}


def notices_of(
    event: EventKind, task: str | None, data: Mapping[str, Any], *, language: str, owes: bool
) -> Iterator[NoticeKind]:
    """Yields the notices that an event gives rise to. `task` is the kind of the task the event is about.

    Where the customer `owes` something, what they are asked to agree to is mailed with the quotation, in their
    `language`, as soon as it is made; else when they are asked (X9).
    """
    if kind := _WHEN.get(event):
        yield kind
    outcome = data.get("outcome") or {}
    done = _WHEN_DONE.get(task or "") if event is EventKind.COMPLETED else None
    if done and (done is not NoticeKind.ITEM_RECEIVED or outcome.get("result") in _ARRIVED):
        yield done
    agreed = event is EventKind.COMPLETED and outcome.get("appointment")
    if agreed or (event is EventKind.RESCHEDULED and data.get("appointment")):
        yield NoticeKind.APPOINTMENT
    if _is_quoted(event, data, language) if owes else _is_asked(event, task, data):
        yield NoticeKind.QUOTATION


def _is_asked(event: EventKind, task: str | None, data: Mapping[str, Any]) -> bool:
    return event is EventKind.OFFERED and task == "confirm_plan" and "~" not in str(data.get("activity_id"))


def _is_quoted(event: EventKind, data: Mapping[str, Any], language: str) -> bool:
    """True of a quotation that was made by its step, once for all languages it is in, or could not be made."""
    again = event is EventKind.DOCUMENT_ISSUED and data.get("reason")
    if data.get("kind") != DocumentKind.QUOTATION or again:
        return False  # who has a paper made again, with a reason, decides what becomes of it
    if event is EventKind.DOCUMENT_ISSUED:
        return str(data.get("language")).partition("-")[0] == language.partition("-")[0]
    return event is EventKind.DOCUMENT_FAILED


__all__ = [
    "AUDIENCES",
    "Audience",
    "NoticeEnd",
    "NoticeKind",
    "NoticeOrder",
    "NoticeRule",
    "Undeliverable",
    "notices_of",
]
