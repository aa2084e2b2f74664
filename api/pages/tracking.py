"""The customer's own page of a case: where it stands and what is next by when, in plain words, nothing internal."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import Response

from api.pages import words
from api.pages.looking import appointment_of
from api.pages.rendering import render
from api.pages.sent_pictures import pictures_of, videos_of
from api.pages.times import day_and_time, zone_words
from api.pages.views import StageView, promised_due, stage_strip
from api.pages.visit import plain_frame
from api.parts import PartsDep
from domain.case import CaseState, CaseStatus, Result
from domain.plan import Stage
from store.queries.cases import CaseView, find_case
from store.queries.events import Promise, promises
from store.queries.tasks import TaskView

router = APIRouter()

_STATES = {
    Stage.REGISTER: "We have received your request.",
    Stage.DIAGNOSE: "Your request is registered. We are looking into the problem.",
    Stage.DISPATCH: "We are choosing the engineer for you.",
    Stage.RECORD: "We have received your feedback.",
    Stage.CHOOSE_MODE: "Your feedback is with our after-sales team. They are choosing how to serve you.",
    Stage.CONTRACT: "Your product is beyond its warranty. We are preparing the service contract with you.",
    Stage.VERIFY: "We have received your request and are checking the product's details.",
    Stage.ANALYSE: "We are looking into the problem together with you.",
    Stage.AGREE: "We are agreeing with you what follows.",
    Stage.COLLECT: "We have received your request and ask you for pictures and videos of the problem.",
    Stage.HAND_OVER: "The factory is working out a solution.",
    Stage.RESOLVE: "We are solving the problem.",
    Stage.ACCEPT: "The work is done. Please check the result.",
    Stage.RECEIPT: "You have accepted the result. We are finishing the papers.",
    Stage.SETTLE: "You have accepted the result. We are finishing the papers.",
    Stage.FOLLOW_UP: "The work is done. We would like to know how it went.",
    Stage.REQUEST: "We have received your request.",
    Stage.EVALUATE: "Your request is registered. We are looking into the problem.",
    Stage.CALL_AHEAD: "We are agreeing with you when somebody comes.",
    Stage.INVOICE: "You have accepted the result. We are preparing the invoice.",
    Stage.APPROVE: "The work is done. We are closing your order.",
    Stage.GIVE_BACK: "We are sending back what we have of yours.",
    Stage.ARCHIVE: "We are filing your case.",
}
_STAGES = {
    Stage.REGISTER: "Request",
    Stage.DIAGNOSE: "Check",
    Stage.DISPATCH: "Engineer",
    Stage.RECORD: "Request",
    Stage.CHOOSE_MODE: "Service mode",
    Stage.CONTRACT: "Contract",
    Stage.VERIFY: "Request",
    Stage.ANALYSE: "Analysis",
    Stage.AGREE: "Agreement",
    Stage.COLLECT: "Request",
    Stage.HAND_OVER: "Factory",
    Stage.RESOLVE: "Solution",
    Stage.ACCEPT: "Acceptance",
    Stage.RECEIPT: "Receipt",
    Stage.SETTLE: "Costs",
    Stage.FOLLOW_UP: "Feedback",
    Stage.REQUEST: "Request",
    Stage.EVALUATE: "Check",
    Stage.CALL_AHEAD: "Appointment",
    Stage.INVOICE: "Invoice",
    Stage.APPROVE: "Closing",
    Stage.GIVE_BACK: "Return",
}
"""Stages in a customer's words; filing is ours alone."""
_NEXT = {
    "contact_customer": "Next: we contact you to confirm what you need.",
    "remote_diagnosis": "Next: we go through a few checks with you by phone or message.",
    "assign_engineer": "Next: an engineer is assigned to you.",
    "engineer_call": "Next: the engineer calls you to agree how and when.",
    "site_visit": "Next: our engineer visits you.",
    "tell_customer": "Next: we call you, because our mail did not reach you.",
    "confirm_plan": "Next: we need your answer to the proposed work and its costs.",
    "analyse_problem": "Next: our technicians go through the problem with you.",
    "solve_problem": "Next: we tell you what we found and solve it with you.",
    "talk_to_customer": "Next: we talk to you about the repair and its cost.",
    "ask_for_item": "Next: we ask you about the item that was to come.",
    "inspect_returned": "Next: we inspect your item.",
    "repair_returned": "Next: we repair your item.",
    "repair_as_promised": "Next: we repair your item by the date we told you.",
    "reinspect": "Next: we test your item before it goes back.",
    "site_repair": "Next: the engineer does the work you agreed to.",
    "await_parts": "Next: a spare part arrives; then we agree a second visit.",
    "receive_item": "Next: your item arrives with us.",
    "workshop_inspection": "Next: we inspect your item.",
    "workshop_repair": "Next: we repair your item.",
    "return_item": "Next: your item goes back to you.",
    "ask_for_material": "Next: we ask you for pictures, videos and other material.",
    "collect_material": "Next: we wait for your pictures, videos and other material.",
    "report_problem": "Next: we describe the problem for the factory.",
    "send_to_factory": "Next: the factory gets your information.",
    "factory_confirmation": "Next: the factory confirms that it has your information.",
    "ask_wishes": "Next: we ask you by when you need the repair.",
    "propose_solution": "Next: the factory gives a solution.",
    "agree_session": "Next: we agree a time with you that suits you.",
    "video_session": "Next: we support you by video.",
    "telephone_session": "Next: we support you by telephone.",
    "email_solution": "Next: you get the solution by e-mail.",
    "confirm_solved": "Next: we ask you whether the solution helped.",
    "receive_parts_nearby": "Next: the parts arrive at your place.",
    "receive_parts": "Next: the parts arrive at your place.",
    "guided_installation": "Next: we guide you by video through replacing the part.",
    "deliver_equipment": "Next: your replacement is delivered.",
    "return_instructions": "Next: we tell you where to send the item and what to observe.",
    "factory_receipt": "Next: your item arrives at the factory.",
    "factory_inspection": "Next: the factory inspects and repairs your item.",
    "factory_repair": "Next: the factory repairs your item.",
    "send_replacement": "Next: your replacement is on its way.",
    "acceptance": "Next: you check that everything works and sign.",
    "settlement": "Next: you receive the list of costs.",
    "follow_up": "Next: we ask you how it went.",
    "register_request": "Next: we register your request.",
    "record_order": "Next: we record your order.",
    "call_ahead": "Next: our service person calls you to agree the time.",
    "confirm_visit": "Next: we call you to confirm the visit.",
    "field_visit": "Next: our service person visits you.",
    "promise_date": "Next: we tell you by when it will be fixed.",
    "hand_over": "Next: what we take with us is handed over in writing.",
    "centre_inspection": "Next: our maintenance centre inspects what we took with us.",
    "agree_installation": "Next: we agree with you when we bring it back.",
    "install_again": "Next: we bring it back and install it.",
    "issue_invoice": "Next: you receive the invoice.",
    "record_feedback": "Next: we write your feedback down and pass it to our after-sales team.",
    "choose_mode": "Next: our after-sales team chooses how to serve you.",
    "sign_contract": "Next: we need your answer to the service contract.",
    "consultation": "Next: our after-sales team gives you a solution.",
    "remote_guidance": "Next: we guide you from afar.",
    "arrange_visit": "Next: we agree with you when we come.",
    "service_visit": "Next: our after-sales team visits you.",
    "update_document": "Next: our technical department updates your documents.",
    "verify_visit": "Next: we ask you how the visit was carried out.",
    "verify_product": "Next: we check the details of your product with you.",
    "determine_problem": "Next: we find out what is wrong and what a repair would cost.",
    "evaluate_fault": "Next: our specialist looks into the fault.",
    "quote_costs": "Next: we work out what it costs.",
    "issue_parts_order": "Next: we order the parts.",
    "purchase_parts": "Next: we order the parts.",
    "issue_equipment_order": "Next: we order your replacement.",
    "purchase_equipment": "Next: we order your replacement.",
    "prepare_invoice": "Next: we prepare your invoice.",
    "progress_update": "Next: we tell you how far it is.",
    "locate_item": "Next: we ask you where your item is.",
}
"""Steps a customer knows of; all others are ours alone and are not told."""
_ENDED = {
    Result.RESOLVED: "Your case is closed: the problem is solved.",
    Result.REPLACED: "Your case is closed: the product was replaced.",
    Result.DECLINED: "Your case is closed: you declined the proposed work.",
    Result.WITHDRAWN: "Your case is closed: you withdrew it.",
    Result.UNRESOLVED: "Your case is closed without a solution.",
    Result.REJECTED: "Your case is closed: the request was not accepted.",
}


