"""The customer's own page of a case: where it stands, what is next by when, and what waits for their answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.pages import words
from api.pages.customers_view import can_withdraw, papers, questions, told_by_customer
from api.pages.entered import Entered
from api.pages.languages import _, zone
from api.pages.looking import appointment_of
from api.pages.public import Guest
from api.pages.sent_pictures import pictures_of, videos_of
from api.pages.times import day_and_time, zone_words
from api.pages.tracking_words import ENDED, NEXT, PAPERS, STAGES, STATES
from api.pages.views import promised_due
from api.parts import Parts, PartsDep
from api.routes.attachments import file_response
from api.tracking import case_of_link
from core.errors import NotFound
from domain.case import CaseState, CaseStatus
from store.queries.cases import CaseView, find_case
from store.queries.documents import documents_of, find_document
from store.queries.events import Promise, promises
from store.queries.tasks import TaskView

router = APIRouter()
INFORMATION = "information"
"""The name of the form that adds information, among the customer's answers."""


@dataclass(frozen=True)
class Stop:
    """A stage of a case as a customer reads it: done, here or later."""

    title: str
    state: str


@dataclass
class Tried:
    """A form of the page that was sent and not taken: which one, what was typed, what is wrong with it."""

    form: str
    entered: Entered
    wrong: dict[str, str] = field(default_factory=dict)
    status: int = 422


def told_next(kind: str) -> str:
    """What a customer is told of a kind of task that comes next; empty when it is ours alone."""
    return str(NEXT.get(kind, ""))


@router.get("/t/{token}")
async def show_tracking(request: Request, parts: PartsDep, token: str) -> Response:
    """Shows a case to its customer, found by the tracking link alone. Raises LinkNotValid."""
    return await tracking_page(request, parts, token)


@router.get("/t/{token}/documents/{document_id}")
async def give_paper(parts: PartsDep, token: str, document_id: str) -> Response:
    """Gives a paper of the case, to be saved. Raises LinkNotValid, NotFound for one that is not for customers."""
    if not document_id.isascii() or not document_id.isprintable() or len(document_id) > 200:
        raise NotFound("there is no such document in your case")
    async with parts.database.reading() as session:
        case_id = await case_of_link(parts, session, token)
        found = await find_document(session, document_id)
    if found is None or found[0] != case_id or found[1].kind not in {kind.value for kind in PAPERS}:
        raise NotFound("there is no such document in your case")
    return await file_response(parts, found[1].file)


async def view_of(parts: Parts, token: str) -> tuple[str, CaseView | None]:
    """Returns the case that a link opens, and what is known of it by now. Raises LinkNotValid."""
    async with parts.database.reading() as session:
        case_id = await case_of_link(parts, session, token)
        return case_id, await find_case(session, case_id)


async def tracking_page(request: Request, parts: Parts, token: str, tried: Tried | None = None) -> Response:
    """Returns the page, with a form that was not taken as it was typed. Raises LinkNotValid."""
    now, guest = parts.now(), Guest(request, parts)
    async with parts.database.reading() as session:
        case_id = await case_of_link(parts, session, token)
        view = await find_case(session, case_id)
        promised = await promises(session, case_id)
        sent, filmed = await pictures_of(session, view), await videos_of(session, view)
        issued = await documents_of(session, case_id)
    if view is None:
        return guest.page("customer_wait.html", here=request.url.path)
    case = view.state
    guest = Guest(request, parts, case.application.customer.language)
    asked = questions(case, view.tasks)
    step = _step(view)
    due = promised_due(step.task) if step else None
    shown_zone = zone(case.time_zone)
    closed = case.status is CaseStatus.CLOSED
    return guest.page(
        "tracking.html",
        tried.status if tried else 200,
        now=now,
        base=f"/t/{token}",
        csrf=guest.token(purpose(case_id)),
        company=case.company,
        heading=_("Your service case is closed") if closed else _("Your service case"),
        number=words.case_number(case),
        product=case.application.product.model,
        stops=_strip(case),
        state=_state(case),
        next_step=told_next(step.task.kind) if step else "",
        agreed=_agreed(step, promised) if case.status is CaseStatus.ACTIVE else None,
        by=due if case.status is CaseStatus.ACTIVE else None,
        late=due is not None and due < now,
        promised=None if closed else case.promised_for,
        paused=_pause(case, now),
        questions=asked,
        name=case.application.customer.contact_name or "",
        tried=tried,
        empty=Entered(),
        pictures=[f"/t/{token}/pictures/{one}" for one in sent],
        videos=[(f"/t/{token}/videos/{one}", file.file_name) for one, file in filmed.items()],
        told=told_by_customer(case.information),
        papers=papers(token, issued),
        may_tell=not closed,
        may_withdraw=can_withdraw(case),
        zone_name=shown_zone,
        zone=zone_words(shown_zone, now),
    )


def purpose(case_id: str) -> str:
    """What the forms of a case's page are made for."""
    return f"track:{case_id}"


def _agreed(step: TaskView | None, promised: Iterable[Promise]) -> datetime | None:
    """The appointment that the next step has with the customer; its deadline is the end of a window, ours alone."""
    latest = [one for one in promised if step and one.task == step.task.key]
    return appointment_of(latest[-1]) if latest else None


def _strip(case: CaseState) -> tuple[Stop, ...]:
    """The stages that a customer knows of; one outside the plan's order stands before the end."""
    order = list(dict.fromkeys(case.stages))
    if case.stage not in order:
        order.insert(max(len(order) - 1, 0), case.stage)
    here = order.index(case.stage)
    closed = case.status is CaseStatus.CLOSED
    return tuple(
        Stop(str(STAGES[stage]), "done" if closed or place < here else "here" if place == here else "later")
        for place, stage in enumerate(order)
        if stage in STAGES
    )


def _state(case: CaseState) -> str:
    if case.status is CaseStatus.CLOSED and case.result:
        return ENDED[case.result]
    return STATES[case.stage]


def _step(view: CaseView) -> TaskView | None:
    known = [task for task in view.open_tasks if task.task.kind in NEXT]
    far = datetime.max.replace(tzinfo=view.state.opened_at.tzinfo)
    return min(known, key=lambda task: promised_due(task.task) or far, default=None)


def _pause(case: CaseState, now: datetime) -> str:
    hold = next((hold for hold in case.holds if hold.ends is None), None)
    if hold is None:
        return ""
    until = day_and_time(hold.until, zone(case.time_zone), now)
    return _(
        "We are waiting for you, as agreed. We go on %(until)s at the latest; earlier if you tell us.", until=until
    )
