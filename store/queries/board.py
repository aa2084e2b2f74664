"""What the dispatch board shows: appointments and work by day, what nobody serves yet, and how much everybody holds."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.projected_rows import microseconds
from store.queries.pieces import OF_A_CASE, Piece, appointment, piece, ranked_open, tasks_as_pieces
from store.tables import CaseRow, SubmissionRow, TaskRow

MOST_PIECES = 400
"""What one week shows at most; beyond it a filter is needed."""
_LONGEST_WINDOW = timedelta(days=3)


@dataclass(frozen=True)
class Load:
    """How many open tasks somebody holds, and how many of them are late."""

    open: int = 0
    late: int = 0


async def visits(
    session: AsyncSession, since: datetime, until: datetime, *, kinds: Collection[str], roles: Collection[str]
) -> tuple[Piece, ...]:
    """Returns what is agreed with customers for a time, in its order: visits ahead and late ones, and those made.

    `kinds` are the tasks that have an appointment, `roles` those that go to customers.
    """
    ahead = tasks_as_pieces().where(
        TaskRow.kind.in_(sorted(kinds)),
        TaskRow.role.in_(sorted(roles)),
        TaskRow.rank.between(microseconds(since), microseconds(until + _LONGEST_WINDOW)),
    )
    found = [piece(row) for row in await session.execute(ahead.order_by(TaskRow.rank).limit(MOST_PIECES))]
    waiting = {one.case_id for one in found}
    served = (
        select(*OF_A_CASE)
        .where(CaseRow.appointment >= since, CaseRow.appointment < until, CaseRow.engineer.is_not(None))
        .order_by(CaseRow.appointment)
        .limit(MOST_PIECES)
    )
    found += [appointment(row) for row in await session.execute(served) if row.case_id not in waiting]
    return tuple(sorted(found, key=lambda one: (one.begins or since, one.case_id)))


async def due_between(
    session: AsyncSession, since: datetime, until: datetime, *, roles: Collection[str], without: Collection[str]
) -> tuple[Piece, ...]:
    """Returns the held open tasks of these roles that are due in a time, kinds `without` left out."""
    query = tasks_as_pieces().where(
        TaskRow.role.in_(sorted(roles)),
        TaskRow.rank.between(microseconds(since), microseconds(until) - 1),
        TaskRow.kind.not_in(sorted(without)),
        TaskRow.holder.is_not(None),
    )
    rows = await session.execute(query.order_by(TaskRow.rank, TaskRow.task_id).limit(MOST_PIECES))
    return tuple(piece(row) for row in rows)


async def unserved(
    session: AsyncSession,
    *,
    choosing: Collection[str],
    kinds: Collection[str],
    roles: Collection[str],
    role: str,
    limit: int = 100,
) -> tuple[Piece, ...]:
    """Returns the work that nobody serves yet, the most urgent first.

    That is where somebody is to be chosen (tasks of the kinds `choosing`, whoever holds them), and what is offered to a
    whole role: the tasks of `role`, and visits (`kinds`) of `roles`. What was just sent in is left out.
    """
    nobody = TaskRow.holder.is_(None)
    found: dict[str | None, Piece] = {}
    for conditions in (
        (TaskRow.kind.in_(sorted(choosing)),),
        (TaskRow.kind.in_(sorted(kinds)), TaskRow.role.in_(sorted(roles)), nobody),
        (TaskRow.role == role, nobody),
    ):
        query = tasks_as_pieces().where(*conditions, ranked_open, ~_sent_in()).order_by(TaskRow.rank, TaskRow.task_id)
        found |= {row.task_id: piece(row) for row in await session.execute(query.limit(limit))}
    return tuple(sorted(found.values(), key=lambda one: (one.rank, one.case_id)))[:limit]


async def loads(session: AsyncSession, now: datetime) -> dict[str, Load]:
    """Returns how much each person holds at `now` (virtual UTC), by sign-in name."""
    late = func.count().filter(TaskRow.late_from <= now)
    holder = func.coalesce(TaskRow.holder, "")  # grouped by the column, an index of all tasks would seem to be of use
    query = select(holder, func.count(), late).where(ranked_open).group_by(holder)
    return {user: Load(number, missed) for user, number, missed in await session.execute(query) if user}


def _sent_in() -> ColumnElement[bool]:
    return exists().where(
        SubmissionRow.task_id == TaskRow.task_id,
        SubmissionRow.activity_id == TaskRow.activity_id,
        SubmissionRow.run_id == CaseRow.run_id,
    )
