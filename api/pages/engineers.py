"""Engineers with regions, skills and load; who is away and who stands in; deputies of roles."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date
from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import FormData

from api.actions.engineers import (
    end_deputy,
    enter_absence,
    keep_profile,
    may_plan,
    name_deputy,
    take_back_absence,
)
from api.languages import locale
from api.pages import words
from api.pages.board import day_title
from api.pages.languages import _, lazy, ngettext, say
from api.pages.visit import Visit, VisitDep, go_to, problem_text
from api.problems import InvalidFields
from api.rights import AUDITOR, Right, may, require
from core.errors import AftercareError
from domain.dispatch import Absence, Candidate, away_until
from store.queries.engineers import absences, candidates, day_in, deputies
from store.users import User, list_users

router = APIRouter()
_COMMAS = re.compile(r"[,，;；、\n]+")
_LABELS = {
    "user": lazy("Person"),
    "first": lazy("First day"),
    "last": lazy("Last day"),
    "reason": lazy("Reason"),
    "substitute": lazy("Substitute"),
    "role": lazy("Role"),
    "regions": lazy("Regions"),
    "skills": lazy("Skills"),
    "reports_to": lazy("Reports to"),
}


@dataclass(frozen=True)
class EngineerLine:
    """An engineer as the page lists them."""

    user: str
    name: str
    regions: str
    skills: str
    marks: str
    """The skills as they are kept, for the form: in no language."""
    reports_to: str
    manager: str
    load: str
    away: str


@dataclass(frozen=True)
class AbsenceLine:
    """An absence; `path` takes it back, where that is this person's to do."""

    name: str
    days: str
    reason: str
    substitute: str
    path: str


@dataclass(frozen=True)
class DeputyLine:
    """A deputy of a role; `path` ends it, where that is this person's to do."""

    name: str
    role: str
    days: str
    path: str


@dataclass
class Answer:
    """What a form that was not taken held, and why; `form` says which one it was."""

    form: str = ""
    entered: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def text(self, form: str, name: str, otherwise: str = "") -> str:
        """What stands in an input of a form."""
        return self.entered.get(name, "") if form == self.form else otherwise


@router.get("/engineers")
async def show_engineers(visit: VisitDep) -> Response:
    """The engineers, absences and deputies."""
    return await _show(visit, Answer())


@router.post("/engineers/absences")
async def enter(visit: VisitDep) -> Response:
    """Enters an absence."""
    return await _do(visit, "absence", "absent", lambda fields: enter_absence(visit.parts, visit.person, fields))


@router.post("/engineers/absences/{absence_id}/remove")
async def take_back(visit: VisitDep, absence_id: str) -> Response:
    """Takes an absence back."""
    return await _do(visit, "", "back", lambda _: take_back_absence(visit.parts, visit.person, absence_id))


@router.post("/engineers/deputies")
async def name(visit: VisitDep) -> Response:
    """Names a deputy."""
    return await _do(visit, "deputy", "deputy", lambda fields: name_deputy(visit.parts, visit.person, fields))


@router.post("/engineers/deputies/{deputy_id}/remove")
async def end(visit: VisitDep, deputy_id: str) -> Response:
    """Ends that somebody is a deputy."""
    return await _do(visit, "", "deputy_ended", lambda _: end_deputy(visit.parts, visit.person, deputy_id))


@router.post("/engineers/people/{user}/profile")
async def change(visit: VisitDep, user: str) -> Response:
    """Changes an engineer's profile; regions and skills come with commas between them."""

    async def keep(fields: dict[str, Any]) -> None:
        lists = {one: _split(fields.get(one, "")) for one in ("regions", "skills")}
        await keep_profile(visit.parts, visit.person, user, fields | lists)

    return await _do(visit, f"profile-{user}", "profile", keep)


async def _do(visit: Visit, form: str, said: str, act: Callable[[dict[str, Any]], Awaitable[object]]) -> Response:
    """Acts on a form and goes back to the page; what is not taken is shown again with the reason."""
    entered = _texts(await visit.form())
    try:
        await act({one: text for one, text in entered.items() if text})
    except AftercareError as refused:
        if refused.status in (403, 404):
            raise
        return await _show(visit, Answer(form, entered, _problems(refused)), refused.status)
    return go_to("/engineers", said)


