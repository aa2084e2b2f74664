"""Claim, release, delegate: by compare-and-set, so that two people learn at once who holds a task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.statements import insert_into
from store.tables import AssignmentRow, TaskRow

_TRIES = 5


class TaskUnknown(LookupError):
    """The read side knows no such task."""


@dataclass(frozen=True)
class Held:
    """Who holds the task now, and whether what was asked for came to be."""

    won: bool
    assignee: str | None


async def claim(session: AsyncSession, task_id: str, *, user: str, by: str, at: datetime) -> Held:
    """Reserves a task that nobody holds for `user`; who has it already wins again. Raises TaskUnknown."""
    return await _move(session, task_id, expected=None, to=user, by=by, at=at)


async def release(session: AsyncSession, task_id: str, *, holder: str, by: str, at: datetime) -> Held:
    """Gives a task that `holder` holds back to its role. Raises TaskUnknown."""
    return await _move(session, task_id, expected=holder, to=None, by=by, at=at)


async def delegate(session: AsyncSession, task_id: str, *, holder: str | None, to: str, by: str, at: datetime) -> Held:
    """Hands a task from `holder` (None: nobody) to another person. Raises TaskUnknown."""
    return await _move(session, task_id, expected=holder, to=to, by=by, at=at)


async def _move(
    session: AsyncSession, task_id: str, *, expected: str | None, to: str | None, by: str, at: datetime
) -> Held:
    for _ in range(_TRIES):
        current = await _current(session, task_id)
        if current.assignee == to:
            return Held(won=True, assignee=to)
        if current.assignee != expected:
            break
        if await _set(session, task_id, current, to, by, at):
            return Held(won=True, assignee=to)
    return Held(won=False, assignee=(await _current(session, task_id)).assignee)


@dataclass(frozen=True)
class _Current:
    assignee: str | None
    assignment: int
    """The workflow's own counter, under which a claim is made."""
    version: int | None
    """Of the stored claim, in force or not; None when there is none."""


async def _current(session: AsyncSession, task_id: str) -> _Current:
    query = select(TaskRow.assignee, TaskRow.assignment).where(TaskRow.task_id == task_id)
    task = (await session.execute(query)).one_or_none()
    if task is None:
        raise TaskUnknown(task_id)
    claimed = await session.get(AssignmentRow, task_id, populate_existing=True)
    in_force = claimed is not None and claimed.assignment == task.assignment
    holder = claimed.assignee if claimed is not None and in_force else task.assignee
    return _Current(holder, task.assignment, claimed.version if claimed is not None else None)


async def _set(session: AsyncSession, task_id: str, seen: _Current, to: str | None, by: str, at: datetime) -> bool:
    values = {"assignee": to, "assignment": seen.assignment, "by": by, "at": at}
    if seen.version is None:
        first = insert_into(session, AssignmentRow).values(task_id=task_id, version=1, **values)
        done = await session.execute(first.on_conflict_do_nothing().returning(AssignmentRow.task_id))
        won = done.scalar() is not None
    else:
        unchanged = (AssignmentRow.task_id == task_id, AssignmentRow.version == seen.version)
        change = update(AssignmentRow).where(*unchanged).values(version=seen.version + 1, **values)
        changed = await session.execute(change, execution_options={"synchronize_session": False})
        won = cast("CursorResult[tuple[()]]", changed).rowcount == 1
    if won:  # unless the workflow has overruled it meanwhile; see store.holders
        held = update(TaskRow).where(TaskRow.task_id == task_id, TaskRow.assignment == seen.assignment)
        held = held.values(holder=to, changed_at=datetime.now(UTC))
        await session.execute(held, execution_options={"synchronize_session": False})
    return won
