"""The record of a case: numbered events, each chained to the one before by a hash."""

from __future__ import annotations

import hashlib
import hmac
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


class Link(Frozen):
    """What stays of an entry when its content is erased: enough to see that nothing was taken out or put in between.

    `digest` stands for the content; see `digest_of`.
    """

    no: int
    at: Instant
    kind: EventKind
    task: str | None
    digest: str
    previous: str
    hash: str


class Event(Link):
    """One entry of the record. `no` counts from 1 in its case; `data` holds plain JSON values."""

    actor: Actor
    data: dict[str, Any]

    def link(self) -> Link:
        """Returns the entry without its content."""
        return Link.model_validate({name: getattr(self, name) for name in Link.model_fields})


FIRST = "0" * 64
"""What the first event of a case is chained to."""


def digest_of(content: Mapping[str, Any], salt: str) -> str:
    """Returns the HMAC-SHA256 of an entry's content, canonical JSON, under the salt of its case.

    The salt is as secret as the content and is erased with it: without it nobody can find a name or a telephone number
    by trying all of them against the digest that stays in the chain.
    """
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(salt.encode(), canonical.encode(), hashlib.sha256).hexdigest()


def link_hash(previous: str, no: int, digest: str) -> str:
    """Returns what chains an entry to the one before: SHA-256 of that one's hash, the number and the digest."""
    return hashlib.sha256(f"{previous}\n{no}\n{digest}".encode()).hexdigest()


def chained(
    previous: Event | None,
    at: Instant,
    kind: EventKind,
    actor: Actor,
    task: str | None,
    data: dict[str, Any],
    *,
    salt: str = "",
) -> Event:
    """Returns the next event of a record, numbered and chained to the one before under the record's salt."""
    no = previous.no + 1 if previous else 1
    before = previous.hash if previous else FIRST
    loose = Event.model_construct(
        no=no, at=at, kind=kind, actor=actor, task=task, data=data, digest="", previous=before, hash=""
    )
    digest = digest_of(content_of(loose), salt)
    return loose.model_copy(update={"digest": digest, "hash": link_hash(before, no, digest)})


def content_of(event: Event) -> dict[str, Any]:
    """Returns what the digest of an entry is of: all but the chain, as plain JSON values."""
    return event.model_dump(mode="json", exclude={"digest", "previous", "hash"})


def first_unlinked(links: Iterable[Link]) -> int | None:
    """Returns the number of the first entry that is not chained to the one before, or None; needs no content."""
    previous, number = FIRST, 1
    for link in links:
        if link.no != number or link.previous != previous or link.hash != link_hash(previous, number, link.digest):
            return number
        previous, number = link.hash, number + 1
    return None


def first_break(events: Iterable[Event], salt: str = "") -> int | None:
    """Returns the number of the first event whose content or place does not fit the chain, or None when all do."""
    for event in (events := tuple(events)):
        if event.digest != digest_of(content_of(event), salt):
            unlinked = first_unlinked(events)
            return event.no if unlinked is None else min(event.no, unlinked)
    return first_unlinked(events)