def _texts(form: FormData) -> dict[str, str]:
    return {one: text.strip() for one, text in form.items() if isinstance(text, str) and one != "csrf"}


def _split(text: str) -> list[str]:
    return [part.strip() for part in _COMMAS.split(text) if part.strip()]


def _problems(refused: AftercareError) -> tuple[str, ...]:
    if isinstance(refused, InvalidFields):
        found = [(one.path.partition(".")[0], one) for one in refused.errors]
        return tuple(f"{_LABELS.get(name, one.path)}: {say(one.message)}." for name, one in found)
    return (problem_text(refused),)


async def _show(visit: Visit, answer: Answer, status: int = 200) -> Response:
    require(visit.person, Right.SEE_CASES)
    today = visit.parts.now().date()
    async with visit.parts.database.reading() as session:
        users = {one.user_id: one for one in await list_users(session, active=None)}
        known = await candidates(session, today)
        away = await absences(session, since=today - timedelta(days=1))
        named = await deputies(session, since=today - timedelta(days=1))
    person, plan = visit.person, next(iter(visit.parts.plans.values()), None)
    roles = sorted({role for one in visit.parts.plans.values() for role in one.roles})
    working = [one for one in users.values() if one.active and set(one.roles) - {AUDITOR}]
    return visit.page(
        "engineers.html",
        status,
        engineers=[_engineer(one, users, visit) for one in known],
        absences=[_absence(one, users, visit) for one in away],
        deputies=[
            DeputyLine(
                name=_name(users, one.user),
                role=words.role_title(one.role, plan),
                days=_span(one.first, one.last),
                path=f"/engineers/deputies/{one.deputy_id}/remove" if person.has(one.role) or person.is_admin else "",
            )
            for one in named
        ],
        keeps=may(person, Right.KEEP_ENGINEERS),
        sees_board=may(person, Right.SEE_BOARD),
        plannable=[one for one in working if may_plan(person, one)],
        working=working,
        own=person.user_id,
        roles=[(role, words.role_title(role, plan)) for role in roles if person.has(role) or person.is_admin],
        answer=answer,
    )


def _engineer(one: Candidate, users: Mapping[str, User], visit: Visit) -> EngineerLine:
    user = users[one.user]
    until = away_until(one.absences, day_in(user.time_zone, visit.now))
    held = ngettext("%(num)s open task", "%(num)s open tasks", one.open_tasks)
    load = held if one.open_tasks else _("no open task")
    if one.appointments:
        today = ngettext("%(num)s appointment today", "%(num)s appointments today", one.appointments)
        load = f"{load}, {today}"
    return EngineerLine(
        user=one.user,
        name=one.name,
        regions=", ".join(one.regions),
        skills=", ".join(words.skill(skill) for skill in one.skills),
        marks=", ".join(one.skills),
        reports_to=user.reports_to or "",
        manager=_name(users, user.reports_to) if user.reports_to else "",
        load=load,
        away=_("absent until %(day)s", day=day_title(until)) if until else "",
    )


def _absence(one: Absence, users: Mapping[str, User], visit: Visit) -> AbsenceLine:
    user = users.get(one.user)
    mine = user is not None and may_plan(visit.person, user)
    return AbsenceLine(
        name=_name(users, one.user),
        days=_span(one.first, one.last),
        reason=one.reason if mine else "",
        substitute=_name(users, one.substitute) if one.substitute else "",
        path=f"/engineers/absences/{one.absence_id}/remove" if mine else "",
    )


def _name(users: Mapping[str, User], user: str | None) -> str:
    known = users.get(user or "")
    return known.name if known else user or ""


def _span(first: date | None, last: date | None) -> str:
    if first is None and last is None:
        return _("always")
    if first is None or last is None:
        return _("from %(day)s", day=_dated(first)) if first else _("until %(day)s", day=_dated(last))
    if first == last:
        return _dated(first)
    return _("%(first)s to %(last)s", first=_dated(first), last=_dated(last))


def _dated(day: date | None) -> str:
    """A day with its year, as the reader writes it."""
    return str(format_date(day, "medium", locale=locale())) if day else ""
