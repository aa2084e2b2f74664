"""Used time: kept when a case closes, summed by procedure and promise, gone when the case is written anew as open."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from domain.case import CaseStatus, Projection
from domain.events import SYSTEM, Event, EventKind, chained
from domain.statistics import Party
from store.projection import write_projection
from store.queries.reports import plan_use
from store.queries.statistics import Period
from store.sessions import Database
from store.tables import UsedTimeRow
from tests.store.making import NOW, case


def _record(*, closed: bool) -> tuple[Event, ...]:
    told: list[Event] = []

    def note(minute: int, kind: EventKind, task: str | None = None, **data: object) -> None:
        last = told[-1] if told else None
        told.append(chained(last, NOW + timedelta(minutes=minute), kind, SYSTEM, task, dict(data)))

    note(0, EventKind.OPENED, application={})
    anchor = {"name": "application", "at": NOW.isoformat()}
    deadline = {"due_at": (NOW + timedelta(hours=12)).isoformat(), "request": {"anchor": anchor, "at": None}}
    note(0, EventKind.PROMISED, "contact_customer", level=0, deadline=deadline)
    note(0, EventKind.OFFERED, "contact_customer", role="customer_service")
    note(40, EventKind.COMPLETED, "contact_customer", happened_at=(NOW + timedelta(minutes=40)).isoformat(), kept=True)
    if closed:
        note(60, EventKind.CLOSED)
    return tuple(told)


async def _write(database: Database, run: str, *, closed: bool, events: tuple[Event, ...] | None = None) -> None:
    state = case()
    if closed:
        state.status, state.closed_at = CaseStatus.CLOSED, NOW + timedelta(minutes=60)
    told = _record(closed=closed) if events is None else events
    write = Projection(case=state, revision=1, whole=True, tasks=(), events=told)
    async with database.session() as session:
        await write_projection(session, run, NOW + timedelta(hours=int(run)), write)


async def test_a_closed_case_leaves_who_used_its_time_and_inside_which_promise(database: Database) -> None:
    await _write(database, "1", closed=True)
    async with database.reading() as session:
        whole, contact = await plan_use(session, Period())
        assert await plan_use(session, Period(plan="another")) == ()
    assert (whole.inside, whole.cases, whole.whole) == ("", 1, timedelta(minutes=60))
    assert [(one.party, one.role, one.spent) for one in whole.shares] == [
        (Party.CUSTOMER, "customer_service", timedelta(minutes=40)),
        (Party.US, "", timedelta(minutes=20)),
    ]
    assert (contact.inside, contact.whole) == ("contact_customer", timedelta(minutes=40))


async def test_an_open_case_leaves_nothing_nor_does_one_that_is_open_again_after_a_reset(database: Database) -> None:
    await _write(database, "1", closed=True)
    await _write(database, "2", closed=False)
    async with database.reading() as session:
        assert (await session.execute(select(func.count()).select_from(UsedTimeRow))).scalar() == 0


async def test_a_record_that_cannot_be_read_does_not_keep_the_case_from_being_written(database: Database) -> None:
    broken = chained(None, NOW, EventKind.OPENED, SYSTEM, None, {"application": {"received_at": "never"}})
    await _write(database, "1", closed=True, events=(broken,))
    async with database.reading() as session:
        assert await plan_use(session, Period()) == ()
