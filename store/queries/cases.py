"""Lists of cases, and one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Select, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import undefer

from domain.case import CaseState, CaseStatus
from domain.plan import Stage
from store.case_words import Asked, asked_of
from store.queries.found import found_entries
from store.queries.paging import BadCursor, Page, from_cursor, page_of, size
from store.queries.summaries import CaseSummary, TaskView, summary_of
from store.queries.tasks import tasks_of
from store.tables import CaseEntryRow, CaseRow

_LIST, _FOUND = "cases", "found cases"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class CaseView:
    """All that is known of a case, events apart. `tasks` are in the order they came up."""

    summary: CaseSummary
    state: CaseState
    revision: int
    tasks: tuple[TaskView, ...]

    @property
    def open_tasks(self) -> tuple[TaskView, ...]:
        """What still waits to be done, paused tasks included."""
        return tuple(view for view in self.tasks if view.is_open)


@dataclass(frozen=True)
class Linked:
    """The case this one was reopened from, and those reopened from it (X6)."""

    reopened_from: CaseSummary | None
    reopened_into: tuple[CaseSummary, ...]


async def list_cases(
    session: AsyncSession,
    *,
    stage: Stage | None = None,
    plan: str | None = None,
    status: CaseStatus | None = None,
    q: str | None = None,
    overdue: bool | None = None,
    now: datetime | None = None,
    special: bool | None = None,
    region: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[CaseSummary]:
    """Returns cases, newest first. `q` finds those in which each of its words occurs: numbers, names, serials, the

    telephone in any spelling, the problem.

    `overdue` needs `now` (virtual UTC), ValueError otherwise. Raises BadCursor.
    """
    limit = size(limit)
    query = select(CaseRow)
    if stage is not None:
        query = query.where(CaseRow.stage == Stage(stage).value)
    if plan is not None:
        query = query.where(CaseRow.plan == plan)
    if status is not None:
        query = query.where(CaseRow.status == CaseStatus(status).value)
    if special is not None:
        query = query.where(CaseRow.special_case_open.is_(special))
    if region is not None:
        query = query.where(CaseRow.region == region)
    if overdue is not None:
        if now is None:
            raise ValueError("whether a case is overdue depends on the time: give `now`")
        late = CaseRow.late_from <= now
        query = query.where(late if overdue else or_(CaseRow.late_from.is_(None), CaseRow.late_from > now))
    if (asked := asked_of(q or "")) is not None:
        return await _found(session, query, asked, cursor, limit)
    query = query.order_by(CaseRow.opened_at.desc(), CaseRow.case_id.desc()).limit(limit + 1)
    if cursor:
        query = query.where(tuple_(CaseRow.opened_at, CaseRow.case_id) < tuple_(*_behind(cursor)))
    rows = (await session.execute(query)).scalars().all()
    places = [((row.opened_at - _EPOCH) // timedelta(microseconds=1), row.case_id) for row in rows]
    return page_of([summary_of(row) for row in rows], limit, _LIST, places)


async def _found(
    session: AsyncSession, query: Select[CaseRow], asked: Sequence[Asked], cursor: str | None, limit: int
) -> Page[CaseSummary]:
    before = from_cursor(_FOUND, cursor)[0] if cursor else None
    if not asked:
        return Page(())
    found = found_entries(session, asked, before=before)
    wanted = (
        query.add_columns(CaseEntryRow.entry_id)
        .join(CaseEntryRow, CaseEntryRow.case_id == CaseRow.case_id)
        .join(found, found.c.entry_id == CaseEntryRow.entry_id)
        .order_by(found.c.entry_id.desc())
        .limit(limit + 1)
    )
    rows = (await session.execute(wanted)).all()
    return page_of([summary_of(row[0]) for row in rows], limit, _FOUND, [(row.entry_id, "") for row in rows])


async def find_case(session: AsyncSession, case_id: str) -> CaseView | None:
    """Returns one case with its tasks, or None."""
    query = select(CaseRow).where(CaseRow.case_id == case_id).options(undefer(CaseRow.state))
    row = (await session.execute(query)).scalar_one_or_none()
    if row is None:
        return None
    state = CaseState.model_validate(row.state)
    return CaseView(summary_of(row), state, row.revision, await tasks_of(session, case_id))


async def case_exists(session: AsyncSession, case_id: str) -> bool:
    """True when the read side knows the case."""
    return (await session.execute(select(CaseRow.case_id).where(CaseRow.case_id == case_id))).scalar() is not None


async def linked_cases(session: AsyncSession, case_id: str, reopened_from: str | None) -> Linked:
    """Returns the cases that a case is linked with by reopening, the later ones in order."""
    before = await session.get(CaseRow, reopened_from) if reopened_from else None
    later = select(CaseRow).where(CaseRow.reopened_from == case_id).order_by(CaseRow.opened_at, CaseRow.case_id)
    after = (await session.execute(later)).scalars()
    return Linked(summary_of(before) if before else None, tuple(map(summary_of, after)))


def _behind(cursor: str) -> tuple[datetime, str]:
    microseconds, case_id = from_cursor(_LIST, cursor)
    try:
        return _EPOCH + timedelta(microseconds=microseconds), case_id
    except OverflowError:
        raise BadCursor from None


__all__ = ["CaseSummary", "CaseView", "Linked", "case_exists", "find_case", "linked_cases", "list_cases"]
