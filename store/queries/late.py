"""What is late, by department and by who holds it; what waits for a decision, and what nobody has acknowledged."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from domain.tasks.special import ACKNOWLEDGE_BREACH, PANEL_WORD, SPECIAL_CASE
from store.projected_rows import UNDATED, microseconds
from store.queries.paging import Page, from_cursor, page_of, size
from store.queries.pieces import Piece, piece, ranked_open, tasks_as_pieces
from store.queries.tasks import TaskView, is_open, view_of, with_cases
from store.tables import TaskRow

DECISIONS = (SPECIAL_CASE.name, PANEL_WORD.name)
_ABOUT_OTHERS = (*DECISIONS, ACKNOWLEDGE_BREACH.name)
"""Tasks that are about the lateness of others: they are shown apart."""
_LIST = "late"
NOBODY = "-"
"""Stands for nobody in place of a sign-in name."""


@dataclass(frozen=True)
class LateGroup:
    """The late tasks of a role that one person holds, or nobody; `since` is when the earliest deadline was missed."""

    role: str
    holder: str | None
    number: int
    since: datetime
    level: int
    """The highest escalation level among them."""


async def late_groups(session: AsyncSession, now: datetime) -> tuple[LateGroup, ...]:
    """Returns what is late at `now` (virtual UTC) by role and holder, the longest first."""
    since = func.min(TaskRow.late_from)
    query = (
        select(TaskRow.role, TaskRow.holder, func.count(), since, func.max(TaskRow.escalation_level))
        .where(*_late(now))
        .group_by(TaskRow.role, TaskRow.holder)
    )
    rows: Any = await session.execute(query)
    found = [LateGroup(*row) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.since, one.role, one.holder or "")))


async def late_pieces(
    session: AsyncSession,
    now: datetime,
    *,
    role: str | None = None,
    holder: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Piece]:
    """Returns late tasks, the longest late first: of a role, of who holds them (`NOBODY`: nobody). Raises BadCursor."""
    limit = size(limit)
    conditions = [*_late(now)]
    if role is not None:
        conditions.append(TaskRow.role == role)
    if holder is not None:
        conditions.append(TaskRow.holder.is_(None) if holder == NOBODY else TaskRow.holder == holder)
    if cursor:
        conditions.append(tuple_(TaskRow.rank, TaskRow.task_id) > tuple_(*from_cursor(_LIST, cursor)))
    rows = [piece(row) for row in await session.execute(tasks_as_pieces(*conditions, limit=limit + 1))]
    return page_of(rows, limit, _LIST, [(one.rank, one.task_id or "") for one in rows])


async def decisions(
    session: AsyncSession, limit: int = 50, *, roles: Collection[str] | None = None
) -> tuple[TaskView, ...]:
    """Returns what is before panels: decisions and the words of members that they wait for, the most urgent first;

    with `roles` those that one of them is asked for.
    """
    return await _open(session, DECISIONS, limit, roles)


async def decisions_in_all(session: AsyncSession) -> int:
    """Returns how many cases are before their panel."""
    # open by their rank alone, and the case by the task's name: the index has both
    waiting = select(TaskRow.task_id).where(TaskRow.kind.in_(DECISIONS), TaskRow.rank <= UNDATED)
    return len({task_id.partition(".")[0] for task_id in (await session.execute(waiting)).scalars()})


async def acknowledgements(session: AsyncSession, role: str | None = None, limit: int = 50) -> tuple[TaskView, ...]:
    """Returns the missed deadlines that nobody has acknowledged, of one role or all, the most urgent first (X1)."""
    return await _open(session, (ACKNOWLEDGE_BREACH.name,), limit, None if role is None else (role,))


async def unacknowledged_by_role(session: AsyncSession) -> dict[str, int]:
    """Returns how many acknowledgements each role owes, the most first."""
    query = (
        select(TaskRow.role, func.count())
        .where(TaskRow.kind == ACKNOWLEDGE_BREACH.name, ranked_open)
        .group_by(TaskRow.role)
    )
    found = [(role, number) for role, number in await session.execute(query)]
    return dict(sorted(found, key=lambda pair: (-pair[1], pair[0])))


async def _open(
    session: AsyncSession, kinds: Collection[str], limit: int, roles: Collection[str] | None
) -> tuple[TaskView, ...]:
    # open by their rank alone, and found before they are looked at: several kinds would be sorted as whole rows
    conditions = [TaskRow.kind.in_(sorted(kinds)), TaskRow.rank <= UNDATED]
    if roles is not None:
        conditions.append(TaskRow.role.in_(sorted(roles)))
    order = (TaskRow.rank, TaskRow.task_id)
    place = select(*order).where(*conditions).order_by(*order).limit(limit).subquery("place")
    query = with_cases().join(place, place.c.task_id == TaskRow.task_id).order_by(place.c.rank, place.c.task_id)
    return tuple(view_of(row) for row in await session.execute(query))


def _late(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Late tasks rank up to now; a paused one may rank there too, and has no instant from which it is late."""
    return (TaskRow.rank <= microseconds(now), is_open, TaskRow.late_from <= now, TaskRow.kind.not_in(_ABOUT_OTHERS))
