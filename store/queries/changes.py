"""What changed of the work lately: one look at an index, whoever wants to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import TaskStatus
from store.projected_rows import UNDATED, microseconds
from store.queries.worklist import NOBODY, Due, Held, Moment, Scope, Wanted, Worker
from store.tables import TaskRow

_MOST = 500
"""Changes of one look; a page that is far behind is loaded anew anyway."""


@dataclass(frozen=True)
class Change:
    """A task as it is since `at` (real UTC); `rank` is its place in lists by urgency."""

    task_id: str
    at: datetime
    role: str
    holder: str | None
    is_open: bool
    status: str
    plan: str
    stage: str
    region: str | None
    kind: str
    rank: int
    late_from: datetime | None


async def changes(session: AsyncSession, *, since: datetime) -> tuple[Change, ...]:
    """Returns the tasks that changed after an instant (real UTC), in order."""
    query = (
        select(
            TaskRow.task_id,
            TaskRow.changed_at.label("at"),
            TaskRow.role,
            TaskRow.holder,
            TaskRow.is_open,
            TaskRow.status,
            TaskRow.plan,
            TaskRow.stage,
            TaskRow.region,
            TaskRow.kind,
            TaskRow.rank,
            TaskRow.late_from,
        )
        .where(TaskRow.changed_at > since)
        .order_by(TaskRow.changed_at)
        .limit(_MOST)
    )
    rows: Any = await session.execute(query)
    return tuple(Change(*row) for row in rows)


def concerns(change: Change, worker: Worker, wanted: Wanted) -> bool:
    """True when a task can have been in such a list, now or before."""
    if wanted.scope is Scope.ALL:
        return True
    return change.role in worker.roles or change.holder in worker.people


def belongs(change: Change, worker: Worker, wanted: Wanted, at: Moment) -> bool:
    """True when a task is in such a list now, as the database would list it; what is searched for aside."""
    return (
        change.is_open and _is_whose(change, worker, wanted) and _fits(change, wanted) and _is_due(change, wanted, at)
    )


def _is_whose(change: Change, worker: Worker, wanted: Wanted) -> bool:
    mine = change.holder in worker.people
    offered = change.holder is None and change.role in worker.roles
    return {
        Scope.FOR_ME: mine or offered,
        Scope.MINE: mine,
        Scope.OFFERED: offered,
        Scope.ROLES: change.role in worker.roles,
        Scope.ALL: True,
    }[wanted.scope]


def _fits(change: Change, wanted: Wanted) -> bool:
    paused = change.status == TaskStatus.SUSPENDED.value
    states = {
        Held.PAUSED: paused,
        Held.HELD: not paused and bool(change.holder),
        Held.OFFERED: not paused and not change.holder,
    }
    return (
        wanted.role in (None, change.role)
        and wanted.plan in (None, change.plan)
        and wanted.stage in (None, change.stage)
        and wanted.region in (None, change.region)
        and wanted.kind in (None, change.kind)
        and wanted.holder in (None, change.holder or NOBODY)
        and (wanted.state is None or states[wanted.state])
    )


def _is_due(change: Change, wanted: Wanted, at: Moment) -> bool:
    now = microseconds(at.now)
    match wanted.due:
        case Due.LATE:
            return change.late_from is not None and change.late_from <= at.now
        case Due.TODAY:
            return now < change.rank < microseconds(at.day_ends)
        case Due.WEEK:
            return now < change.rank < microseconds(at.week_ends)
        case Due.UNDATED:
            return change.rank == UNDATED
    return True