def told_next(kind: str) -> str:
    """What a customer is told of a kind of task that comes next; empty when it is ours alone."""
    return _NEXT.get(kind, "")


@router.get("/t/{token}")
async def show_tracking(parts: PartsDep, token: str) -> Response:
    """Shows a case to its customer, found by the tracking link alone. Raises NotFound for a link we did not make."""
    case_id = parts.tracking.case_id(token)
    now = parts.now()
    async with parts.database.reading() as session:
        view = await find_case(session, case_id)
        promised = await promises(session, case_id)
        sent, filmed = await pictures_of(session, view), await videos_of(session, view)
    if view is None:
        return render("set_up.html", page=plain_frame(parts), case_id=case_id)
    case = view.state
    step = _step(view)
    due = promised_due(step.task) if step else None
    return render(
        "tracking.html",
        page=plain_frame(parts),
        now=now,
        heading="Your service case" if case.status is not CaseStatus.CLOSED else "Your service case is closed",
        number=words.case_number(case),
        product=case.application.product.model,
        stages=_strip(case),
        state=_state(case),
        next_step=_NEXT[step.task.kind] if step else "",
        agreed=_agreed(step, promised) if case.status is CaseStatus.ACTIVE else None,
        by=due if case.status is CaseStatus.ACTIVE else None,
        late=due is not None and due < now,
        pictures=[f"/t/{token}/pictures/{one}" for one in sent],
        videos=[(f"/t/{token}/videos/{one}", file.file_name) for one, file in filmed.items()],
        promised=case.promised_for if case.status is not CaseStatus.CLOSED else None,
        paused=_pause(case, now),
        zone_name=case.time_zone,
        zone=zone_words(case.time_zone, now),
    )


