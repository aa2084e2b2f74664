"""The page of a case: where it stands, what is open by when, what follows, what happened, and what can be done."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.ids import known_case_id
from api.known_products import product_of_case
from api.pages import words
from api.pages.acts import Standing, offers_of
from api.pages.case_deadlines import deadlines_of
from api.pages.case_parts import (
    assessment_of,
    consents_of,
    costs_of,
    ending_of,
    links_of,
    money_papers_of,
    papers_of,
    pause_of,
    shipments_of,
    totals_of,
)
from api.pages.case_stages import coming, track_of
from api.pages.case_timeline import told_of
from api.pages.erasing import erased_page, keeping_of
from api.pages.factory_parts import factory_view
from api.pages.languages import _
from api.pages.looking import Lines, files_of, looker_of, paused_since
from api.pages.notices import notice_lines
from api.pages.product_parts import entered_view, entries_view, known_view
from api.pages.timeline import timeline
from api.pages.times import zone_words
from api.pages.tracking_links import link_view
from api.pages.used import used_view
from api.pages.views import brief_of, case_line
from api.pages.visit import Visit, VisitDep
from api.reports import names_of
from api.rights import Right, may, require
from core.errors import AftercareError, NotFound
from domain.case import CaseState, CaseStatus
from domain.knowledge import is_solved
from store.erasing import erasure_of, hold_of
from store.notices import notices_of_case
from store.queries.articles import article_made_of
from store.queries.card import cases_of
from store.queries.cases import CaseSummary, Linked, find_case, linked_cases
from store.queries.documents import documents_of
from store.queries.events import all_events, promises_in

router = APIRouter()
_CARD = 10
"""Earlier cases of a product whose repairs are read for its card; its own page has them all."""
_SAME_PRODUCT = 6


@router.get("/cases/{case_id}")
async def show_case(visit: VisitDep, case_id: str) -> Response:
    """Shows a case; while the read side does not know it yet, a page that looks again by itself. Raises NotFound."""
    require(visit.person, Right.SEE_CASES)
    async with visit.parts.database.reading() as session:
        erased = await erasure_of(session, known_case_id(case_id))
        view = await find_case(session, case_id) if erased is None else None
    if erased is not None:
        return await erased_page(visit, erased)
    async with visit.parts.database.reading() as session:
        if view is None:
            return await _not_shown_yet(visit, case_id)
        state, plan = view.state, visit.plan(view.state.plan)
        looker = await looker_of(visit, session)
        events = await all_events(session, case_id)
        told = timeline(events, plan, currency=state.currency, names=looker.names)
        known = await files_of(session, state, {one for entry in told for one in entry.files})
        linked = await linked_cases(session, case_id, state.reopened_from)
        same, others = await _same_product(session, state, linked)
        product = await product_of_case(session, visit.parts, state, most_cases=_CARD if same else 0)
        learned = await article_made_of(session, case_id) if is_solved(state) else None
        issued = await documents_of(session, case_id, ended=state.status is CaseStatus.CLOSED)
        mailed = await notices_of_case(session, case_id)
        link = await link_view(visit, session, case_id)
        hold = await hold_of(session, case_id)
    now, zone = visit.now, state.time_zone
    promised = promises_in(events)
    latest = {one.task: one for one in promised}
    lines, pause = Lines(visit, looker), paused_since(state)
    made = (lines.line(one, pause, latest.get(one.task.key)) for one in view.open_tasks)
    open_tasks = sorted(made, key=lambda line: line.sort)
    states = [one.task for one in view.tasks]
    asked = visit.request.query_params
    every = asked.get("deadlines") == "all"
    deadlines = deadlines_of(state, states, promised, visit.parts.calendars, now, explain_all=every)
    closed = state.status is CaseStatus.CLOSED
    return visit.page(
        "case.html",
        brief=brief_of(state, plan, known),
        known=known_view(product, entered_view(state, states, plan, now)),
        repairs=entries_view(product.card),
        factory=factory_view(state, now),
        resolution=words.RESOLUTIONS[state.resolution] if state.resolution else "",
        special=_("at %(panel)s", panel=words.panel(plan)) if state.special_case_open else "",
        result=words.RESULTS[state.result] if closed and state.result else "",
        closed=closed,
        ending=ending_of(state, now),
        paused=pause_of(state, now),
        promised=None if closed else state.promised_for,
        late=any(line.clock.tone == "late" for line in open_tasks),
        track=track_of(state, plan, view.tasks, events, looker, now),
        tasks=open_tasks,
        coming=coming(state, plan, states),
        offers=offers_of(Standing(state, [one.task for one in view.open_tasks], plan, visit.person, now)),
        told=told_of(told, known, asked, f"/cases/{case_id}"),
        running=[line for line in deadlines if line.open],
        ended=[line for line in deadlines if not line.open],
        plan_href=f"/plans/{state.plan}" if plan else "",
        used=used_view(events, names_of(visit.parts), state.plan, now),
        costs=costs_of(state),
        totals=totals_of(state),
        consents=consents_of(state),
        money=money_papers_of(state),
        assessment=assessment_of(state, now),
        shipments=shipments_of(state),
        documents=papers_of(issued),
        notices=notice_lines(mailed),
        links=links_of(linked),
        others=[case_line(one, now) for one in others],
        learned=learned,
        can_learn=learned is None and is_solved(state) and may(visit.person, Right.WRITE_ARTICLE),
        tracking=link,
        keeping=keeping_of(visit, view.summary, view, hold),
        sees_access=may(visit.person, Right.SEE_ACCESS),
        audits=may(visit.person, Right.AUDIT),
        zone=zone_words(zone, now),
        zone_name=zone,
    )


async def _same_product(session: AsyncSession, state: CaseState, linked: Linked) -> tuple[bool, list[CaseSummary]]:
    """Whether there are other cases of the serial number, and the newest of them that are not linked by reopening."""
    if not state.serial_number:
        return False, []
    known = {state.case_id, *(one.case_id for one in linked.reopened_into)}
    if linked.reopened_from:
        known.add(linked.reopened_from.case_id)
    found = await cases_of(session, state.serial_number, most=_SAME_PRODUCT + len(known))
    same = any(one.case_id != state.case_id for one in found)
    return same, [one for one in found if one.case_id not in known][:_SAME_PRODUCT]


async def _not_shown_yet(visit: Visit, case_id: str) -> Response:
    """The page of a case that the engine knows and the read side does not yet. Raises NotFound when neither does."""
    try:
        known = await visit.parts.engine.find(case_id)
    except AftercareError as away:
        raise NotFound("there is no such case here, and the engine cannot be asked at the moment") from away
    if known is None:
        raise NotFound("there is no such case")
    return visit.page("set_up.html", case_id=case_id)
