"""Profiles, absences and deputies: writing them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.dispatch import Absence, Deputy
from store.tables import AbsenceRow, DeputyRow, UserRow
from store.users import UserUnknown


class Overlaps(ValueError):
    """The person is absent on one of these days already; `other` is that absence."""

    def __init__(self, other: Absence) -> None:
        self.other = other
        super().__init__(f"{other.first.isoformat()} to {other.last.isoformat()}")


async def set_profile(
    session: AsyncSession, user_id: str, *, regions: tuple[str, ...], skills: tuple[str, ...], reports_to: str | None
) -> None:
    """Sets where somebody serves, what they can do and to whom they report. Raises UserUnknown."""
    values = {"regions": list(regions), "skills": list(skills), "reports_to": reports_to}
    change = update(UserRow).where(UserRow.user_id == user_id).values(values).returning(UserRow.user_id)
    if (await session.execute(change, execution_options={"synchronize_session": False})).scalar() is None:
        raise UserUnknown(user_id)


async def add_absence(session: AsyncSession, absence: Absence, *, by: str, at: datetime) -> None:
    """Adds an absence. Raises Overlaps, and IntegrityError for an unknown user."""
    # the person's row is locked, so that of two that overlap and come at once the second sees the first
    await session.execute(select(UserRow.user_id).where(UserRow.user_id == absence.user).with_for_update())
    same = select(AbsenceRow).where(
        AbsenceRow.user_id == absence.user, AbsenceRow.first <= absence.last, AbsenceRow.last >= absence.first
    )
    other = (await session.execute(same.order_by(AbsenceRow.first).limit(1))).scalar_one_or_none()
    if other is not None:
        raise Overlaps(absence_of(other))
    values = {
        "absence_id": absence.absence_id,
        "user_id": absence.user,
        "first": absence.first,
        "last": absence.last,
        "reason": absence.reason,
        "substitute": absence.substitute,
        "entered_by": by,
        "entered_at": at,
    }
    await session.execute(insert(AbsenceRow).values(values))


async def find_absence(session: AsyncSession, absence_id: str) -> Absence | None:
    """Returns an absence, or None."""
    row = await session.get(AbsenceRow, absence_id)
    return absence_of(row) if row is not None else None


async def remove_absence(session: AsyncSession, absence_id: str) -> None:
    """Takes an absence back; one that is not there is taken back already."""
    await session.execute(delete(AbsenceRow).where(AbsenceRow.absence_id == absence_id))


async def add_deputy(session: AsyncSession, deputy: Deputy, *, by: str, at: datetime) -> None:
    """Names a deputy of a role. Raises IntegrityError for an unknown user."""
    values = {
        "deputy_id": deputy.deputy_id,
        "role": deputy.role,
        "user_id": deputy.user,
        "first": deputy.first,
        "last": deputy.last,
        "named_by": by,
        "named_at": at,
    }
    await session.execute(insert(DeputyRow).values(values))


async def find_deputy(session: AsyncSession, deputy_id: str) -> Deputy | None:
    """Returns a deputy, or None."""
    row = await session.get(DeputyRow, deputy_id)
    return deputy_of(row) if row is not None else None


async def remove_deputy(session: AsyncSession, deputy_id: str) -> None:
    """Ends that somebody is a deputy; one that is not there has ended already."""
    await session.execute(delete(DeputyRow).where(DeputyRow.deputy_id == deputy_id))


def absence_of(row: AbsenceRow) -> Absence:
    """Returns the absence of a row."""
    return Absence(
        absence_id=row.absence_id,
        user=row.user_id,
        first=row.first,
        last=row.last,
        reason=row.reason,
        substitute=row.substitute,
    )


def deputy_of(row: DeputyRow) -> Deputy:
    """Returns the deputy of a row."""
    return Deputy(deputy_id=row.deputy_id, role=row.role, user=row.user_id, first=row.first, last=row.last)
