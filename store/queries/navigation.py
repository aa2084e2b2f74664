"""The numbers beside the menu, and what escalated."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import CaseStatus
from store.held_requests import count_waiting
from store.queries.summaries import TaskView
from store.queries.tasks import effective_assignee, in_force, is_open, tasks_where
from store.tables import AssignmentRow, CaseRow, TaskRow

SPECIAL_CASE = "special_case"


@dataclass(frozen=True)
class Counts:
    """How much waits. `mine` is held by the user or by whom they stand in for; `offered` is to one of their roles, and

    held by nobody yet; `overdue` is how many of both are late. The others are of the whole house.
    """

    mine: int
    offered: int
    overdue: int
    escalated: int
    special_cases: int
    open_cases: int
    held_requests: int


async def counts(
    session: AsyncSession, *, user: str, roles: Collection[str], now: datetime, stands_in_for: Collection[str] = ()
) -> Counts:
    """Returns the numbers at `now` (virtual UTC) for a user with these roles who does the work of others too."""
    mine = effective_assignee.in_(sorted({user, *stands_in_for}))
    offered = and_(effective_assignee.is_(None), TaskRow.role.in_(sorted(roles)))
    late = and_(or_(mine, offered), TaskRow.late_from <= now)
    tasks = (
        select(_number(mine), _number(offered), _number(late), _number(_escalated()), _number(_special()))
        .select_from(TaskRow)
        .outerjoin(AssignmentRow, in_force)
        .where(is_open)
    )
    row = (await session.execute(tasks)).one()
    cases = select(func.count()).select_from(CaseRow).where(CaseRow.status != CaseStatus.CLOSED.value)
    open_cases = (await session.execute(cases)).scalar_one()
    return Counts(*row, open_cases=open_cases, held_requests=await count_waiting(session))


async def escalated_tasks(session: AsyncSession, limit: int = 200) -> tuple[TaskView, ...]:
    """Returns the open tasks whose deadline passed and was escalated, the highest level first, then the latest."""
    return await tasks_where(
        session,
        is_open,
        _escalated(),
        order=(TaskRow.escalation_level.desc(), TaskRow.rank, TaskRow.task_id),
        limit=limit,
    )


async def special_cases(session: AsyncSession, limit: int = 200) -> tuple[TaskView, ...]:
    """Returns the decisions that are waited for, the most urgent first (X3)."""
    return await tasks_where(session, is_open, _special(), order=(TaskRow.rank, TaskRow.task_id), limit=limit)


def _escalated() -> ColumnElement[bool]:
    return TaskRow.escalation_level > 0


def _special() -> ColumnElement[bool]:
    return TaskRow.kind == SPECIAL_CASE


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count().filter(condition)
