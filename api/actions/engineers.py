"""Who is proposed for a case; profiles, absences and deputies, and who may enter them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from api.forms import needs_engineers
from api.ids import new_id, split_task_id
from api.parts import Parts
from api.problems import InvalidFields
from api.reading import read
from api.rights import ADMIN, AUDITOR, Person, Right, may, require
from api.schemas import AbsenceBody, DeputyBody, ProfileBody
from core.errors import Forbidden, NotFound, Refused
from core.logging import get_logger
from domain.case import CaseState
from domain.dispatch import ORDER, Absence, Deputy, First, Need, Proposal, rank, remarks
from domain.plan import Plan
from store.engineers import (
    Overlaps,
    add_absence,
    add_deputy,
    find_absence,
    find_deputy,
    remove_absence,
    remove_deputy,
    set_profile,
)
from store.queries.cases import find_case
from store.queries.engineers import candidates, day_in, deputies
from store.queries.tasks import find_task
from store.users import ENGINEER, User, find_user

_log = get_logger(__name__)
_LONGEST = timedelta(days=730)
_MOST_STEPS = 50
_NOBODY = "is nobody who works here (any more)"


@dataclass(frozen=True)
class Proposed:
    """A ranked proposal: for which day, by which rule, what holds for the whole list, and the engineers, best first."""

    on: date
    order: str
    remarks: tuple[str, ...]
    items: tuple[Proposal, ...]


async def propose(
    session: AsyncSession,
    case: CaseState,
    plan: Plan | None,
    now: datetime,
    *,
    role: str = ENGINEER,
    day: date | None = None,
) -> Proposed:
    """Ranks the engineers for a case: for `day`, else for that of an appointment that lies ahead, else for today.

    `role` is another one where a task goes to customers and is no engineer's (R5, M2, M10).
    """
    asked, agreed = case.application, case.appointment
    at = agreed if agreed is not None and agreed > now else now
    on = day or at.astimezone(ZoneInfo(case.time_zone)).date()
    need = Need(region=asked.customer.region, category=asked.problem.category.value, model=asked.product.model, on=on)
    first: First = plan.choices.dispatch_first if plan else "skill"
    ranked = rank(await candidates(session, on, role), need, first)
    return Proposed(on, ORDER[first], remarks(ranked, need), ranked)


async def proposal_for(parts: Parts, person: Person, task_id: str) -> Proposed:
    """Returns the proposal for a task in which an engineer is chosen. Raises NotFound, Forbidden."""
    require(person, Right.SEE_CASES)
    case_id, _ = split_task_id(task_id)
    async with parts.database.reading() as session:
        view = await find_task(session, task_id)
        case = await find_case(session, case_id)
        if view is None or case is None:
            raise NotFound("there is no such task")
        if not needs_engineers(view.task.kind):
            raise NotFound("no engineer is chosen in this task")
        return await propose(session, case.state, parts.plans.get(case.state.plan), parts.now())


async def keep_profile(parts: Parts, person: Person, user_id: str, fields: Mapping[str, Any]) -> None:
    """Replaces what is known of an engineer. Raises NotFound, Forbidden, InvalidFields."""
    require(person, Right.KEEP_ENGINEERS)
    body = read(ProfileBody, fields)
    async with parts.database.session() as session:
        await engineer_named(session, user_id)
        if body.reports_to is not None:
            await _can_report(session, user_id, body.reports_to)
        await set_profile(
            session, user_id, regions=_once(body.regions), skills=_once(body.skills), reports_to=body.reports_to
        )
    _log.info("profile kept", user=user_id, by=person.user_id)


async def engineer_named(session: AsyncSession, user_id: str) -> User:
    """Returns an active engineer. Raises NotFound."""
    user = await find_user(session, user_id)
    if user is None or not user.active or ENGINEER not in user.roles:
        raise NotFound("there is no such engineer")
    return user


def _once(marks: tuple[str, ...]) -> tuple[str, ...]:
    """Each region or skill once, as it was written first."""
    found: dict[str, str] = {}
    for mark in marks:
        found.setdefault(mark.casefold(), mark)
    return tuple(found.values())


async def _can_report(session: AsyncSession, user_id: str, manager: str) -> None:
    """Refuses a line of reporting that leads back to where it began."""
    above = await find_user(session, manager)
    if above is None or not above.active:
        raise InvalidFields.at("reports_to", _NOBODY)
    for _ in range(_MOST_STEPS):
        if above is None:
            return
        if above.user_id == user_id:
            raise InvalidFields.at("reports_to", "reports to this engineer, directly or over others")
        above = await find_user(session, above.reports_to) if above.reports_to else None


async def enter_absence(parts: Parts, person: Person, fields: Mapping[str, Any]) -> Absence:
    """Enters that somebody is away. Raises Forbidden, InvalidFields naming the field."""
    require(person, Right.ENTER_ABSENCE)
    body = read(AbsenceBody, fields)
    if body.last < body.first:
        raise InvalidFields.at("last", "lies before the first day")
    if body.last - body.first > _LONGEST:
        raise InvalidFields.at("last", "lies more than two years after the first day; enter the time until then")
    absence = Absence(absence_id=new_id(), **body.model_dump())
    async with parts.database.session() as session:
        user = await find_user(session, body.user)
        if user is None or not user.active:
            raise InvalidFields.at("user", _NOBODY)
        _require_planning(person, user)
        if body.last < day_in(user.time_zone, parts.now()):
            raise InvalidFields.at("last", "has passed already")
        if body.substitute is not None:
            if body.substitute == body.user:
                raise InvalidFields.at("substitute", "is the same person")
            _can_stand_in(await find_user(session, body.substitute), "substitute")
        try:
            await add_absence(session, absence, by=person.user_id, at=parts.now())
        except Overlaps as same:
            raise InvalidFields.at("first", f"overlaps the absence from {same}") from None
    _log.info("absence entered", user=absence.user, substitute=absence.substitute, by=person.user_id)
    return absence


async def take_back_absence(parts: Parts, person: Person, absence_id: str) -> None:
    """Takes an absence back, which ends one that lasts. Raises NotFound, Forbidden, Refused for one that has passed."""
    require(person, Right.ENTER_ABSENCE)
    async with parts.database.session() as session:
        absence = await find_absence(session, absence_id) if _plain(absence_id) else None
        user = await find_user(session, absence.user) if absence else None
        if absence is None or user is None:
            raise NotFound("there is no such absence")
        _require_planning(person, user)
        if absence.last < day_in(user.time_zone, parts.now()):
            raise Refused("this absence has passed; it stays as it was")
        await remove_absence(session, absence_id)
    _log.info("absence taken back", user=absence.user, by=person.user_id)


def may_plan(person: Person, user: User) -> bool:
    """True when the person may enter absences of the user: their own, or an engineer's when keeping engineers.

    A substitute gets the work of all roles of the absent person, so nobody lends out roles that they have not got.
    """
    if person.user_id == user.user_id:
        return may(person, Right.ENTER_ABSENCE)
    if person.is_admin:
        return True
    others = set(user.roles) - {ENGINEER}
    return may(person, Right.KEEP_ENGINEERS) and ENGINEER in user.roles and others <= person.roles


def _require_planning(person: Person, user: User) -> None:
    if not may_plan(person, user):
        raise Forbidden(
            f"the absence of {user.name} is entered by themselves or the administrator; "
            "engineers' absences also by whoever keeps their profiles"
        )


async def name_deputy(parts: Parts, person: Person, fields: Mapping[str, Any]) -> Deputy:
    """Names a deputy of a role: whoever has the role does, or the administrator. Raises Forbidden, InvalidFields."""
    body = read(DeputyBody, fields)
    if body.role not in {role for plan in parts.plans.values() for role in plan.roles}:
        raise InvalidFields.at("role", "is no role of a service plan")
    _require_role(person, body.role)
    if body.first and body.last and body.last < body.first:
        raise InvalidFields.at("last", "lies before the first day")
    deputy = Deputy(deputy_id=new_id(), **body.model_dump())
    async with parts.database.session() as session:
        user = await find_user(session, body.user)
        _can_stand_in(user, "user")
        if user is not None and body.role in user.roles:
            raise InvalidFields.at("user", "has this role already")
        today = parts.now().date()
        if body.last is not None and body.last < today - timedelta(days=1):
            raise InvalidFields.at("last", "has passed already")
        for other in await deputies(session, since=today):
            if (other.role, other.user) == (body.role, body.user) and _share_a_day(other, deputy):
                raise InvalidFields.at("user", "is deputy of this role already in that time")
        await add_deputy(session, deputy, by=person.user_id, at=parts.now())
    _log.info("deputy named", role=deputy.role, user=deputy.user, by=person.user_id)
    return deputy


def _share_a_day(one: Deputy, other: Deputy) -> bool:
    return (one.first or date.min) <= (other.last or date.max) and (other.first or date.min) <= (one.last or date.max)


async def end_deputy(parts: Parts, person: Person, deputy_id: str) -> None:
    """Ends that somebody is a role's deputy. Raises NotFound, Forbidden."""
    require(person, Right.SEE_CASES)
    async with parts.database.session() as session:
        deputy = await find_deputy(session, deputy_id) if _plain(deputy_id) else None
        if deputy is None:
            raise NotFound("there is no such deputy")
        _require_role(person, deputy.role)
        await remove_deputy(session, deputy_id)
    _log.info("deputy ended", role=deputy.role, user=deputy.user, by=person.user_id)


def _require_role(person: Person, role: str) -> None:
    if not (person.has(role) or person.is_admin):
        raise Forbidden(f"deputies of the role {role} are named by those who have it, or by the role {ADMIN}")


def _can_stand_in(user: User | None, field: str) -> None:
    if user is None or not user.active:
        raise InvalidFields.at(field, _NOBODY)
    if not set(user.roles) - {AUDITOR}:
        raise InvalidFields.at(field, "has no role in which to work on cases")


def _plain(name: str) -> bool:
    """Whether an identifier can be one of ours at all; a database need not see what cannot."""
    return name.isascii() and name.isprintable() and len(name) <= len(new_id())
