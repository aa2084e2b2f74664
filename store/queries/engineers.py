"""Who can be assigned, who is away, and who stands in for whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import CaseStatus
from domain.dispatch import Absence, Candidate, Deputy, Ground, Person, grounds
from store.engineers import absence_of, deputy_of
from store.tables import AbsenceRow, CaseRow, DeputyRow, UserRow
from store.users import ENGINEER, User, list_users, open_loads

_DAY = timedelta(days=1)


async def absences(session: AsyncSession, *, since: date, user: str | None = None) -> tuple[Absence, ...]:
    """Returns the absences that last on `since` or later, of one person or all, by their first day."""
    query = select(AbsenceRow).where(AbsenceRow.last >= since)
    if user is not None:
        query = query.where(AbsenceRow.user_id == user)
    rows = await session.execute(query.order_by(AbsenceRow.first, AbsenceRow.user_id, AbsenceRow.absence_id))
    return tuple(absence_of(row) for row in rows.scalars())


async def deputies(session: AsyncSession, *, since: date) -> tuple[Deputy, ...]:
    """Returns the deputies of all roles that hold on `since` or later, by role."""
    rows = await session.execute(select(DeputyRow).order_by(DeputyRow.role, DeputyRow.user_id, DeputyRow.deputy_id))
    found = [deputy_of(row) for row in rows.scalars()]
    return tuple(one for one in found if one.last is None or one.last >= since)


async def grounds_of(session: AsyncSession, user: str, now: datetime) -> tuple[Ground, ...]:
    """Returns on which grounds somebody may do tasks of others at `now` (virtual UTC).

    An absence counts by the days of the absent person's time zone, a deputy's time by those of the deputy's.
    """
    present: list[Absence] = []
    people: dict[str, Person] = {}
    around = {"from": now.date() - _DAY, "to": now.date() + _DAY}
    for row, name, roles, zone in await session.execute(_away(), around):
        absence = absence_of(row)
        if absence.covers(day_in(zone, now)):
            present.append(absence)
            people[absence.user] = Person(name, tuple(roles))
    named = await session.execute(_deputies(), {"user": user})
    holding = [deputy for row, zone in named if (deputy := deputy_of(row)).holds(day_in(zone, now))]
    return grounds(user, present, holding, people)


@cache
def _away() -> Select[*tuple[Any, ...]]:
    """Who is away around some days, made once: every page asks it."""
    return (
        select(AbsenceRow, UserRow.name, UserRow.roles, UserRow.time_zone)
        .join(UserRow, UserRow.user_id == AbsenceRow.user_id)
        .where(AbsenceRow.first <= bindparam("to"), AbsenceRow.last >= bindparam("from"))
    )


@cache
def _deputies() -> Select[DeputyRow, str | None]:
    """As whose deputy somebody was named, made once."""
    query = select(DeputyRow, UserRow.time_zone).join(UserRow, UserRow.user_id == DeputyRow.user_id)
    return query.where(DeputyRow.user_id == bindparam("user"))


async def task_roles(session: AsyncSession, user: User, now: datetime) -> frozenset[str]:
    """Returns the roles whose tasks somebody may do at `now`: their own, and those of whom they stand in for."""
    return frozenset(user.roles).union(*(one.roles for one in await grounds_of(session, user.user_id, now)))


async def candidates(session: AsyncSession, on: date, role: str = ENGINEER) -> tuple[Candidate, ...]:
    """Returns the active engineers (or whoever has `role`) by name, with their absences since the day and its load."""
    users = await list_users(session, role=role)
    away: dict[str, list[Absence]] = defaultdict(list)
    for absence in await absences(session, since=on):
        away[absence.user].append(absence)
    load, agreed = await open_loads(session), await _appointments(session, on)
    return tuple(
        Candidate(
            user=user.user_id,
            name=user.name,
            regions=user.regions,
            skills=user.skills,
            absences=tuple(away[user.user_id]),
            open_tasks=load.get(user.user_id, 0),
            appointments=agreed[user.user_id],
        )
        for user in users
    )


async def _appointments(session: AsyncSession, on: date) -> Counter[str]:
    """How many appointments of the day each engineer has, by the days of each case's time zone."""
    midnight = datetime(on.year, on.month, on.day, tzinfo=UTC)
    query = select(CaseRow.engineer, CaseRow.time_zone, CaseRow.appointment).where(
        CaseRow.appointment.between(midnight - _DAY, midnight + 2 * _DAY),
        CaseRow.engineer.is_not(None),
        CaseRow.status != CaseStatus.CLOSED.value,
    )
    return Counter(
        engineer for engineer, zone, at in await session.execute(query) if engineer and at and day_in(zone, at) == on
    )


def day_in(zone: str | None, now: datetime) -> date:
    """Returns which day it is in a time zone; in UTC for one that is not known, so that nobody is shut out."""
    try:
        return now.astimezone(ZoneInfo(zone or "UTC")).date()
    except (KeyError, ValueError, OSError):
        return now.astimezone(UTC).date()
