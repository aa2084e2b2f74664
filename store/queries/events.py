"""The record of a case, and the promises in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Gone
from domain.clocks import Deadline, Instant
from domain.events import Actor, Event, EventKind
from domain.record.erased import is_erased
from store.queries.paging import BadCursor, Page, from_cursor, page_of, size
from store.tables import EventRow

_LIST = "events"
_INSTANT: TypeAdapter[datetime | None] = TypeAdapter(Instant | None)
_MOST_EVENTS = 1_000_000


@dataclass(frozen=True)
class Promise:
    """A deadline as it was promised: for which offer of which task, how it was reached, and what it replaced.

    `no` and `at` are of the event that records it; `source` is the clause of the budget, or `house`; `remind_at` is
    when the reminder comes; `replaces` is the earlier deadline, where a hold, an attempt, a new appointment or a
    published calendar moved it.
    """

    no: int
    at: datetime
    task: str
    activity_id: str | None
    level: int
    source: str
    deadline: Deadline
    replaces: datetime | None
    remind_at: datetime | None


async def list_events(
    session: AsyncSession, case_id: str, *, cursor: str | None = None, limit: int = 100
) -> Page[Event]:
    """Returns the record of a case in order; of an erased one the chain without content. Raises BadCursor."""
    limit = size(limit)
    query = _events(case_id).limit(limit + 1)
    if cursor:
        number, _ = from_cursor(_LIST, cursor)
        if not 0 < number < _MOST_EVENTS:
            raise BadCursor
        query = query.where(EventRow.no > number)
    events = [_event(row) for row in (await session.execute(query)).scalars()]
    return page_of(events, limit, _LIST, [(event.no, case_id) for event in events])


async def all_events(session: AsyncSession, case_id: str) -> tuple[Event, ...]:
    """Returns the whole record of a case in order, to be read. Raises Gone when its content was erased."""
    return tuple(_told(row) for row in (await session.execute(_events(case_id))).scalars())


async def chained_events(session: AsyncSession, case_id: str) -> tuple[Event, ...]:
    """Returns the whole record of a case in order, to be audited: of an erased one the chain without content."""
    return tuple(_event(row) for row in (await session.execute(_events(case_id))).scalars())


async def last_reassignment(session: AsyncSession, case_id: str, task: str) -> Event | None:
    """Returns the entry of the record by which a task was given to somebody else last, or None."""
    moved = _events(case_id).where(EventRow.kind == EventKind.REASSIGNED.value, EventRow.task == task)
    row = (await session.execute(moved.order_by(None).order_by(EventRow.no.desc()).limit(1))).scalar_one_or_none()
    return _event(row) if row is not None else None


async def promises(session: AsyncSession, case_id: str) -> tuple[Promise, ...]:
    """Returns every deadline that a case promised, in order; the last one of a task holds.

    Raises pydantic's ValidationError for a promise that this version cannot read, Gone when the case was erased.
    """
    query = _events(case_id).where(EventRow.kind == EventKind.PROMISED.value)
    return promises_in(_told(row) for row in (await session.execute(query)).scalars())


def promises_in(events: Iterable[Event]) -> tuple[Promise, ...]:
    """Returns the deadlines promised in a record, in order.

    Raises pydantic's ValidationError for a promise that this version cannot read.
    """
    return tuple(_promise(event) for event in events if event.kind is EventKind.PROMISED)


def _events(case_id: str) -> Select[EventRow]:
    return select(EventRow).where(EventRow.case_id == case_id).order_by(EventRow.no)


def _told(row: EventRow) -> Event:
    if is_erased(row.data):
        raise Gone(f"{row.case_id} was erased: what is left of it is its number, its days and the chain of its record")
    return _event(row)


def _event(row: EventRow) -> Event:
    return Event(
        no=row.no,
        at=row.at,
        kind=EventKind(row.kind),
        actor=Actor.model_validate(row.actor),
        task=row.task,
        data=row.data,
        digest=row.digest,
        previous=row.previous,
        hash=row.hash,
    )


def _promise(event: Event) -> Promise:
    return Promise(
        no=event.no,
        at=event.at,
        task=event.task or "",
        activity_id=event.data.get("activity_id"),
        level=int(event.data.get("level") or 0),
        source=str(event.data.get("source") or "house"),
        deadline=Deadline.model_validate(event.data["deadline"]),
        replaces=_INSTANT.validate_python(event.data.get("replaces")),
        remind_at=_INSTANT.validate_python(event.data.get("remind_at")),
    )
