"""Cases: open, list, look at, tell, reopen."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Response

from api.actions import OpenedCase, open_case, reopen_case, send_message
from api.bodies import JsonObject, OptionalJsonObject
from api.erasing_shown import CaseErased
from api.ids import known_case_id
from api.known_products import product_of_case
from api.openapi import json_body
from api.parts import PartsDep
from api.rights import Right, require
from api.routes.query import Cursor, Filter, Limit, choices, chosen, cursors, text, yes_or_no
from api.schemas import NotProjected, Opened, RecordedMessage, ReopenBody, SignalBody
from api.shown import CaseInList, CaseShown, CasesPage
from api.signin import PersonDep
from api.tracking import address_of, make_link_anew, take_link_back, tracking_url
from core.errors import NotFound
from domain.case import Application, CaseStatus
from domain.plan import Stage
from store.erasing import erasure_of
from store.queries.cases import find_case, linked_cases, list_cases
from store.queries.events import promises
from store.tracking_links import Link

router = APIRouter(tags=["cases"])

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key", description="Chosen by the sender: the same key and body sent again is the same case."
    ),
]


def _opened(opened: OpenedCase, response: Response) -> Opened:
    response.status_code = 201 if opened.created else 200
    response.headers["Location"] = f"/api/v1/cases/{opened.case_id}"
    return Opened(case_id=opened.case_id, tracking_url=opened.tracking_url)


@router.post("/cases", status_code=201, openapi_extra=json_body(Application), responses={200: {"model": Opened}})
async def open_a_case(
    parts: PartsDep, person: PersonDep, fields: JsonObject, response: Response, idempotency_key: IdempotencyKey = None
) -> Opened:
    """Opens a case. 201 for a new one; 200 when the same request with the same Idempotency-Key opened it before."""
    return _opened(await open_case(parts, person, fields, key=idempotency_key), response)


@router.get("/cases")
async def cases(
    *,
    parts: PartsDep,
    person: PersonDep,
    stage: Annotated[str | None, choices(Stage, "in this stage")] = None,
    state: Annotated[str | None, choices(CaseStatus, "active, suspended or closed")] = None,
    plan: Filter = None,
    q: Filter = None,
    overdue: Filter = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CasesPage:
    """Lists cases, newest first. `q` finds cases in which each of its words occurs."""
    require(person, Right.SEE_CASES)
    now = parts.now()
    with cursors():
        async with parts.database.reading() as session:
            page = await list_cases(
                session,
                stage=chosen(Stage, stage, "stage"),
                status=chosen(CaseStatus, state, "state"),
                plan=text(plan, "plan"),
                q=text(q, "q"),
                overdue=yes_or_no(overdue, "overdue"),
                now=now,
                cursor=text(cursor, "cursor"),
                limit=limit,
            )
    return CasesPage(items=[CaseInList.of(case, now) for case in page.items], next=page.next)


@router.get("/cases/{case_id}")
async def one_case(parts: PartsDep, person: PersonDep, case_id: str) -> CaseShown | CaseErased | NotProjected:
    """Shows a case. While the read side does not have it yet, only that it exists (`projected` is false).

    Of an erased case (`erased_at`), what is left of it.
    """
    require(person, Right.SEE_CASES)
    async with parts.database.reading() as session:
        erased = await erasure_of(session, known_case_id(case_id))
        if erased is not None:
            return CaseErased.of(erased)
        view = await find_case(session, case_id)
        if view is not None:
            known = await product_of_case(session, parts, view.state)
            linked, promised = (
                await linked_cases(session, case_id, view.state.reopened_from),
                await promises(session, case_id),
            )
            url = await tracking_url(parts, session, case_id)
            return CaseShown.of(parts, view, linked, promised, known, tracking_url=url)
    if await parts.engine.find(case_id) is None:
        raise NotFound("there is no such case")
    return NotProjected(case_id=case_id, tracking_url=address_of(parts, case_id, Link()))


@router.post("/cases/{case_id}/signals/{name}", status_code=202, openapi_extra=json_body(SignalBody, required=False))
async def signal(
    parts: PartsDep, person: PersonDep, case_id: str, name: str, fields: OptionalJsonObject
) -> RecordedMessage:
    """Tells a case something: escalate, add_information, pause, resume, withdraw, reassign, reschedule, correct, ...

    The body has the fields of the message of that name. It is on record when this answers, even while no worker is up.
    """
    recorded = await send_message(parts, person, case_id, name, fields)
    return RecordedMessage(id=recorded.id)


@router.post("/cases/{case_id}/tracking-link", status_code=201)
async def new_tracking_link(parts: PartsDep, person: PersonDep, case_id: str) -> Opened:
    """Replaces the customer's tracking link: the old one opens nothing from now on."""
    return Opened(case_id=case_id, tracking_url=await make_link_anew(parts, person, case_id))


@router.delete("/cases/{case_id}/tracking-link", status_code=204)
async def no_tracking_link(parts: PartsDep, person: PersonDep, case_id: str) -> None:
    """Takes the customer's tracking link back: nothing opens the customer's page until a new one is made."""
    await take_link_back(parts, person, case_id)


@router.post("/cases/{case_id}/reopen", status_code=201, openapi_extra=json_body(ReopenBody, required=False))
async def reopen(
    parts: PartsDep,
    person: PersonDep,
    case_id: str,
    changes: OptionalJsonObject,
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> Opened:
    """Opens a new case linked to a closed one, with the old request except for what the body changes."""
    return _opened(await reopen_case(parts, person, case_id, changes, key=idempotency_key), response)