def _agreed(step: TaskView | None, promised: Iterable[Promise]) -> datetime | None:
    """The appointment that the next step has with the customer; its deadline is the end of a window, ours alone."""
    latest = [one for one in promised if step and one.task == step.task.key]
    return appointment_of(latest[-1]) if latest else None


def _strip(case: CaseState) -> tuple[StageView, ...]:
    strip = stage_strip(case.stages, case.stage, closed=case.status is CaseStatus.CLOSED)
    told = {words.STAGES[stage]: title for stage, title in _STAGES.items()}
    return tuple(StageView(told[one.title], one.state) for one in strip if one.title in told)


def _state(case: CaseState) -> str:
    if case.status is CaseStatus.CLOSED and case.result:
        return _ENDED[case.result]
    return _STATES[case.stage]


def _step(view: CaseView) -> TaskView | None:
    known = [task for task in view.open_tasks if task.task.kind in _NEXT]
    far = datetime.max.replace(tzinfo=view.state.opened_at.tzinfo)
    return min(known, key=lambda task: promised_due(task.task) or far, default=None)


def _pause(case: CaseState, now: datetime) -> str:
    hold = next((hold for hold in case.holds if hold.ends is None), None)
    if hold is None:
        return ""
    return f"We are waiting for you, as agreed. We go on {day_and_time(hold.until, case.time_zone, now)} at the latest."
