"""Corrective and preventive actions on their pages: the list, opening one from a report's row, one with its step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response

from api.actions import call_off_action, complete_step, known_action, open_action
from api.ids import new_action_id, new_id
from api.pages.entered import Entered
from api.pages.fields import Kind, Option, fields_of, places_of
from api.pages.finding_errors import findings
from api.pages.languages import _, lazy, say
from api.pages.report_words import period_words, row_words, section_words
from api.pages.times import clock, date_words
from api.pages.visit import Visit, VisitDep, go_to
from api.pages.words import percent, role_of
from api.reports import asked, names_of, pareto_report
from api.rights import Right, holds, may, may_do_task, require
from core.errors import AftercareError
from domain.actions import ACTION_TASKS, CARRY_OUT, ActionOrder, ActionState, ActionStatus, ActionStep, Finding
from domain.events import EventKind
from domain.statistics.told import Names
from store.actions import list_actions
from store.users import list_users

router = APIRouter()
_STATUS = {
    ActionStatus.CARRY_OUT: lazy("to be carried out"),
    ActionStatus.VERIFY: lazy("effect to be verified"),
    ActionStatus.EFFECTIVE: lazy("effective"),
    ActionStatus.CALLED_OFF: lazy("called off"),
}
_WHAT = {
    EventKind.OPENED: lazy("Opened"),
    EventKind.OFFERED: lazy("Offered"),
    EventKind.REMINDED: lazy("Reminder"),
    EventKind.BREACHED: lazy("Deadline missed"),
    EventKind.COMPLETED: lazy("Done"),
    EventKind.OUTCOME_REFUSED: lazy("Not taken"),
    EventKind.OBSOLETE: lazy("Not needed any more"),
    EventKind.CLOSED: lazy("Closed"),
}
_FINDING = ("of", "by", "key", "first", "last")
_CALL_OFF = {
    "properties": {"reason": {"type": "string", "title": lazy("Why"), "maxLength": 4000}},
    "required": ["reason"],
}


@dataclass(frozen=True)
class Line:
    """An action in a list."""

    state: ActionState
    status: str
    clock: Any
    department: str
    told: str


@router.get("/actions")
async def show_actions(visit: VisitDep) -> Response:
    """All actions, what is due first at the top."""
    require(visit.person, Right.SEE_CASES)
    async with visit.parts.database.reading() as session:
        found = await list_actions(session)
    names = names_of(visit.parts)
    lines = [action_line(one, names, visit.now) for one in found]
    return visit.page("actions.html", lines=lines, can_open=may(visit.person, Right.OPEN_ACTION))


def action_line(state: ActionState, names: Names, now: datetime) -> Line:
    """Returns an action as lists show it."""
    step = state.open_step
    shown = clock(now, step.first_due_at, since=state.opened_at) if step else None
    told = ", ".join(role_of(names, role, state.plan) for role in step.told) if step else ""
    return Line(state, _STATUS[state.status], shown, role_of(names, step.role, state.plan) if step else "", told)


@router.get("/actions/new")
async def show_new_action(visit: VisitDep) -> Response:
    """The form for a new action, with the row of the report it answers to."""
    require(visit.person, Right.OPEN_ACTION)
    entered = Entered({name: value for name, value in visit.request.query_params.items() if len(value) <= 500})
    entered.texts["action_id"] = new_action_id()
    entered.texts.setdefault("plan", next(iter(visit.parts.plans), ""))
    if entered.text("by"):
        entered.texts.setdefault("why", await _figures(visit, entered))
    return await _new(visit, entered, {})


@router.post("/actions/new")
async def open_new_action(visit: VisitDep) -> Response:
    """Opens it, or shows the form again with what was typed and why it was not taken."""
    entered = Entered.from_form(await visit.form())
    fields, wrong = entered.values(_order_fields(visit, {}), visit.zone)
    finding = {name: value for name in _FINDING if (value := entered.text(name))}
    if not wrong:
        body = {**fields, "action_id": entered.text("action_id") or None}
        try:
            opened = await open_action(visit.parts, visit.person, {**body, "finding": finding} if finding else body)
        except AftercareError as refused:
            if refused.status == 401:
                raise
            return await _new(visit, entered, findings(refused, ActionOrder.model_fields), refused.status)
        return go_to(f"/actions/{opened}", "action")
    return await _new(visit, entered, wrong, 422)


@router.get("/actions/{action_id}")
async def show_action(visit: VisitDep, action_id: str) -> Response:
    """An action: what it answers to, where it stands, what happened, and the form of its step for who may do it."""
    require(visit.person, Right.SEE_CASES)
    return _page(visit, await known_action(visit.parts, action_id), Entered(), {})


@router.post("/actions/{action_id}/complete")
async def complete_on_page(visit: VisitDep, action_id: str) -> Response:
    """Completes the step, or shows what needs another look."""
    entered = Entered.from_form(await visit.form())
    state = await known_action(visit.parts, action_id)
    outcome, wrong = entered.values(_step_fields(state.open_step), visit.zone)
    if not wrong:
        body = {"outcome": outcome, "submission_id": entered.text("submission_id") or new_id()}
        try:
            await complete_step(visit.parts, visit.person, action_id, body)
        except AftercareError as refused:
            if refused.status in (401, 404):
                raise
            names = [field.name for field in _step_fields(state.open_step)]
            return _page(visit, state, entered, findings(refused, names), refused.status)
        return go_to(f"/actions/{action_id}", "completed")
    return _page(visit, state, entered, wrong, 422)


@router.post("/actions/{action_id}/call-off")
async def call_off_on_page(visit: VisitDep, action_id: str) -> Response:
    """Calls it off, or shows why not."""
    entered = Entered.from_form(await visit.form())
    try:
        await call_off_action(visit.parts, visit.person, action_id, {"reason": entered.text("reason") or None})
    except AftercareError as refused:
        if refused.status in (401, 404):
            raise
        state = await known_action(visit.parts, action_id)
        return _page(visit, state, entered, findings(refused, ("reason",)), refused.status)
    return go_to(f"/actions/{action_id}", "called_off")


def _page(visit: Visit, state: ActionState, entered: Entered, errors: Mapping[str, str], status: int = 200) -> Response:
    step, names = state.open_step, names_of(visit.parts)
    theirs = step is not None and may_do_task(visit.person, step.role, step.assignee)
    if step is not None and step.assignee is not None and not holds(visit.person, step.assignee):
        theirs = theirs and visit.person.is_admin
    fields = _step_fields(step) if theirs else ()
    reason = fields_of(_CALL_OFF)
    can_call_off = step is not None and may(visit.person, Right.OPEN_ACTION)
    finding = state.order.finding
    return visit.page(
        "action.html",
        status,
        line=action_line(state, names, visit.now),
        state=state,
        finding=_finding_words(finding, names) if finding else "",
        report=f"/reports?{_report_query(finding)}" if finding else "",
        facts=_facts(state, names),
        task=ACTION_TASKS[step.kind] if step else None,
        mine=theirs,
        done_by_me=step is not None and step.kind != CARRY_OUT.name and state.carried_out_by == visit.person.user_id,
        fields=fields,
        places=places_of([*fields, *(reason if can_call_off else ())]),
        call_off=reason if can_call_off else (),
        entered=entered,
        errors=dict(errors),
        submission_id=entered.text("submission_id") or new_id(),
        told=[(one, _WHAT.get(one.kind) or say(one.kind.value), _said(one.data)) for one in state.events],
        zone_name=state.time_zone,
    )


async def _new(visit: Visit, entered: Entered, errors: Mapping[str, str], status: int = 200) -> Response:
    async with visit.parts.database.reading() as session:
        users = [(one.user_id, one.name) for one in await list_users(session) if one.active]
    fields = _order_fields(visit, dict(users))
    return visit.page(
        "action_new.html",
        status,
        fields=fields,
        places=places_of(fields),
        entered=entered,
        errors=dict(errors),
        finding=[(name, entered.text(name)) for name in _FINDING if entered.text(name)],
        zone=visit.zone,
    )


def _order_fields(visit: Visit, users: Mapping[str, str]) -> tuple[Any, ...]:
    """The fields of an order; the report's row is carried along unseen."""
    plans = tuple(Option(plan.name, say(plan.title)) for plan in visit.parts.plans.values())
    roles = {name: say(role.title) for plan in visit.parts.plans.values() for name, role in plan.roles.items()}
    picks = {
        "plan": plans,
        "role": tuple(Option(name, title) for name, title in sorted(roles.items(), key=lambda pair: pair[1])),
        "owner": (Option("", _("Whoever of the department takes it")), *(Option(*one) for one in users.items())),
    }
    picks["verify_role"] = picks["role"]
    fields = fields_of(ActionOrder.model_json_schema(), leave_out=("finding",))
    hints = {"plan": _("Its departments carry the action out."), "owner": ""}  # what a list says needs no name typed in
    return tuple(
        replace(one, kind=Kind.PICK, options=picks[one.name], hint=hints.get(one.name, one.hint))
        if one.name in picks
        else one
        for one in fields
    )


