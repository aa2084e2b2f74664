"""The step before an action on a case is done: what follows from it is told, then it is sent, or nothing is changed."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from api.actions import reopen_case, send_message
from api.ids import known_case_id
from api.pages import words
from api.pages.acts import REOPEN, SURE, Act, Standing, act_of
from api.pages.consequences import Around, effects_of
from api.pages.entered import Entered
from api.pages.finding_errors import findings
from api.pages.languages import _
from api.pages.looking import looker_of
from api.pages.times import zone_words
from api.pages.uploading import store_uploads
from api.pages.visit import Visit, VisitDep, go_to
from api.rights import Right, require
from core.errors import AftercareError, NotFound
from store.queries.cases import CaseView, find_case
from store.users import list_users

router = APIRouter()


@router.get("/cases/{case_id}/do/{name}")
async def prepare(visit: VisitDep, case_id: str, name: str) -> Response:
    """Tells what follows from an action and asks for what it needs. Raises NotFound."""
    view, act, around = await _found(visit, case_id, name)
    return _page(visit, view, act, around)


@router.post("/cases/{case_id}/messages/{name}")
async def tell_case(visit: VisitDep, case_id: str, name: str) -> Response:
    """Tells the case something, or shows the step again with what was typed and why it was not taken."""
    entered = Entered.from_form(await visit.form())
    view, act, around = await _found(visit, case_id, name)
    act.entered, act.id = entered, entered.text("id") or act.id
    act.errors = await store_uploads(visit, entered)
    fields, unreadable = entered.values(act.fields, view.state.time_zone)
    act.errors |= unreadable
    if act.grave and not entered.text(SURE):
        act.errors[SURE] = _("Say that you have read what ends.")
    if not act.errors:
        try:
            await send_message(visit.parts, visit.person, case_id, name, {"id": act.id, **fields})
        except AftercareError as refused:
            if refused.status in (401, 404):
                raise
            act.errors = findings(refused, act.shown, prefix=f"{name}." if refused.status == 422 else "")
            return _page(visit, view, act, around, status=refused.status)
        return go_to(f"/cases/{case_id}", "told")
    return _page(visit, view, act, around, status=422)


@router.post("/cases/{case_id}/reopen")
async def reopen(visit: VisitDep, case_id: str) -> Response:
    """Opens a new case linked to this closed one."""
    entered = Entered.from_form(await visit.form())
    view, act, around = await _found(visit, case_id, REOPEN)
    changes: dict[str, Any] = {}
    if text := entered.text("reopen.description"):
        category = view.state.application.problem.category.value
        changes["problem"] = {"category": category, "description": text}
    try:
        opened = await reopen_case(visit.parts, visit.person, case_id, changes, key=entered.text("id") or None)
    except AftercareError as refused:
        if refused.status in (401, 404):
            raise
        act.entered, act.id = entered, entered.text("id") or act.id
        act.errors = findings(refused, act.shown)
        return _page(visit, view, act, around, status=refused.status)
    return go_to(f"/cases/{opened.case_id}", "opened")


async def _found(visit: Visit, case_id: str, name: str) -> tuple[CaseView, Act, Around]:
    """The action of that name as this person can take it. Raises NotFound when the case does not offer it now."""
    require(visit.person, Right.SEE_CASES)
    async with visit.parts.database.reading() as session:
        view = await find_case(session, known_case_id(case_id))
        looker = await looker_of(visit, session)
        users = await list_users(session) if name == "reassign" else ()
    if view is not None:
        plan = visit.plan(view.state.plan)
        waiting = [shown.task for shown in view.open_tasks]
        act = act_of(name, Standing(view.state, waiting, plan, visit.person, visit.now), users)
        if act is not None:
            mails = visit.parts.settings.mails
            return view, act, Around(view.state, view.open_tasks, plan, looker, mails, visit.now)
    raise NotFound("this cannot be done with the case as it stands now, or not in your role; look at the case again")


def _page(visit: Visit, view: CaseView, act: Act, around: Around, status: int = 200) -> Response:
    return visit.page(
        "case_do.html",
        status,
        act=act,
        href=f"/cases/{view.state.case_id}",
        number=words.case_number(view.state),
        about=words.case_title(view.state),
        customer=view.state.application.customer.name,
        effects=effects_of(act.name, around),
        currency=view.state.currency,
        zone=zone_words(view.state.time_zone, visit.now),
    )
