"""What the dispatch board shows: appointments and work by day, what nobody serves yet, and how much everybody holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.projected_rows import UNDATED, microseconds
from store.queries.pieces import OF_A_CASE, Piece, appointment, piece, ranked_open, tasks_as_pieces
from store.queries.tasks import is_open
from store.tables import CaseRow, SubmissionRow, TaskRow

MOST_VISITS, MOST_DUE = 120, 80
"""What one week shows at most of the people asked for, of visits and of other work; beyond it a filter is needed."""
MOST_UNSERVED = 20
"""What lies in the tray at most: the most urgent."""
_LONGEST_WINDOW = timedelta(days=3)


@dataclass(frozen=True)
class Load:
    """How many open tasks somebody holds, and how many of them are late."""

    open: int = 0
    late: int = 0


async def visitors(
    session: AsyncSession, since: datetime, until: datetime, *, kinds: Collection[str], roles: Collection[str]
) -> frozenset[str]:
    """Returns who is agreed to be with a customer in a time, by sign-in name; arguments as for `visits`."""
    ahead = select(TaskRow.holder).distinct().where(*_ahead(since, until, kinds, roles))
    served = select(CaseRow.engineer).distinct().where(*_agreed(since, until))
    found = [*(await session.execute(ahead)).scalars(), *(await session.execute(served)).scalars()]
    return frozenset(one for one in found if one)


async def visits(
    session: AsyncSession,
    since: datetime,
    until: datetime,
    *,
    kinds: Collection[str],
    roles: Collection[str],
    holders: Collection[str],
) -> tuple[Piece, ...]:
    """Returns what these people agreed with customers for a time, in its order: visits ahead, late ones, those made.

    `kinds` are the tasks that have an appointment, `roles` those that go to customers.
    """
    theirs = _any_of(TaskRow.holder, holders)
    ahead = tasks_as_pieces(*_ahead(since, until, kinds, roles), theirs, limit=MOST_VISITS)
    found = [piece(row) for row in await session.execute(ahead)]
    waiting = {one.case_id for one in found}
    served = (
        select(*OF_A_CASE)
        .where(*_agreed(since, until), CaseRow.engineer.in_(sorted(holders)))
        .order_by(CaseRow.appointment)
        .limit(MOST_VISITS)
    )
    found += [appointment(row) for row in await session.execute(served) if row.case_id not in waiting]
    return tuple(sorted(found, key=lambda one: (one.begins or since, one.case_id)))


async def due_between(
    session: AsyncSession,
    since: datetime,
    until: datetime,
    *,
    roles: Collection[str],
    without: Collection[str],
    holders: Collection[str],
) -> tuple[Piece, ...]:
    """Returns the open tasks of these roles and people that are due in a time, kinds `without` left out."""
    query = tasks_as_pieces(
        is_open,
        TaskRow.rank.between(microseconds(since), microseconds(until) - 1),
        _any_of(TaskRow.role, roles),
        TaskRow.kind.not_in(sorted(without)),
        _any_of(TaskRow.holder, holders),
        limit=MOST_DUE,
    )
    return tuple(piece(row) for row in await session.execute(query))


async def unserved(
    session: AsyncSession,
    *,
    choosing: Collection[str],
    kinds: Collection[str],
    roles: Collection[str],
    role: str,
    limit: int = MOST_UNSERVED,
) -> tuple[Piece, ...]:
    """Returns the work that nobody serves yet, the most urgent first.

    That is where somebody is to be chosen (tasks of the kinds `choosing`, whoever holds them), and what is offered to a
    whole role: the tasks of `role`, and visits (`kinds`) of `roles`. What was just sent in is left out.
    """
    nobody = TaskRow.holder.is_(None)
    offered = and_(or_(and_(_any_of(TaskRow.kind, kinds), _any_of(TaskRow.role, roles)), TaskRow.role == role), nobody)
    waiting = or_(_any_of(TaskRow.kind, choosing), offered)
    query = tasks_as_pieces(waiting, ranked_open, limit=2 * limit).where(~_sent_in())  # few were just sent in
    return tuple(piece(row) for row in await session.execute(query.limit(limit)))


async def loads(session: AsyncSession, now: datetime, holders: Collection[str]) -> dict[str, Load]:
    """Returns how much each of these people holds at `now` (virtual UTC), by sign-in name, 0 left out."""
    late = func.count().filter(TaskRow.late_from <= now)
    held = (TaskRow.holder.in_(sorted(holders)), TaskRow.rank <= UNDATED)  # open by its rank alone: the index has that
    query = select(TaskRow.holder, func.count(), late).where(*held).group_by(TaskRow.holder)
    return {str(user): Load(number, missed) for user, number, missed in await session.execute(query)}


def _ahead(
    since: datetime, until: datetime, kinds: Collection[str], roles: Collection[str]
) -> tuple[ColumnElement[bool], ...]:
    rank = TaskRow.rank.between(microseconds(since), microseconds(until + _LONGEST_WINDOW))
    return is_open, rank, _any_of(TaskRow.kind, kinds), _any_of(TaskRow.role, roles)


def _agreed(since: datetime, until: datetime) -> tuple[ColumnElement[bool], ...]:
    return CaseRow.appointment >= since, CaseRow.appointment < until, CaseRow.engineer.is_not(None)


def _any_of(column: Any, names: Collection[str]) -> ColumnElement[bool]:
    """One of these, asked so that SQLite reads the index of open tasks, which holds all that is narrowed by.

    By an index of the column alone it would look into the wide row of every task that somebody ever held.
    """
    return func.coalesce(column, "").in_(sorted(names))


def _sent_in() -> ColumnElement[bool]:
    return exists().where(
        SubmissionRow.task_id == TaskRow.task_id,
        SubmissionRow.activity_id == TaskRow.activity_id,
        SubmissionRow.run_id == CaseRow.run_id,
    )
