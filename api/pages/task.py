"""The page of a user task: shown, claimed, released, delegated, completed."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from api.actions import claim_task, complete_task, delegate_task, release_task
from api.ids import new_id
from api.pages.entered import Entered
from api.pages.finding_errors import findings
from api.pages.languages import _
from api.pages.task_ended import answers_of
from api.pages.task_view import HAPPENED, Conflict, TaskPage, behalf_fields, page_of
from api.pages.times import day_and_time
from api.pages.uploading import store_uploads
from api.pages.visit import Visit, VisitDep, go_to, own_path, problem_text
from api.problems import wants_page
from core.errors import AftercareError, Refused

router = APIRouter()


@router.get("/tasks/{task_id}")
async def show_task(visit: VisitDep, task_id: str) -> Response:
    """Shows a task. Raises NotFound."""
    return (await page_of(visit, task_id)).show(visit)


@router.post("/tasks/{task_id}/claim")
async def claim(visit: VisitDep, task_id: str) -> Response:
    """Reserves the task and goes on to it; who comes second sees the task, and who was first."""
    await visit.form()
    try:
        await claim_task(visit.parts, visit.person, task_id)
    except Refused as refused:
        return await _came_second(visit, task_id, refused)
    return go_to(f"/tasks/{task_id}", "claimed")


@router.post("/tasks/{task_id}/release")
async def release(visit: VisitDep, task_id: str) -> Response:
    """Offers the task to its whole role again."""
    form = await visit.form()
    try:
        await release_task(visit.parts, visit.person, task_id)
    except Refused as refused:
        return await _came_second(visit, task_id, refused)
    return go_to(own_path(form.get("next"), f"/tasks/{task_id}"), "released")


@router.post("/tasks/{task_id}/delegate")
async def delegate(visit: VisitDep, task_id: str) -> Response:
    """Hands the task to a colleague."""
    form = await visit.form()
    try:
        await delegate_task(visit.parts, visit.person, task_id, str(form.get("to") or ""))
    except Refused as refused:
        return await _came_second(visit, task_id, refused)
    return go_to(f"/tasks/{task_id}", "delegated")


async def _came_second(visit: Visit, task_id: str, refused: Refused) -> Response:
    shown = await page_of(visit, task_id)
    shown.conflict = Conflict("late", shown.ended_first() or problem_text(refused))
    return shown.show(visit, refused.status)


@router.post("/tasks/{task_id}/complete")
async def complete(visit: VisitDep, task_id: str) -> Response:
    """Completes the task, or shows it again with what was typed and why it was not taken.

    An outbox, which sends what was entered without a network, asks for JSON instead of a page.
    """
    from_outbox = not wants_page(visit.request)
    entered = Entered.from_form(await visit.form())
    shown = await page_of(visit, task_id)
    wrong = await store_uploads(visit, entered)
    zone = shown.case.time_zone
    outcome, unreadable = entered.values(shown.fields, zone)
    behalf, _ = entered.values(behalf_fields(), zone)
    happened, no_time = entered.values((HAPPENED,), zone)
    wrong |= unreadable | no_time
    shown.entered, shown.submission_id, status = entered, entered.text("submission_id") or new_id(), 422
    shown.errors, shown.draft = wrong, ""
    if not wrong:
        try:
            await complete_task(
                visit.parts,
                visit.person,
                task_id,
                outcome,
                shown.submission_id,
                happened_at=happened.get("happened_at"),
                on_behalf_of=behalf or None,
                resent=from_outbox,
            )
        except AftercareError as refused:
            typed = answers_of(outcome, shown.fields, shown.case, visit.now)
            typed += answers_of(happened, (HAPPENED,), shown.case, visit.now)
            typed += answers_of(behalf, behalf_fields(), shown.case, visit.now)
            shown, status = await _not_taken(visit, shown, refused, typed), refused.status
        else:
            return JSONResponse({"taken": True}) if from_outbox else go_to("/", "completed", of=shown.case.case_id)
    return JSONResponse(shown.told(), status) if from_outbox else shown.show(visit, status)


async def _not_taken(
    visit: Visit, shown: TaskPage, refused: AftercareError, typed: tuple[tuple[str, str], ...]
) -> TaskPage:
    if refused.status == 422:
        shown.errors = findings(refused, shown.places())
        return shown
    fresh = await page_of(visit, shown.view.task_id)
    fresh.entered, fresh.submission_id, fresh.draft = shown.entered, shown.submission_id, ""
    text = fresh.ended_first() or problem_text(refused)
    if fresh.view.is_open and (sent := fresh.view.submitted_at) is not None:
        when = day_and_time(sent, fresh.case.time_zone, visit.now)
        text = _("Somebody else sent in an outcome, %(when)s.", when=when)
    fresh.reason = text
    if fresh.ended or fresh.refusal:
        fresh.typed = typed
        text += " " + _("What you entered was not taken; it stands below, so that nothing is lost.") if typed else ""
    else:
        text += " " + _("What you entered is kept below.")
    fresh.conflict = Conflict("soon" if refused.status == 503 else "late", text)
    return fresh
