"""Engineers, who is proposed for a task, absences and deputies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from fastapi import APIRouter, Response

from api.actions.engineers import (
    end_deputy,
    enter_absence,
    keep_profile,
    name_deputy,
    proposal_for,
    take_back_absence,
)
from api.bodies import JsonObject
from api.openapi import json_body
from api.parts import Parts, PartsDep
from api.rights import Person, Right, require
from api.routes.query import Cursor, Filter, Limit, cursors, text
from api.schemas import AbsenceBody, DeputyBody, ProfileBody
from api.shown_engineers import (
    AbsenceShown,
    AbsencesPage,
    DeputiesPage,
    DeputyShown,
    EngineerShown,
    EngineersPage,
    ProposalShown,
)
from api.signin import PersonDep
from core.errors import NotFound
from store.queries.engineers import absences, candidates, deputies
from store.queries.paging import Page, from_cursor, page_of, size
from store.users import list_users

router = APIRouter(tags=["engineers"])
T = TypeVar("T")


def _part(
    of: str, found: Sequence[T], place: Callable[[T], tuple[int, str]], cursor: str | None, limit: int
) -> Page[T]:
    """The part of a short list behind a cursor, in the order of the places."""
    with cursors():
        after = from_cursor(of, cursor) if cursor else None
    rest = sorted((one for one in found if after is None or place(one) > after), key=place)[: size(limit) + 1]
    return page_of(rest, size(limit), of, [place(one) for one in rest])


@router.get("/engineers")
async def engineers(parts: PartsDep, person: PersonDep, cursor: Cursor = None, limit: Limit = 50) -> EngineersPage:
    """Lists the active engineers by sign-in name, each with regions, skills, today's load and absences."""
    require(person, Right.SEE_CASES)
    page = _part("engineers", await _all(parts, person), lambda one: (0, one.user), text(cursor, "cursor"), limit)
    return EngineersPage(items=list(page.items), next=page.next)


@router.get("/engineers/{user}")
async def one_engineer(parts: PartsDep, person: PersonDep, user: str) -> EngineerShown:
    """Shows one engineer."""
    require(person, Right.SEE_CASES)
    for one in await _all(parts, person):
        if one.user == user:
            return one
    raise NotFound("there is no such engineer")


@router.put("/engineers/{user}", openapi_extra=json_body(ProfileBody))
async def profile(parts: PartsDep, person: PersonDep, user: str, fields: JsonObject) -> EngineerShown:
    """Replaces an engineer's regions, skills and line manager."""
    await keep_profile(parts, person, user, fields)
    return await one_engineer(parts, person, user)


@router.get("/absences")
async def all_absences(
    parts: PartsDep, person: PersonDep, user: Filter = None, cursor: Cursor = None, limit: Limit = 50
) -> AbsencesPage:
    """Lists the absences that last or lie ahead, of everybody or of one person."""
    require(person, Right.SEE_CASES)
    async with parts.database.reading() as session:
        people = {one.user_id: one for one in await list_users(session, active=None)}
        since = parts.now().date() - timedelta(days=1)
        found = await absences(session, since=since, user=text(user, "user"))
    page = _part("absences", found, lambda one: (one.first.toordinal(), one.absence_id), text(cursor, "cursor"), limit)
    return AbsencesPage(
        items=[AbsenceShown.of(one, people.get(one.user), person) for one in page.items], next=page.next
    )


@router.post("/absences", status_code=201, openapi_extra=json_body(AbsenceBody))
async def absent(parts: PartsDep, person: PersonDep, fields: JsonObject, response: Response) -> AbsenceShown:
    """Enters that somebody is away, with who does their work meanwhile."""
    absence = await enter_absence(parts, person, fields)
    response.headers["Location"] = f"/api/v1/absences/{absence.absence_id}"
    return AbsenceShown(**absence.model_dump())


@router.delete("/absences/{absence_id}", status_code=204)
async def back(parts: PartsDep, person: PersonDep, absence_id: str) -> None:
    """Takes an absence back; one that lasts ends by it."""
    await take_back_absence(parts, person, absence_id)


@router.get("/deputies")
async def all_deputies(parts: PartsDep, person: PersonDep, cursor: Cursor = None, limit: Limit = 50) -> DeputiesPage:
    """Lists the deputies of roles whose time has not ended."""
    require(person, Right.SEE_CASES)
    async with parts.database.reading() as session:
        found = await deputies(session, since=parts.now().date() - timedelta(days=1))
    page = _part("deputies", found, lambda one: (0, f"{one.role} {one.deputy_id}"), text(cursor, "cursor"), limit)
    return DeputiesPage(items=[DeputyShown.of(one) for one in page.items], next=page.next)


@router.post("/deputies", status_code=201, openapi_extra=json_body(DeputyBody))
async def deputy(parts: PartsDep, person: PersonDep, fields: JsonObject, response: Response) -> DeputyShown:
    """Names a deputy of a role, for a time or always."""
    named = await name_deputy(parts, person, fields)
    response.headers["Location"] = f"/api/v1/deputies/{named.deputy_id}"
    return DeputyShown.of(named)


@router.delete("/deputies/{deputy_id}", status_code=204)
async def deputy_ended(parts: PartsDep, person: PersonDep, deputy_id: str) -> None:
    """Ends that somebody is a role's deputy."""
    await end_deputy(parts, person, deputy_id)


@router.get("/tasks/{task_id}/proposal")
async def proposal(parts: PartsDep, person: PersonDep, task_id: str) -> ProposalShown:
    """Proposes engineers for a task in which one is chosen, best first with the reasons. A person decides."""
    return ProposalShown.of(task_id, await proposal_for(parts, person, task_id))


async def _all(parts: Parts, person: Person) -> list[EngineerShown]:
    async with parts.database.reading() as session:
        people = {one.user_id: one for one in await list_users(session)}
        today = parts.now().date()
        known = await candidates(session, today)
    return [EngineerShown.of(one, people[one.user], person, today) for one in known]
