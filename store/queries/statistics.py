"""Counting cases for statistics (Q8)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import TaskStatus
from domain.statistics import Sorted
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
    tasks: Collection[str] | None = None,
    plan: str | None = None,
    begins: date | None = None,
    ends: date | None = None,
    zone: str = "UTC",
) -> dict[str, int]:
    """Returns how many cases there are for each value; those that do not say stand under the empty text.

    `tasks` counts cases in which one of them was completed, each once. Days are those of `zone`, both inclusive, and a
    case belongs to the day on which it was opened.
    """
    column = _COLUMNS[by]
    query = select(func.coalesce(column, ""), func.count()).group_by(func.coalesce(column, ""))
    if tasks is not None:
        done = select(TaskRow.case_id).where(TaskRow.kind.in_(tasks), TaskRow.status == TaskStatus.COMPLETED.value)
        query = query.where(CaseRow.case_id.in_(done))
    if plan is not None:
        query = query.where(CaseRow.plan == plan)
    if begins is not None:
        query = query.where(CaseRow.opened_at >= _midnight(begins, zone))
    if ends is not None:
        query = query.where(CaseRow.opened_at < _midnight(ends + timedelta(days=1), zone))
    return {str(key): int(count) for key, count in await session.execute(query)}


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))
