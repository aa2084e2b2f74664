"""The numbers beside the menu."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import CaseStatus
from store.projected_rows import UNDATED, microseconds
from store.queries.tasks import is_open
from store.statements import likely
from store.tables import CaseRow, HeldRequestRow, TaskRow

SPECIAL_CASE = "special_case"
MOST_COUNTED = 1000
"""Nobody needs the exact number of more: counting stops here, so that it costs the same however much there is."""
_OPEN_CASES = (CaseStatus.ACTIVE.value, CaseStatus.SUSPENDED.value)


@dataclass(frozen=True)
class Counts:
    """How much waits. `mine` is held by the user or by whom they stand in for; `offered` is to one of their roles, and

    held by nobody yet; `overdue` is how many of both are late. The others are of the whole house. Each counts up to
    `MOST_COUNTED`.
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
    asked = {"people": sorted({user, *stands_in_for}), "roles": sorted(roles), "now": now, "rank": microseconds(now)}
    held, open_to_all, late_held, late_open, *house = (await session.execute(_counting(), asked)).one()
    return Counts(held, open_to_all, late_held + late_open, *house)


@cache
def _counting() -> Select[*tuple[int, ...]]:
    """The question for all numbers, made once: every page asks it."""
    mine = (TaskRow.holder.in_(bindparam("people", expanding=True)), TaskRow.rank <= UNDATED)
    nobody: ColumnElement[bool] = likely(TaskRow.holder.is_(None))  # the index of offered tasks is that of roles
    offered = (nobody, TaskRow.role.in_(bindparam("roles", expanding=True)), is_open)
    late = (TaskRow.rank <= bindparam("rank"), TaskRow.late_from <= bindparam("now"))
    return select(
        _number(*mine),
        _number(*offered),
        _number(*mine, *late),
        _number(*offered, *late),
        _number(is_open, _escalated()),
        _number(TaskRow.rank <= UNDATED, _special()),
        _number(CaseRow.status.in_(_OPEN_CASES)),
        _number(HeldRequestRow.decided_at.is_(None)),
    )


def _escalated() -> ColumnElement[bool]:
    return TaskRow.escalation_level > 0


def _special() -> ColumnElement[bool]:
    return TaskRow.kind == SPECIAL_CASE


def _number(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    few = select(literal_column("1").label("one")).where(*conditions).limit(MOST_COUNTED).subquery()
    return select(func.count()).select_from(few).scalar_subquery()
