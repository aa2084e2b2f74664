"""The page of a case: where it stands, what is open by when, what happened, and what can be done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from api.actions import reopen_case, send_message
from api.ids import known_case_id
from api.known_products import product_of_case
from api.pages import words
from api.pages.acts import REOPEN, Act, acts_of, next_step
from api.pages.case_parts import (
    assessment_of,
    consents_of,
    costs_of,
    ending_of,
    links_of,
    papers_of,
    pause_of,
    shipments_of,
    totals_of,
)
from api.pages.entered import Entered
from api.pages.factory_parts import factory_view
from api.pages.finding_errors import findings
from api.pages.looking import Lines, files_of, looker_of, paused_since
from api.pages.notices import notice_lines
from api.pages.product_parts import known_view
from api.pages.task_view import reasons
from api.pages.timeline import timeline
from api.pages.times import zone_words
from api.pages.tracking_links import link_view
from api.pages.uploading import store_uploads
from api.pages.used import used_view
from api.pages.views import brief_of, files_view, stage_strip
from api.pages.visit import Visit, VisitDep, go_to
from api.reports import names_of
from api.rights import Right, may, require
from core.errors import AftercareError, NotFound
from domain.case import CaseState, CaseStatus, TaskState
from domain.knowledge import is_solved
from store.notices import notices_of_case
from store.queries.articles import article_made_of
from store.queries.cases import find_case, linked_cases
from store.queries.documents import documents_of
from store.queries.events import all_events, promises
from store.users import User, list_users

router = APIRouter()


@router.get("/cases/{case_id}")
async def show_case(visit: VisitDep, case_id: str) -> Response:
    """Shows a case; while the read side does not know it yet, a page that looks again by itself. Raises NotFound."""
    return await _page(visit, case_id)


@router.post("/cases/{case_id}/messages/{name}")
async def tell_case(visit: VisitDep, case_id: str, name: str) -> Response:
    """Tells the case something, or shows the page again with what was typed and why it was not taken."""
    entered = Entered.from_form(await visit.form())
    act = await _act(visit, case_id, name)
    act.entered, act.open, act.id = entered, True, entered.text("id") or act.id
    act.errors = await store_uploads(visit, entered)
    zone = await _zone(visit, case_id)
    fields, unreadable = entered.values(act.fields, zone)
    act.errors |= unreadable
    if not act.errors:
        try:
            await send_message(visit.parts, visit.person, case_id, name, {"id": act.id, **fields})
        except AftercareError as refused:
            if refused.status in (401, 404):
                raise
            act.errors = findings(refused, act.shown, prefix=f"{name}." if refused.status == 422 else "")
            return await _page(visit, case_id, act, status=refused.status)
        return go_to(f"/cases/{case_id}", "told")
    return await _page(visit, case_id, act, status=422)


@router.post("/cases/{case_id}/reopen")
async def reopen(visit: VisitDep, case_id: str) -> Response:
    """Opens a new case linked to this closed one."""
    entered = Entered.from_form(await visit.form())
    act = await _act(visit, case_id, REOPEN)
    changes: dict[str, Any] = {}
    if text := entered.text("reopen.description"):
        async with visit.parts.database.reading() as session:
            view = await find_case(session, known_case_id(case_id))
        category = view.state.application.problem.category.value if view else "other"
        changes["problem"] = {"category": category, "description": text}
    try:
        opened = await reopen_case(visit.parts, visit.person, case_id, changes, key=entered.text("id") or None)
    except AftercareError as refused:
        if refused.status in (401, 404):
            raise
        act.entered, act.open, act.id = entered, True, entered.text("id") or act.id
        act.errors = findings(refused, act.shown)
        return await _page(visit, case_id, act, status=refused.status)
    return go_to(f"/cases/{opened.case_id}", "opened")


async def _zone(visit: Visit, case_id: str) -> str:
    async with visit.parts.database.reading() as session:
        view = await find_case(session, known_case_id(case_id))
    return view.state.time_zone if view else visit.zone


async def _act(visit: Visit, case_id: str, name: str) -> Act:
    """The action of that name as this person can take it. Raises NotFound when the case does not offer it now."""
    async with visit.parts.database.reading() as session:
        view = await find_case(session, known_case_id(case_id))
        users = await list_users(session)
    if view is not None:
        for act in _acts(visit, view.state, [shown.task for shown in view.tasks], users):
            if act.name == name:
                return act
    raise NotFound("this cannot be done with the case as it stands now, or not in your role; look at the case again")


def _acts(visit: Visit, state: CaseState, tasks: Iterable[TaskState], users: Iterable[User]) -> list[Act]:
    reopenable = state.reopen_until is not None and visit.now <= state.reopen_until
    return acts_of(state, tasks, visit.plan(state.plan), users, visit.person, reopenable)


async def _page(visit: Visit, case_id: str, tried: Act | None = None, status: int = 200) -> Response:
    require(visit.person, Right.SEE_CASES)
    async with visit.parts.database.reading() as session:
        view = await find_case(session, known_case_id(case_id))
        if view is None:
            return await _not_shown_yet(visit, case_id)
        state = view.state
        plan = visit.plan(state.plan)
        looker = await looker_of(visit, session)
        events = await all_events(session, case_id)
        told = timeline(events, plan, currency=state.currency, names=looker.names)
        known = await files_of(session, state, {one for entry in told for one in entry.files})
        lines = Lines(visit, looker)
        every = await promises(session, case_id)
        promised = {one.task: one for one in every}
        linked = await linked_cases(session, case_id)
        users = await list_users(session)
        product = await product_of_case(session, visit.parts, state)
        learned = await article_made_of(session, case_id)
        issued = await documents_of(session, case_id)
        mailed = await notices_of_case(session, case_id)
        link = await link_view(visit, session, case_id)
    pause = paused_since(state)
    made = (lines.line(one, pause, promised.get(one.task.key)) for one in view.open_tasks)
    open_tasks = sorted(made, key=lambda line: line.sort)
    acts = _acts(visit, state, [shown.task for shown in view.tasks], users)
    if tried is not None:
        acts = [tried if act.name == tried.name else act for act in acts]
    for act in acts:
        act.open = act.open or act.name == visit.request.query_params.get("do")
    states = {one.task_id: one.task for one in view.open_tasks}
    why = [
        (line.title, first[1])
        for line in open_tasks
        for first in reasons(
            states[line.task_id], [one for one in every if one.task == states[line.task_id].key], state, visit
        )[:1]
    ]
    closed = state.status is CaseStatus.CLOSED
    return visit.page(
        "case.html",
        status,
        brief=brief_of(state, plan, known),
        known=known_view(product),
        factory=factory_view(state, visit.now),
        resolution=words.RESOLUTIONS[state.resolution] if state.resolution else "",
        special=f"at {words.panel(plan)}" if state.special_case_open else "",
        result=words.RESULTS[state.result] if closed and state.result else "",
        ending=ending_of(state, visit.now),
        paused=pause_of(state, visit.now),
        promised=None if closed else state.promised_for,
        late=any(line.clock.tone == "late" for line in open_tasks),
        stages=stage_strip(state.stages, state.stage, closed=closed),
        tasks=open_tasks,
        next_step=next_step(state, [one.task for one in view.open_tasks]),
        acts=acts,
        timeline=[(entry, files_view(entry.files, known)) for entry in told],
        promises=why,
        used=used_view(events, names_of(visit.parts), state.plan, visit.now),
        costs=costs_of(state),
        totals=totals_of(state),
        consents=consents_of(state),
        assessment=assessment_of(state, visit.now),
        shipments=shipments_of(state),
        documents=papers_of(issued),
        notices=notice_lines(mailed),
        links=links_of(linked),
        learned=learned,
        can_learn=learned is None and is_solved(state) and may(visit.person, Right.WRITE_ARTICLE),
        tracking=link,
        zone=zone_words(state.time_zone, visit.now),
        zone_name=state.time_zone,
    )


async def _not_shown_yet(visit: Visit, case_id: str) -> Response:
    """The page of a case that the engine knows and the read side does not yet. Raises NotFound when neither does."""
    try:
        known = await visit.parts.engine.find(case_id)
    except AftercareError as away:
        raise NotFound("there is no such case here, and the engine cannot be asked at the moment") from away
    if known is None:
        raise NotFound("there is no such case")
    return visit.page("set_up.html", case_id=case_id)
