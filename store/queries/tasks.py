"""Lists of tasks, and one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import TaskState, TaskStatus
from store.counting import counting_of
from store.projected_rows import UNDATED, microseconds
from store.queries.paging import Page, from_cursor, page_of, size
from store.queries.summaries import SUMMARY_COLUMNS, ShownState, TaskView, summary_from
from store.tables import CaseRow, SubmissionRow, TaskRow

_LIST = "tasks"
_OFFERED = (TaskStatus.CREATED.value, TaskStatus.READY.value)
_OF_A_TASK = (TaskRow.task_id, TaskRow.state, TaskRow.holder, TaskRow.late_from, TaskRow.counting, TaskRow.rank)
_ENDED = (ShownState.COMPLETED, ShownState.OBSOLETE)

is_open = TaskRow.is_open.is_(True)
"""True for what waits to be done. Spelled as in the indexes of open tasks, so that the databases use them."""


async def list_tasks(
    session: AsyncSession,
    *,
    roles: Collection[str] | None = None,
    state: ShownState | None = None,
    open_only: bool = False,
    case_id: str | None = None,
    assignee: str | None = None,
    held_by: Collection[str] | None = None,
    unassigned: bool = False,
    kind: str | None = None,
    overdue: bool | None = None,
    now: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[TaskView]:
    """Returns tasks: overdue first, then by deadline, then those without one, then what ended, newest first.

    `held_by` are people, any of whom may hold it.
    `overdue` needs `now` (virtual UTC), ValueError otherwise. Raises BadCursor.
    """
    limit = size(limit)
    query = with_cases().order_by(TaskRow.rank, TaskRow.task_id).limit(limit + 1)
    if roles is not None:
        query = query.where(TaskRow.role.in_(sorted(roles)))
    if case_id is not None:
        query = query.where(TaskRow.case_id == case_id)
    if kind is not None:
        query = query.where(TaskRow.kind == kind)
    if open_only:
        query = query.where(is_open)
    if state is not None:
        query = query.where(_shown_as(state))
    if assignee is not None:
        query = query.where(TaskRow.holder == assignee)
    if held_by is not None:
        query = query.where(TaskRow.holder.in_(sorted(held_by)))
    if unassigned:
        query = query.where(TaskRow.holder.is_(None))
    if overdue is not None:
        query = query.where(_overdue(now, late=overdue))
    if cursor:
        query = query.where(tuple_(TaskRow.rank, TaskRow.task_id) > tuple_(*from_cursor(_LIST, cursor)))
    rows = (await session.execute(query)).all()
    views = [view_of(row) for row in rows]
    return page_of(views, limit, _LIST, [(view.rank, view.task_id) for view in views])


async def find_task(session: AsyncSession, task_id: str) -> TaskView | None:
    """Returns one task with its case, or None."""
    row = (await session.execute(with_cases().where(TaskRow.task_id == task_id))).one_or_none()
    return view_of(row) if row else None


async def tasks_of(session: AsyncSession, case_id: str) -> tuple[TaskView, ...]:
    """Returns all tasks of a case in the order they came up."""
    query = with_cases().where(TaskRow.case_id == case_id).order_by(TaskRow.number)
    return tuple(view_of(row) for row in await session.execute(query))


async def tasks_by_id(session: AsyncSession, task_ids: Collection[str]) -> dict[str, TaskView]:
    """Returns the tasks that there are of these, by identifier."""
    query = with_cases().where(TaskRow.task_id.in_(sorted(task_ids)))
    return {view.task_id: view for view in map(view_of, await session.execute(query))}


@cache
def with_cases() -> Select[*tuple[Any, ...]]:
    """Selects tasks with their cases, and when an outcome was sent in for the offer that is shown: for `view_of`."""
    submitted = (
        select(func.max(SubmissionRow.entered_at))
        .where(
            SubmissionRow.task_id == TaskRow.task_id,
            SubmissionRow.activity_id == TaskRow.activity_id,
            SubmissionRow.run_id == CaseRow.run_id,
            is_open,
        )
        .scalar_subquery()
    )
    columns = (*_OF_A_TASK, submitted.label("submitted_at"), *SUMMARY_COLUMNS)
    return select(*columns).select_from(TaskRow).join(CaseRow, CaseRow.case_id == TaskRow.case_id)


def _overdue(now: datetime | None, *, late: bool) -> ColumnElement[bool]:
    if now is None:
        raise ValueError("whether a task is overdue depends on the time: give `now`")
    if late:  # the rank of a running clock is its time, and lists are in the order of ranks
        return and_(TaskRow.late_from <= now, TaskRow.rank <= microseconds(now))
    return or_(TaskRow.late_from.is_(None), TaskRow.late_from > now)


def _shown_as(state: ShownState) -> ColumnElement[bool]:
    if state in _ENDED:
        return and_(TaskRow.status == state.value, TaskRow.rank > UNDATED)
    if state is ShownState.RESERVED:
        return and_(TaskRow.status.in_(_OFFERED), TaskRow.holder.is_not(None), is_open)
    same = and_(TaskRow.status == state.value, is_open)
    return and_(same, TaskRow.holder.is_(None)) if state.value in _OFFERED else same


def view_of(row: Any) -> TaskView:
    """Returns the task of a row that `with_cases` selected."""
    task_id, state, holder, late_from, counting, rank, submitted_at, *case = row  # by name takes twice as long
    return TaskView(
        task_id=task_id,
        task=TaskState.model_validate(state),
        case=summary_from(case),
        assignee=holder,
        late_from=late_from,
        submitted_at=submitted_at,
        counting=counting_of(counting),
        rank=rank,
    )


__all__ = [
    "ShownState",
    "TaskView",
    "find_task",
    "is_open",
    "list_tasks",
    "tasks_by_id",
    "tasks_of",
    "view_of",
    "with_cases",
]
