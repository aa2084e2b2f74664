"""The page of a user task: brief, guidance, why this deadline, and the form that its declaration makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from api.actions import claim_task, complete_task, delegate_task, release_task
from api.ids import new_id, split_task_id
from api.known_products import product_of_case
from api.pages import words
from api.pages.article_parts import Helpful, helpful_for
from api.pages.case_parts import consents_of, costs_of, pause_of, totals_of
from api.pages.entered import Entered
from api.pages.explained import Explained, explained
from api.pages.factory_parts import factory_view
from api.pages.fields import Field, Kind, Option, Place, fields_of, places_of
from api.pages.finding_errors import findings
from api.pages.looking import Lines, files_of, looker_of, paused_since
from api.pages.product_parts import KnownView, known_view
from api.pages.reporting import reporting
from api.pages.so_far import PAYS, LateTask, files_so_far, late_tasks, so_far
from api.pages.task_ended import Ended, answers_of, ended_view
from api.pages.task_fields import prefilled, task_fields
from api.pages.times import day_and_time, zone_words
from api.pages.uploading import store_uploads
from api.pages.views import Brief, FileView, TaskLine, brief_of, files_view
from api.pages.visit import Visit, VisitDep, go_to, own_path, problem_text
from api.rights import Right, holds, may_do_task, require
from core.errors import AftercareError, NotFound, Refused
from domain.case import CaseState, OnBehalfOf, TaskState, TaskStatus
from domain.plan import Plan
from domain.tasks.special import SPECIAL_CASE
from store.queries.cases import find_case
from store.queries.events import Promise, promises
from store.queries.tasks import TaskView, find_task
from store.users import User, list_users

router = APIRouter()
_WITH_KNOWLEDGE = frozenset(
    {"remote_diagnosis", "consultation", "remote_guidance", "analyse_problem", "solve_problem", "video_session",
     "telephone_session", "email_solution", "evaluate_fault"}
)  # fmt: skip
"""Tasks in which somebody finds out with the customer what is wrong: articles stand beside them (R4)."""


@dataclass(frozen=True)
class Conflict:
    """Why what was sent could not be taken although nothing in it is wrong."""

    tone: str
    text: str


@dataclass
class TaskPage:
    """All that the page of a task shows; `entered` and `errors` come from an answer that was not taken."""

    view: TaskView
    case: CaseState
    plan: Plan | None
    line: TaskLine
    brief: Brief
    known: KnownView
    fields: tuple[Field, ...]
    why: Sequence[tuple[str, Explained]]
    helpful: Helpful | None
    colleagues: Sequence[User]
    ended: Ended | None
    refusal: str
    so_far: tuple[tuple[str, str], ...] = ()
    files: tuple[FileView, ...] = ()
    late: Sequence[LateTask] = ()
    asked_by: str = ""
    entered: Entered = field(default_factory=Entered)
    errors: dict[str, str] = field(default_factory=dict)
    conflict: Conflict | None = None
    typed: tuple[tuple[str, str], ...] = ()
    submission_id: str = ""

    def show(self, visit: Visit, status: int = 200) -> Response:
        """Makes the page."""
        signature = words.who(visit.person.actor(self.view.task.role, self.view.assignee), self.plan)
        behalf = _behalf_fields()
        pays = self.view.task.kind in PAYS
        for name, value in prefilled(self.fields).items():
            self.entered.texts.setdefault(name, value)
        return visit.page(
            "task.html",
            status,
            task=self.line,
            brief=self.brief,
            known=self.known,
            factory=factory_view(self.case, visit.now),
            fields=self.fields,
            behalf=behalf,
            open_when=any(self.entered.text(one.name) or one.name in self.errors for one in behalf)
            or bool(self.entered.text("happened_at")),
            why=self.why,
            helpful=self.helpful,
            colleagues=self.colleagues,
            ended=self.ended,
            refusal=self.refusal,
            so_far=self.so_far,
            files=self.files,
            late=self.late,
            asked_by=self.asked_by,
            costs=costs_of(self.case) if pays else (),
            totals=totals_of(self.case) if pays else (),
            consents=consents_of(self.case) if pays else (),
            typed=self.typed,
            entered=self.entered,
            errors=self.errors,
            shown=self.places(),
            conflict=self.conflict,
            submission_id=self.submission_id or new_id(),
            signature=signature,
            currency=self.case.currency,
            zone=zone_words(self.case.time_zone, visit.now),
        )

    def ended_first(self) -> str:
        """Who ended the task before, and when, in the zone of the page; empty while it is open."""
        if self.ended is None:
            return ""
        return f"This task was completed by {self.ended.by}." if self.ended.by else self.ended.text

    def places(self) -> dict[str, Place]:
        """All inputs of the form by name, those of rows included."""
        rows = {one.name: self.entered.rows(one) for one in self.fields if one.kind is Kind.ROWS}
        return places_of((*self.fields, *_behalf_fields(), _HAPPENED), rows)


@router.get("/tasks/{task_id}")
async def show_task(visit: VisitDep, task_id: str) -> Response:
    """Shows a task. Raises NotFound."""
    return (await _page_of(visit, task_id)).show(visit)


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
    shown = await _page_of(visit, task_id)
    shown.conflict = Conflict("late", shown.ended_first() or problem_text(refused))
    return shown.show(visit, refused.status)


@router.post("/tasks/{task_id}/complete")
async def complete(visit: VisitDep, task_id: str) -> Response:
    """Completes the task, or shows it again with what was typed and why it was not taken."""
    entered = Entered.from_form(await visit.form())
    shown = await _page_of(visit, task_id)
    wrong = await store_uploads(visit, entered)
    zone = shown.case.time_zone
    outcome, unreadable = entered.values(shown.fields, zone)
    behalf, _ = entered.values(_behalf_fields(), zone)
    happened, no_time = entered.values((_HAPPENED,), zone)
    wrong |= unreadable | no_time
    shown.entered, shown.submission_id = entered, entered.text("submission_id") or new_id()
    if wrong:
        shown.errors = wrong
        return shown.show(visit, 422)
    try:
        await complete_task(
            visit.parts,
            visit.person,
            task_id,
            outcome,
            shown.submission_id,
            happened_at=happened.get("happened_at"),
            on_behalf_of=behalf or None,
        )
    except AftercareError as refused:
        typed = answers_of(outcome, shown.fields, shown.case, visit.now)
        typed += answers_of(happened, (_HAPPENED,), shown.case, visit.now)
        typed += answers_of(behalf, _behalf_fields(), shown.case, visit.now)
        return await _not_taken(visit, shown, refused, typed)
    return go_to("/", "completed")


async def _not_taken(
    visit: Visit, shown: TaskPage, refused: AftercareError, typed: tuple[tuple[str, str], ...]
) -> Response:
    if refused.status == 422:
        shown.errors = findings(refused, shown.places())
        return shown.show(visit, 422)
    fresh = await _page_of(visit, shown.view.task_id)
    fresh.entered, fresh.submission_id = shown.entered, shown.submission_id
    text = fresh.ended_first() or problem_text(refused)
    if fresh.view.is_open and (sent := fresh.view.submitted_at) is not None:
        text = f"Somebody else sent in an outcome, {day_and_time(sent, fresh.case.time_zone, visit.now)}."
    if fresh.ended or fresh.refusal:
        fresh.typed = typed
        text += " What you entered was not taken; it stands below, so that nothing is lost." if typed else ""
    else:
        text += " What you entered is kept below."
    fresh.conflict = Conflict("soon" if refused.status == 503 else "late", text)
    return fresh.show(visit, refused.status)


_HAPPENED = Field("happened_at", "Happened at", "", Kind.INSTANT, required=False)


_PARTIES = (
    Option("", "Nobody: it is my own entry"),
    Option("customer", "The customer"),
    Option("factory", "The factory"),
)


def _behalf_fields() -> tuple[Field, ...]:
    """On whose behalf something is entered; nobody answers as the customer, so it is said who did."""
    found = []
    for one in fields_of(OnBehalfOf.model_json_schema(), prefix="on_behalf_of."):
        changes: dict[str, Any] = {"required": False}
        if one.name.endswith(".party"):
            changes |= {"kind": Kind.PICK, "options": _PARTIES, "title": "Entered on behalf of", "hint": ""}
        found.append(Field(**{**vars(one), **changes}))
    return tuple(found)


async def _page_of(visit: Visit, task_id: str) -> TaskPage:
    require(visit.person, Right.SEE_CASES)
    case_id, _ = split_task_id(task_id)
    async with visit.parts.database.reading() as session:
        view = await find_task(session, task_id)
        case = await find_case(session, case_id)
        if view is None or case is None:
            raise NotFound("there is no such task; it may still be on its way, look again in a moment")
        state, plan = case.state, visit.plan(case.state.plan)
        came = files_so_far(view.task, [one.task for one in case.tasks])
        known = await files_of(session, state, came)
        product = await product_of_case(session, visit.parts, state)
        fields = await task_fields(session, view, state, plan, visit.now)
        promised = [one for one in await promises(session, case_id) if one.task == view.task.key]
        lines = Lines(visit, await looker_of(visit, session))
        above = await reporting(session, view.task, case.tasks)
        line = lines.line(view, paused_since(state), promised[-1] if promised else None)
        colleagues = await list_users(session, role=view.task.role) if line.can_delegate else ()
        helps = view.is_open and view.task.kind in _WITH_KNOWLEDGE
        helpful = await helpful_for(session, state, visit.parts.plans) if helps else None
    names = lines.looker.names
    return TaskPage(
        view=view,
        case=state,
        plan=plan,
        line=line,
        brief=brief_of(state, plan, known),
        known=known_view(product),
        fields=fields,
        why=reasons(view.task, promised, state, visit),
        helpful=helpful,
        colleagues=[user for user in colleagues if user.user_id != view.assignee],
        ended=ended_view(view, fields, plan, state, visit.now),
        refusal=_refusal(visit, view, line, state, plan),
        so_far=(*above, *so_far(view.task, [one.task for one in case.tasks], state, names, visit.now)),
        files=files_view(came, known),
        late=late_tasks(view.task, case.tasks, names, visit.now) if view.task.kind == SPECIAL_CASE.name else (),
        asked_by=names.get(view.task.asked_by, view.task.asked_by) if view.task.asked_by else "",
    )


def why(promise: Promise, case: CaseState, visit: Visit) -> Explained:
    """Why a deadline is when it is, with the clause or setting that its budget comes from."""
    return explained(promise.deadline, case.time_zone, visit.now, source=promise.source)


def reasons(
    task: TaskState, promised: Sequence[Promise], case: CaseState, visit: Visit
) -> tuple[tuple[str, Explained], ...]:
    """Why an open task is due when it is, with headings; of a late one the missed deadline, then the present one.

    `promised` are the promises of this task in order; the first deadline can have been moved before it was missed.
    """
    if not promised or not task.is_open:
        return ()
    present = why(promised[-1], case, visit)
    missed = [one for one in promised if one.deadline.due_at == task.first_due_at] if task.escalation_level else []
    if not missed or missed[-1].deadline.due_at == present.due_at:
        return ((f"Why {present.due}?", present),)
    first = why(missed[-1], case, visit)
    return ((f"Why {first.due}?", first), (f"The present deadline: {present.due}", present))


def _refusal(visit: Visit, view: TaskView, line: TaskLine, case: CaseState, plan: Plan | None) -> str:
    """Why this person cannot complete the task now; empty when they can."""
    task, found = view.task, ""
    if not view.is_open:
        return ""
    if view.submitted_at is not None:
        found = "An outcome was sent in; the case takes it up in a moment. Look again soon."
    elif not may_do_task(visit.person, task.role, view.assignee):
        role = words.role_title(task.role, plan)
        found = f"This task is for the role {role}. You can read it and add information to the case."
    elif task.status is TaskStatus.SUSPENDED:
        paused = pause_of(case, visit.now) or "The case is paused"
        found = f"This task rests. {paused}. End the pause on the page of the case."
    elif task.activity_id is None:
        found = "This task is being prepared; look again in a moment."
    elif view.assignee is not None and not holds(visit.person, view.assignee) and not visit.person.is_admin:
        found = f"{line.holder} holds this task. A dispatcher or a manager can give it to you."
    return found
