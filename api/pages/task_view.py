"""What the page of a user task shows: brief, guidance, why this deadline, and the form that its declaration makes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fastapi.responses import Response

from api.ids import new_id, split_task_id
from api.known_products import product_of_case
from api.pages import words
from api.pages.article_parts import Helpful, helpful_for
from api.pages.case_parts import consents_of, costs_of, pause_of, totals_of
from api.pages.entered import Entered
from api.pages.explained import Explained, explained
from api.pages.factory_parts import factory_view
from api.pages.fields import Field, Kind, Option, Place, fields_of, places_of
from api.pages.languages import _, lazy
from api.pages.looking import Lines, files_of, looker_of, paused_since
from api.pages.product_parts import KnownView, entered_view, known_view
from api.pages.reporting import reporting
from api.pages.so_far import INSPECTIONS, PAYS, LateTask, files_so_far, late_tasks, so_far
from api.pages.task_ended import Ended, answers_of, ended_view
from api.pages.task_fields import prefilled, task_fields
from api.pages.times import day_and_time, zone_words
from api.pages.views import Brief, FileView, TaskLine, brief_of, files_view
from api.pages.visit import Visit
from api.rights import Right, holds, may_do_task, require
from core.errors import NotFound
from domain.case import CaseState, OnBehalfOf, TaskState, TaskStatus
from domain.plan import Plan
from domain.tasks.special import SPECIAL_CASE
from store.drafts import Draft, find_draft
from store.queries.cases import find_case
from store.queries.events import Promise, promises
from store.queries.tasks import TaskView, find_task
from store.users import User, list_users

_WITH_KNOWLEDGE = frozenset(
    {"remote_diagnosis", "consultation", "remote_guidance", "analyse_problem", "solve_problem", "video_session",
     "telephone_session", "email_solution", "evaluate_fault"}
).union(INSPECTIONS)  # fmt: skip
"""Tasks in which somebody finds out what is wrong: articles stand beside them (R4)."""
_TELLS_FIRST = frozenset({"confirm_plan", "talk_to_customer"})
"""Tasks in which the customer is told the plan and its costs before they answer: both stand before the form."""

HAPPENED = Field("happened_at", lazy("Happened at"), "", Kind.INSTANT, required=False)


_PARTIES = (
    Option("", lazy("Nobody: it is my own entry")),
    Option("customer", lazy("The customer")),
    Option("factory", lazy("The factory")),
)


def behalf_fields() -> tuple[Field, ...]:
    """On whose behalf something is entered; nobody answers as the customer, so it is said who did."""
    found = []
    for one in fields_of(OnBehalfOf.model_json_schema(), prefix="on_behalf_of."):
        changes: dict[str, Any] = {"required": False}
        if one.name.endswith(".party"):
            changes |= {"kind": Kind.PICK, "options": _PARTIES, "title": _("Entered on behalf of"), "hint": ""}
        found.append(Field(**{**vars(one), **changes}))
    return tuple(found)


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
    reason: str = ""
    """Why it was not taken, without what becomes of what was typed."""
    draft: str = ""
    """When what stands in the form was saved as a draft, empty where it is none."""
    drafted: str = ""
    """The same as an instant (ISO, virtual UTC), by which the page's script tells which text is newer."""

    def show(self, visit: Visit, status: int = 200) -> Response:
        """Makes the page."""
        signature = words.who(visit.person.actor(self.view.task.role, self.view.assignee), self.plan)
        behalf = behalf_fields()
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
            known_first=self.view.task.kind in _TELLS_FIRST,
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
            draft=self.draft,
            drafted=self.drafted,
            submission_id=self.submission_id or new_id(),
            signature=signature,
            currency=self.case.currency,
            zone=zone_words(self.case.time_zone, visit.now),
        )

    def take_up(self, draft: Draft, visit: Visit) -> None:
        """Puts a draft into the form, or, where there is no form any more, shows what it says."""
        zone = self.case.time_zone
        drafted = Entered(texts=dict(draft.texts), kept={name: list(ids) for name, ids in draft.kept.items()})
        if self.ended is None and not self.refusal:
            self.entered, self.draft = drafted, draft_words(draft.saved_at, zone, visit.now)
            self.drafted = draft.saved_at.isoformat()
        elif self.view.submitted_at is None and not (self.view.task.done and self.view.task.done.by.user == draft.user):
            outcome, _ = drafted.values(self.fields, zone)
            self.typed = answers_of(outcome, self.fields, self.case, visit.now)

    def told(self) -> dict[str, Any]:
        """Why an answer was not taken, for the outbox that sent it."""
        places = self.places()
        found = [
            {"field": places[name].title if name in places else "", "text": text} for name, text in self.errors.items()
        ]
        return {"taken": False, "text": self.reason, "errors": found, "open": not (self.ended or self.refusal)}

    def ended_first(self) -> str:
        """Who ended the task before, and when, in the zone of the page; empty while it is open."""
        if self.ended is None:
            return ""
        return _("This task was completed by %(by)s.", by=self.ended.by) if self.ended.by else self.ended.text

    def places(self) -> dict[str, Place]:
        """All inputs of the form by name, those of rows included."""
        rows = {one.name: self.entered.rows(one) for one in self.fields if one.kind is Kind.ROWS}
        return places_of((*self.fields, *behalf_fields(), HAPPENED), rows)


