"""The record of a case: events, the engine's history, deadlines explained."""

from __future__ import annotations

from fastapi import APIRouter, Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.ids import known_case_id
from api.parts import PartsDep
from api.rights import Right, require
from api.routes.query import Cursor, Limit, cursors, text
from api.shown import DeadlinesPage, EventsPage, deadlines_of
from api.signin import PersonDep
from core.errors import NotFound
from domain.statistics import UsedTime, used_time
from store.erasing import require_content
from store.queries.cases import CaseView, case_exists, find_case
from store.queries.events import all_events, list_events, promises

router = APIRouter(tags=["record"])


@router.get("/cases/{case_id}/events")
async def events(
    parts: PartsDep, person: PersonDep, case_id: str, cursor: Cursor = None, limit: Limit = 100
) -> EventsPage:
    """Lists what happened to a case, in order; each entry is chained to the one before by its hash."""
    require(person, Right.SEE_CASES)
    with cursors():
        async with parts.database.reading() as session:
            page = await list_events(session, known_case_id(case_id), cursor=text(cursor, "cursor"), limit=limit)
            if not page.items and not await case_exists(session, case_id):
                raise NotFound("there is no such case")
    return EventsPage(items=list(page.items), next=page.next)


@router.get("/cases/{case_id}/history", responses={200: {"content": {"application/json": {}}}})
async def history(parts: PartsDep, person: PersonDep, case_id: str) -> Response:
    """Gives the engine's history of a case as JSON; it replays offline."""
    require(person, Right.SEE_HISTORY)
    found = await parts.engine.history(known_case_id(case_id))
    if found is None:
        raise NotFound("the engine keeps no history of this case (any more)")
    return Response(found, media_type="application/json")


@router.get("/cases/{case_id}/deadlines")
async def deadlines(parts: PartsDep, person: PersonDep, case_id: str) -> DeadlinesPage:
    """Explains each deadline that was promised: its budget and clause, what was counted and what was not, and why."""
    require(person, Right.SEE_CASES)
    async with parts.database.reading() as session:
        view = await _case(session, case_id)
        promised = await promises(session, case_id)
    return DeadlinesPage(items=deadlines_of(view, promised), next=None)


async def _case(session: AsyncSession, case_id: str) -> CaseView:
    view = await find_case(session, known_case_id(case_id))
    await require_content(session, case_id)
    if view is None:
        raise NotFound("there is no such case")
    return view


@router.get("/cases/{case_id}/used-time")
async def who_used_the_time(parts: PartsDep, person: PersonDep, case_id: str) -> UsedTime:
    """Who used the time of a case so far, by waiting party and department, as a whole and inside each promise."""
    require(person, Right.SEE_CASES)
    async with parts.database.reading() as session:
        used = used_time(await all_events(session, known_case_id(case_id)), parts.now())
    if used is None:
        raise NotFound("there is no such case")
    return used
