"""The record of a case: numbered events, each chained to the one before by a hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from pydantic import Field

from domain.model import Frozen, Instant


class EventKind(StrEnum):
    """What can happen to a case."""

    OPENED = "opened"
    STAGE_ENTERED = "stage_entered"
    WORK_ORDER_ISSUED = "work_order_issued"
    PROMISED = "promised"
    OFFERED = "offered"
    REMINDED = "reminded"
    BREACHED = "breached"
    ATTEMPTED = "attempted"
    COMPLETED = "completed"
    OUTCOME_REFUSED = "outcome_refused"
    SUSPENDED = "suspended"
    OBSOLETE = "obsolete"
    REASSIGNED = "reassigned"
    RESCHEDULED = "rescheduled"
    DATE_PROMISED = "date_promised"
    PROMISE_ENDED = "promise_ended"
    SKIPPED = "skipped"
    RECALCULATED = "recalculated"
    INFORMATION_ADDED = "information_added"
    CASE_PAUSED = "case_paused"
    CASE_RESUMED = "case_resumed"
    SPECIAL_CASE_OPENED = "special_case_opened"
    DECIDED = "decided"
    COSTS_ENTERED = "costs_entered"
    CONSENTED = "consented"
    SHIPMENT = "shipment"
    DOCUMENT_ISSUED = "document_issued"
    DOCUMENT_FAILED = "document_failed"
    INVOICE_RECORDED = "invoice_recorded"
    PAID = "paid"
    NOTICE_ORDERED = "notice_ordered"
    NOTICE_UNDELIVERED = "notice_undelivered"
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"
    MESSAGE_REFUSED = "message_refused"
    CLOSED = "closed"


class Actor(Frozen):
    """Who did something: sign-in name, name for people, and the role they acted in.

    `acting_for` is set when someone with the right to administer acts in a role that is not their own; `ground` says
    why someone else may act in it: as a substitute of an absent person, as a deputy.
    """

    user: str
    name: str
    role: str
    acting_for: str | None = None
    # left out when there is none: records made before it was known keep their hashes
    ground: str | None = Field(None, exclude_if=lambda ground: ground is None)


SYSTEM = Actor(user="system", name="Aftercare", role="system")


CUSTOMER = "@customer"
"""Who acts when a customer does so on their own page: no sign-in name is like it."""


def customer(name: str) -> Actor:
    """Returns the customer as the one who acts, by the name they gave."""
    return Actor(user=CUSTOMER, name=name, role="customer")


class Event(Frozen):
    """One entry of the record. `no` counts from 1 in its case; `data` holds plain JSON values."""

    no: int
    at: Instant
    kind: EventKind
    actor: Actor
    task: str | None
    data: dict[str, Any]
    previous: str
    hash: str


FIRST = "0" * 64
"""What the first event of a case is chained to."""


def event_hash(previous: str, content: Mapping[str, Any]) -> str:
    """Returns the SHA-256 of an event's content (canonical JSON without both hashes) chained to `previous`."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def chained(
    previous: Event | None, at: Instant, kind: EventKind, actor: Actor, task: str | None, data: dict[str, Any]
) -> Event:
    """Returns the next event of a case, numbered and chained to the one before."""
    no = previous.no + 1 if previous else 1
    link = previous.hash if previous else FIRST
    loose = Event.model_construct(no=no, at=at, kind=kind, actor=actor, task=task, data=data, previous=link, hash="")
    return loose.model_copy(update={"hash": event_hash(link, _content(loose))})


def _content(event: Event) -> dict[str, Any]:
    return event.model_dump(mode="json", exclude={"previous", "hash"})


def first_break(events: Iterable[Event]) -> int | None:
    """Returns the number of the first event that does not fit the chain, or None when the record is whole."""
    previous, number = FIRST, 1
    for event in events:
        if event.no != number or event.previous != previous or event.hash != event_hash(previous, _content(event)):
            return number
        previous, number = event.hash, number + 1
    return None