def draft_words(saved_at: datetime, zone: str, now: datetime) -> str:
    """When a draft was saved, as the page says it."""
    return _("Draft saved %(when)s.", when=day_and_time(saved_at, zone, now))


async def page_of(visit: Visit, task_id: str) -> TaskPage:
    """What the page of a task shows to this visitor, their draft in its form. Raises Forbidden, NotFound."""
    require(visit.person, Right.SEE_CASES)
    case_id, _ = split_task_id(task_id)
    async with visit.parts.database.reading() as session:
        view = await find_task(session, task_id)
        case = await find_case(session, case_id)
        if view is None or case is None:
            raise NotFound("there is no such task; it may still be on its way, look again in a moment")
        state, plan = case.state, visit.plan(case.state.plan)
        draft = await find_draft(session, task_id, visit.person.user_id)
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
    shown = TaskPage(
        view=view,
        case=state,
        plan=plan,
        line=line,
        brief=brief_of(state, plan, known),
        known=known_view(product, entered_view(state, [one.task for one in case.tasks], plan, visit.now)),
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
    if draft is not None:
        shown.take_up(draft, visit)
    return shown


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
        return ((_("Why %(due)s?", due=present.due), present),)
    first = why(missed[-1], case, visit)
    return ((_("Why %(due)s?", due=first.due), first), (_("The present deadline: %(due)s", due=present.due), present))


def _refusal(visit: Visit, view: TaskView, line: TaskLine, case: CaseState, plan: Plan | None) -> str:
    """Why this person cannot complete the task now; empty when they can."""
    task, found = view.task, ""
    if not view.is_open:
        return ""
    if view.submitted_at is not None:
        found = _("An outcome was sent in; the case takes it up in a moment. Look again soon.")
    elif not may_do_task(visit.person, task.role, view.assignee):
        role = words.role_title(task.role, plan)
        found = _("This task is for the role %(role)s. You can read it and add information to the case.", role=role)
    elif task.status is TaskStatus.SUSPENDED:
        paused = pause_of(case, visit.now) or _("The case is paused")
        found = _("This task rests. %(paused)s. End the pause on the page of the case.", paused=paused)
    elif task.activity_id is None:
        found = _("This task is being prepared; look again in a moment.")
    elif view.assignee is not None and not holds(visit.person, view.assignee) and not visit.person.is_admin:
        found = _("%(name)s holds this task. A dispatcher or a manager can give it to you.", name=line.holder)
    return found
