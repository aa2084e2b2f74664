"""Requests to look at: what came by the public form and looked suspicious, for the desk to open or reject."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from api.actions.requests import Doubt, open_held, reject_held
from api.pages.languages import _, lazy, say
from api.pages.views import FileView, files_view
from api.pages.visit import Visit, VisitDep, go_to, problem_text
from api.rights import Right, require
from core.errors import AftercareError, NotFound
from domain.case import Application
from store.attachments import find_attachments
from store.held_requests import HeldRequest, decided_requests, waiting_requests

router = APIRouter()
_DOUBTS = {
    Doubt.TRAP: lazy("A field was filled in that people do not see."),
    Doubt.QUICK: lazy("It was sent within seconds of opening the form."),
    Doubt.LINKS: lazy("It has several links to other sites in it."),
    Doubt.OFTEN: lazy("Several came from the same network within an hour."),
}


@dataclass(frozen=True)
class Shown:
    """A request that waits, with all that it says."""

    request_id: str
    customer: str
    received_at: datetime
    plan: str
    doubts: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    text: str
    files: tuple[FileView, ...]


@dataclass(frozen=True)
class Decided:
    """A request that somebody decided on."""

    request_id: str
    at: datetime | None
    by: str
    case_href: str


@router.get("/requests")
async def show_requests(visit: VisitDep) -> Response:
    """Lists what waits, the oldest first, and what was decided lately. Raises Forbidden."""
    require(visit.person, Right.JUDGE_REQUEST)
    return await _page(visit)


@router.post("/requests/{request_id}")
async def decide(visit: VisitDep, request_id: str) -> Response:
    """Opens the case of a request (`do=open`) or rejects it (`do=reject`). Raises Forbidden, NotFound."""
    require(visit.person, Right.JUDGE_REQUEST)
    form = await visit.form()
    try:
        match form.get("do"):
            case "open":
                opened = await open_held(visit.parts, visit.person, request_id)
                return go_to(f"/cases/{opened.case_id}", "opened")
            case "reject":
                await reject_held(visit.parts, visit.person, request_id)
                return go_to("/requests", "rejected")
            case _:
                raise NotFound("a request can be opened or rejected, nothing else")
    except AftercareError as refused:
        if refused.status in (401, 403, 404):
            raise
        return await _page(visit, problem_text(refused), refused.status)


async def _page(visit: Visit, problem: str = "", status: int = 200) -> Response:
    async with visit.parts.database.reading() as session:
        waiting = await waiting_requests(session)
        decided = await decided_requests(session)
        known = await find_attachments(session, [file for one in waiting for file in _files(one)])
    return visit.page(
        "requests.html",
        status,
        problem=problem,
        waiting=[_shown(visit, one, files_view(_files(one), known)) for one in waiting],
        decided=[
            Decided(
                one.request_id, one.decided_at, one.decided_by or "", f"/cases/{one.case_id}" if one.case_id else ""
            )
            for one in decided
        ],
        zone_name=visit.zone,
        now=visit.now,
    )


def _files(held: HeldRequest) -> tuple[str, ...]:
    return tuple((held.request or {}).get("attachments") or ())


def _shown(visit: Visit, held: HeldRequest, files: Any) -> Shown:
    asked = Application.model_validate(held.request)
    customer, product, problem = asked.customer, asked.product, asked.problem
    plan = visit.plan(held.plan)
    facts = (
        (_("Contact person"), customer.contact_name),
        (_("Phone"), customer.phone),
        (_("E-mail"), customer.email),
        (_("Where"), ", ".join(filter(None, (customer.region, customer.address)))),
        (_("Product"), " · ".join(filter(None, (product.model, product.serial_number)))),
        (_("Kind of issue"), say(problem.category.title_text)),
        (_("Asks for"), say(asked.request.title_text)),
    )
    return Shown(
        request_id=held.request_id,
        customer=customer.name,
        received_at=held.received_at,
        plan=say(plan.title) if plan else held.plan,
        doubts=tuple(str(_DOUBTS[Doubt(one)]) for one in held.reasons if one in set(Doubt)),
        facts=tuple((name, value) for name, value in facts if value),
        text=problem.description,
        files=tuple(files),
    )
