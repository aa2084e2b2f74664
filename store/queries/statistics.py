"""Counting cases for statistics (Q8)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import TaskStatus
from domain.statistics import Evidence, Sorted
from store.tables import CaseRow, TaskRow

_COLUMNS = {
    Sorted.CATEGORY: CaseRow.category,
    Sorted.MODEL: CaseRow.model,
    Sorted.REGION: CaseRow.region,
    Sorted.CHANNEL: CaseRow.channel,
    Sorted.PLAN: CaseRow.plan,
    Sorted.RESOLUTION: CaseRow.resolution,
    Sorted.SUBJECT: CaseRow.subject,
}


async def count_cases(
    session: AsyncSession,
    by: Sorted,
    *,
    having: Iterable[Evidence] | None = None,
    plan: str | None = None,
    begins: date | None = None,
    ends: date | None = None,
    zone: str = "UTC",
) -> dict[str, int]:
    """Returns how many cases there are for each value; those that do not say stand under the empty text.

    `having` counts cases in which a completed task says one of it, each case once. Days are those of `zone`, both
    inclusive, and a case belongs to the day on which it was opened.
    """
    # The empty text stands in the statement: as a parameter PostgreSQL takes the two for different expressions.
    key = func.coalesce(_COLUMNS[by], literal_column("''"))
    query = select(key, func.count()).group_by(key)
    if having is not None:
        completed = TaskRow.status == TaskStatus.COMPLETED.value
        says = select(TaskRow.case_id).where(completed, or_(*(_says(one) for one in having)))
        query = query.where(CaseRow.case_id.in_(says))
    if plan is not None:
        query = query.where(CaseRow.plan == plan)
    if begins is not None:
        query = query.where(CaseRow.opened_at >= _midnight(begins, zone))
    if ends is not None:
        query = query.where(CaseRow.opened_at < _midnight(ends + timedelta(days=1), zone))
    return {str(key): int(count) for key, count in await session.execute(query)}


def _says(one: Evidence) -> ColumnElement[bool]:
    """True for a task whose outcome says it; an empty text says nothing."""
    said = TaskRow.state[("outcome", one.field)].as_string()
    return and_(TaskRow.kind.in_(one.kinds), said == one.value if one.value is not None else said != "")


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))
