"""What retention takes, by the days that are kept with each closed case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import CaseStatus
from store.erasing.holds import Hold, hold_of_row
from store.statements import likely
from store.tables import CaseRow, ErasureRow, LegalHoldRow

_HELD = and_(LegalHoldRow.case_id == CaseRow.case_id, LegalHoldRow.lifted_at.is_(None))


@dataclass(frozen=True)
class Due:
    """A closed case and what is taken of it next: its personal data, or (`removes`) all that is left, at `at`.

    `at` and `closed_at` are virtual UTC. `hold` is the legal hold that keeps it off, if one is in force.
    """

    case_id: str
    removes: bool
    at: datetime
    closed_at: datetime
    plan_title: str
    hold: Hold | None


async def due_cases(session: AsyncSession, now: datetime, *, limit: int, after: str = "") -> tuple[Due, ...]:
    """Returns cases whose day has come by `now` (virtual UTC), by number after `after`, those held included."""
    erase = and_(CaseRow.erase_at <= now, ErasureRow.case_id.is_(None))
    conditions = (or_(CaseRow.remove_at <= now, erase), CaseRow.case_id > after)
    rows = await _rows(session, conditions, (CaseRow.case_id,), limit)
    return tuple(_due(row, removes=row.remove_at is not None and row.remove_at <= now) for row in rows)


async def coming_cases(session: AsyncSession, now: datetime, *, limit: int) -> tuple[Due, ...]:
    """Returns what comes next after `now`, the nearest first."""
    erase = (CaseRow.erase_at > now, ErasureRow.case_id.is_(None))
    remove = (CaseRow.remove_at > now, or_(ErasureRow.case_id.is_not(None), CaseRow.erase_at.is_(None)))
    found = [_due(row) for row in await _rows(session, erase, (CaseRow.erase_at, CaseRow.case_id), limit)]
    rows = await _rows(session, remove, (CaseRow.remove_at, CaseRow.case_id), limit)
    found += [_due(row, removes=True) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.at, one.case_id))[:limit])


async def holds_in_force(session: AsyncSession, *, limit: int) -> tuple[Hold, ...]:
    """Returns the legal holds in force, the newest first."""
    query = select(LegalHoldRow).where(LegalHoldRow.lifted_at.is_(None))
    rows = await session.execute(query.order_by(LegalHoldRow.placed_at.desc(), LegalHoldRow.hold_id).limit(limit))
    return tuple(hold_of_row(row) for row in rows.scalars())


async def _rows(
    session: AsyncSession, conditions: Sequence[ColumnElement[bool]], order: Sequence[Any], limit: int
) -> Sequence[Any]:
    case = (CaseRow.case_id, CaseRow.plan_title, CaseRow.closed_at, CaseRow.erase_at, CaseRow.remove_at)
    query = (
        select(*case, LegalHoldRow)
        .outerjoin(ErasureRow, ErasureRow.case_id == CaseRow.case_id)
        .outerjoin(LegalHoldRow, _HELD)
        .where(likely(CaseRow.status == CaseStatus.CLOSED.value), *conditions)  # by its day, and not all closed cases
    )
    return (await session.execute(query.order_by(*order).limit(limit))).all()


def _due(row: Any, *, removes: bool = False) -> Due:
    return Due(
        case_id=row.case_id,
        removes=removes,
        at=row.remove_at if removes else row.erase_at,
        closed_at=row.closed_at,
        plan_title=row.plan_title,
        hold=hold_of_row(row.LegalHoldRow) if row.LegalHoldRow is not None else None,
    )
