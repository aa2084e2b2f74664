"""Lists of tasks, and one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import TaskState, TaskStatus
from store.queries.paging import Page, from_cursor, page_of, size
from store.queries.summaries import ShownState, TaskView, summary_of
from store.tables import AssignmentRow, CaseRow, SubmissionRow, TaskRow

_LIST = "tasks"
_OFFERED = (TaskStatus.CREATED.value, TaskStatus.READY.value)
_ENDED = (TaskStatus.COMPLETED.value, TaskStatus.OBSOLETE.value)

in_force = and_(AssignmentRow.task_id == TaskRow.task_id, AssignmentRow.assignment == TaskRow.assignment)
"""The claim of a task that the workflow has not overruled since."""

effective_assignee: ColumnElement[str | None] = case(
    (AssignmentRow.task_id.is_not(None), AssignmentRow.assignee), else_=TaskRow.assignee
)
"""Who holds a task: by the claim in force, else by the workflow's word."""

is_open = TaskRow.status.not_in(_ENDED)


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
    query = _tasks().order_by(TaskRow.rank, TaskRow.task_id).limit(limit + 1)
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
        query = query.where(effective_assignee == assignee)
    if held_by is not None:
        query = query.where(effective_assignee.in_(sorted(held_by)))
    if unassigned:
        query = query.where(effective_assignee.is_(None))
    if overdue is not None:
        query = query.where(_overdue(now) if overdue else ~_overdue(now))
    if cursor:
        query = query.where(tuple_(TaskRow.rank, TaskRow.task_id) > tuple_(*from_cursor(_LIST, cursor)))
    rows = (await session.execute(query)).all()
    return page_of(
        [_view(row) for row in rows], limit, _LIST, [(row.TaskRow.rank, row.TaskRow.task_id) for row in rows]
    )


async def find_task(session: AsyncSession, task_id: str) -> TaskView | None:
    """Returns one task with its case, or None."""
    row = (await session.execute(_tasks().where(TaskRow.task_id == task_id))).one_or_none()
    return _view(row) if row else None


async def tasks_of(session: AsyncSession, case_id: str) -> tuple[TaskView, ...]:
    """Returns all tasks of a case in the order they came up."""
    query = _tasks().where(TaskRow.case_id == case_id).order_by(TaskRow.number)
    return tuple(_view(row) for row in await session.execute(query))


async def tasks_where(
    session: AsyncSession, *conditions: ColumnElement[bool], order: Any, limit: int
) -> tuple[TaskView, ...]:
    """Returns the tasks that meet the conditions, at most `limit`, in the order given."""
    query = _tasks().where(*conditions).order_by(*order).limit(limit)
    return tuple(_view(row) for row in await session.execute(query))


def _tasks() -> Select[TaskRow, CaseRow, str | None, datetime]:
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
    return (
        select(TaskRow, CaseRow, effective_assignee.label("holder"), submitted.label("submitted_at"))
        .join(CaseRow, CaseRow.case_id == TaskRow.case_id)
        .outerjoin(AssignmentRow, in_force)
    )


def _overdue(now: datetime | None) -> ColumnElement[bool]:
    if now is None:
        raise ValueError("whether a task is overdue depends on the time: give `now`")
    return func.coalesce(TaskRow.late_from <= now, False)


def _shown_as(state: ShownState) -> ColumnElement[bool]:
    if state is ShownState.RESERVED:
        return and_(TaskRow.status.in_(_OFFERED), effective_assignee.is_not(None))
    same = TaskRow.status == state.value
    return and_(same, effective_assignee.is_(None)) if state.value in _OFFERED else same


def _view(row: Any) -> TaskView:
    return TaskView(
        task_id=row.TaskRow.task_id,
        task=TaskState.model_validate(row.TaskRow.state),
        case=summary_of(row.CaseRow),
        assignee=row.holder,
        late_from=row.TaskRow.late_from,
        submitted_at=row.submitted_at,
    )


__all__ = [
    "ShownState",
    "TaskView",
    "effective_assignee",
    "find_task",
    "in_force",
    "is_open",
    "list_tasks",
    "tasks_of",
    "tasks_where",
]
