"""Which entries of a timeline somebody wants to see: what people did, deadlines, papers and money, or all."""

from __future__ import annotations

from enum import StrEnum

from domain.events import SYSTEM, Event, EventKind


class Shown(StrEnum):
    """Which entries of a timeline are shown."""

    ALL = "all"
    PEOPLE = "people"
    DEADLINES = "deadlines"
    PAPERS = "papers"


_DEADLINES = frozenset(
    {
        EventKind.PROMISED, EventKind.REMINDED, EventKind.BREACHED, EventKind.SUSPENDED, EventKind.CASE_PAUSED,
        EventKind.CASE_RESUMED, EventKind.RESCHEDULED, EventKind.DATE_PROMISED, EventKind.PROMISE_ENDED,
        EventKind.RECALCULATED,
    }
)  # fmt: skip
_PAPERS = frozenset(
    {
        EventKind.WORK_ORDER_ISSUED, EventKind.DOCUMENT_ISSUED, EventKind.DOCUMENT_FAILED, EventKind.SHIPMENT,
        EventKind.COSTS_ENTERED, EventKind.CONSENTED, EventKind.INVOICE_RECORDED, EventKind.PAID,
        EventKind.NOTICE_ORDERED, EventKind.NOTICE_UNDELIVERED,
    }
)  # fmt: skip


def groups_of(event: Event) -> frozenset[Shown]:
    """Returns the groups that an event of the record is shown in."""
    found = {Shown.ALL}
    if event.actor.role != SYSTEM.role:
        found.add(Shown.PEOPLE)
    if event.kind in _DEADLINES or "kept" in event.data:
        found.add(Shown.DEADLINES)
    if event.kind in _PAPERS:
        found.add(Shown.PAPERS)
    return frozenset(found)
