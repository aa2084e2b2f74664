"""A case before its panel, on one screen: since when, what it costs, what the others said, what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from api.pages import words
from api.pages.case_parts import Cost, costs_of, totals_of
from api.pages.fields import Field
from api.pages.languages import _, ngettext, say
from api.pages.so_far import LateTask, late_tasks
from api.pages.task_fields import task_fields
from api.pages.timeline import Entry, timeline
from api.pages.times import Clock, length
from api.pages.used import UsedView, used_view
from api.pages.views import task_clock
from api.pages.visit import Visit
from api.reports import names_of
from api.rights import holds, may_do_task
from domain.case import TaskState
from domain.events import Event, EventKind
from domain.plan import Plan
from domain.statistics.figures import NOT_STEPS
from domain.tasks.special import PANEL_WORD, SPECIAL_CASE, Decision
from store.queries.cases import CaseView, find_case
from store.queries.events import all_events
from store.queries.tasks import TaskView

_LINES = 3
_LEVEL = ", escalation level "
"""Stands in a reason before the level at which a deadline was missed."""
_DONE = frozenset({EventKind.COMPLETED, EventKind.ATTEMPTED})


@dataclass(frozen=True)
class Word:
    """What a member of the panel said, or that their word is awaited."""

    role: str
    who: str
    advice: str
    reason: str
    at: datetime | None
    since: datetime | None


@dataclass(frozen=True)
class Before:
    """A case before its panel, as one screen shows it; `refusal` says why this person does not decide it now."""

    task_id: str
    href: str
    title: str
    number: str
    case_href: str
    customer: str
    about: str
    plan: str
    stage: str
    reason: str
    clock: Clock
    since: datetime
    since_words: str
    asked_by: str
    lateness: str
    late: Sequence[LateTask]
    costs: Sequence[Cost]
    totals: Sequence[tuple[str, str]]
    owed: str
    promised: datetime | None
    used: UsedView | None
    words: tuple[Word, ...]
    lines: tuple[Entry, ...]
    fields: tuple[Field, ...]
    guidance: str
    refusal: str
    zone: str
    currency: str


async def before_panel(session: AsyncSession, visit: Visit, view: TaskView, names: Mapping[str, str]) -> Before | None:
    """Reads what one screen shows of a decision, or of a word that one waits for; None if the case is gone."""
    case = await find_case(session, view.case_id)
    if case is None:
        return None
    events = await all_events(session, view.case_id)
    plan, now = visit.plan(view.case.plan), visit.now
    fields = await task_fields(session, view, case.state, plan, now) if view.is_open else ()
    state, task = case.state, view.task
    opened = _opened(events)
    since = opened.at if opened else task.offered_at or now
    totals = totals_of(state)
    return Before(
        task_id=view.task_id,
        href=f"/tasks/{view.task_id}",
        title=words.task_title(task.kind),
        number=words.case_number(state),
        case_href=f"/cases/{state.case_id}",
        customer=state.application.customer.name,
        about=words.case_title(state),
        plan=say(state.plan_title),
        stage=words.STAGES[state.stage],
        reason=told_reason(task.reason),
        clock=task_clock(task, now),
        since=since,
        since_words=length(now - since),
        asked_by=names.get(task.asked_by, task.asked_by) if task.asked_by else "",
        lateness=_lateness([one.task for one in case.tasks], now),
        late=late_tasks(task, [one for one in case.tasks if one.task.kind not in NOT_STEPS], names, now),
        costs=costs_of(state),
        totals=totals,
        owed=words.money(state.customer_still_owes(), state.currency) if totals else "",
        promised=state.promised_for,
        used=used_view(events, names_of(visit.parts), state.plan, now),
        words=_said(case, since, plan, names),
        lines=_history(events, plan, state.currency, names),
        fields=fields,
        guidance=say(_guidance(task.kind)),
        refusal=_refusal(visit, view, plan, names),
        zone=state.time_zone,
        currency=state.currency,
    )


def told_reason(reason: str | None) -> str:
    """Why a case came before its panel: of a deadline that was missed again and again the last time alone."""
    found = {part.rpartition(_LEVEL)[0] or part: part for part in (reason or "").split("; ")}
    return "; ".join(say(part) for part in found.values())


def _opened(events: Iterable[Event]) -> Event | None:
    """The entry by which the case came before the panel this time; one that only adds a reason began nothing."""
    found = None
    for event in events:
        if event.kind is EventKind.SPECIAL_CASE_OPENED and not event.data.get("joins"):
            found = event
    return found


def _lateness(tasks: Iterable[TaskState], now: datetime) -> str:
    """How late the steps of a case were in all, those done late included; empty when each was in time."""
    spans: list[timedelta] = []
    for one in tasks:
        if one.first_due_at is None or one.kind in NOT_STEPS:
            continue
        if one.done is not None:
            if not one.done.kept:
                spans.append(one.done.happened_at - one.first_due_at)
        elif one.is_open and one.first_due_at < now:
            spans.append(now - one.first_due_at)
    late = [span for span in spans if span > timedelta(0)]
    if not late:
        return ""
    whole = length(sum(late, timedelta(0)))
    return ngettext("%(time)s late in one step", "%(time)s late in %(num)s steps", len(late), time=whole)


def _said(case: CaseView, since: datetime, plan: Plan | None, names: Mapping[str, str]) -> tuple[Word, ...]:
    """The words of the panel's members on this special case, in the panel's order of being asked."""
    asked = [
        one
        for one in case.tasks
        if one.task.kind == PANEL_WORD.name and (one.is_open or (one.task.offered_at or since) >= since)
    ]
    found = []
    for one in asked:
        task, outcome = one.task, one.task.outcome or {}
        if not one.is_open and task.done is None:
            continue
        advice = next((kind.title_text for kind in Decision if kind.value == outcome.get("advice")), "")
        holder = names.get(one.assignee or "", one.assignee or "") or _("nobody yet")
        word = Word(
            role=words.role_title(task.role, plan),
            who=task.done.by.name if task.done else holder,
            advice=say(advice),
            reason=str(outcome.get("reason") or ""),
            at=task.done.entered_at if task.done else None,
            since=task.offered_at,
        )
        found.append(word)
    return tuple(found)


def _history(events: Sequence[Event], plan: Plan | None, currency: str, names: Mapping[str, str]) -> tuple[Entry, ...]:
    """Three lines: how it began, the last step done, the last one missed; else what is newest and of weight."""
    steps = {event.no for event in events if (event.task or "").partition("-")[0] not in NOT_STEPS}
    kinds = {event.no: event.kind for event in events}
    told = [one for one in timeline(events, plan, currency=currency, names=names) if not one.quiet]
    done = [one for one in told if kinds[one.no] in _DONE and one.no in steps]
    missed = [one for one in told if kinds[one.no] is EventKind.BREACHED and one.no in steps]
    weighty = [one for one in told if one.weighty and one.no in steps]
    lines: dict[str, Entry] = {}
    for one in (*told[-1:], *done[:1], *missed[:1], *weighty, *told):
        if len(lines) < _LINES:  # the same thing said twice tells nothing
            lines.setdefault(one.what, one)
    return tuple(sorted(lines.values(), key=lambda one: one.no))


def _guidance(kind: str) -> str:
    return (SPECIAL_CASE if kind == SPECIAL_CASE.name else PANEL_WORD).guidance


def _refusal(visit: Visit, view: TaskView, plan: Plan | None, names: Mapping[str, str]) -> str:
    """Why this person does not answer it now; empty when they can."""
    task, role = view.task, words.role_title(view.task.role, plan)
    if not view.is_open:
        return _("This is answered.")
    if view.submitted_at is not None:
        return _("An answer was sent in; the case takes it up in a moment.")
    if not may_do_task(visit.person, task.role, view.assignee):
        return _("The role %(role)s answers this.", role=role)
    if task.kind == SPECIAL_CASE.name and task.asked_by == visit.person.user_id:
        return _("You asked for this decision; somebody else takes it.")
    if view.assignee is not None and not holds(visit.person, view.assignee) and not visit.person.is_admin:
        return _("%(name)s holds this task.", name=names.get(view.assignee, view.assignee))
    return "" if task.activity_id is not None else _("This is being prepared; look again in a moment.")