def _step_fields(step: ActionStep | None) -> tuple[Any, ...]:
    if step is None:
        return ()
    return fields_of(ACTION_TASKS[step.kind].form.schema_for_people_and_programs(), prefix="outcome.")


async def _figures(visit: Visit, entered: Entered) -> str:
    """What the report says about the row now, as the first words of the reason. Raises InvalidFields."""
    query = {
        "of": entered.text("of"),
        "by": entered.text("by"),
        "from": entered.text("first"),
        "to": entered.text("last"),
    }
    report = await pareto_report(visit.parts, asked(query, visit.zone))
    row = next((one for one in report.items if one.key == entered.text("key")), None)
    if row is None:
        return ""
    title = row_words(report.by, row.key, names_of(visit.parts))
    return _(
        "%(title)s, cases %(period)s: %(row)s %(count)s of %(total)s (%(share)s). ",
        title=section_words(report.of, report.by),
        period=period_words(report.first, report.last),
        row=title,
        count=row.count,
        total=report.total,
        share=percent(row.share, 0),
    )


def _finding_words(finding: Finding, names: Names) -> str:
    return f"{section_words(finding.of, finding.by)}: {row_words(finding.by, finding.key, names)}"


def _report_query(finding: Finding) -> str:
    days = {"from": finding.first, "to": finding.last}
    given = {name: str(value) for name, value in days.items() if value}
    return urlencode({"of": finding.of.value, "by": finding.by.value, **given})


def _facts(state: ActionState, names: Names) -> list[tuple[str, str]]:
    order = state.order
    return [
        (_("Kind"), say(order.kind.title_text)),
        (_("Why"), order.why),
        (_("Department"), role_of(names, order.role, state.plan)),
        *([(_("Owner"), order.owner)] if order.owner else []),
        (_("Done by"), date_words(order.due_on)),
        (_("Effect verified by"), f"{role_of(names, order.verify_role, state.plan)}, {date_words(order.verify_on)}"),
        (_("Opened by"), state.opened_by.name),
    ]


def _said(data: Mapping[str, Any]) -> str:
    """What an entry of the record tells in a line."""
    outcome = data.get("outcome") or {}
    told = [str(data["reason"])] if data.get("reason") else []
    told += [say(str(data[name]).replace("_", " ")) for name in ("told", "role", "result") if data.get(name)]
    return " · ".join([*told, *(say(str(value).replace("_", " ")) for value in outcome.values())])
