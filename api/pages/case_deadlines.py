"""The deadlines of a case: as they were promised, and beside each what today's calendar would say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from api.pages import words
from api.pages.explained import Explained, explained
from api.pages.languages import _
from api.pages.times import day_and_time
from api.parts import Calendars
from domain.case import CaseState, TaskState, TaskStatus
from domain.clocks import Deadline, promise, years_needed
from store.queries.events import Promise

_SAME = 60.0
"""Seconds within which two instants are the same on a page."""


@dataclass(frozen=True)
class DeadlineLine:
    """One deadline: what it is of, when it was promised for, and what became of it.

    `today` is what today's calendar says, in words; `differs` that it is not what was promised; `why` explains it;
    `present` is the deadline that runs now, where the one that counts was missed.
    """

    title: str
    task_id: str
    promised: str
    today: str
    differs: bool
    state: str
    tone: str
    open: bool
    provisional: bool
    moved: tuple[str, ...]
    why: Explained | None = None
    present: Explained | None = None


def deadlines_of(
    case: CaseState,
    tasks: Iterable[TaskState],
    promised: Sequence[Promise],
    calendars: Calendars | None,
    now: datetime,
    *,
    explain_all: bool = False,
) -> tuple[DeadlineLine, ...]:
    """The deadlines of a case: the open ones by when they end, then the others, the latest first.

    Those that ended are explained, and asked of today's calendar, only with `explain_all`: there can be many.
    """
    by_task: dict[str, list[Promise]] = {}
    for one in promised:
        by_task.setdefault(one.task, []).append(one)
    found = [(task, made, _counts(task, made)) for task in tasks if (made := by_task.get(task.key))]
    running = sorted((one for one in found if one[0].is_open), key=lambda one: one[2].deadline.due_at)
    ended = sorted((one for one in found if not one[0].is_open), key=lambda one: one[2].deadline.due_at, reverse=True)
    return tuple(
        _explained(case, line, made, counts, calendars, now) if task.is_open or explain_all else line
        for task, made, counts in (*running, *ended)
        for line in [_line(case, task, made, counts, now)]
    )


def _counts(task: TaskState, made: Sequence[Promise]) -> Promise:
    """The promise that counts for people: once one was missed the first, since every later one is ours alone."""
    missed = [one for one in made if one.deadline.due_at == task.first_due_at] if task.escalation_level else []
    return missed[-1] if missed else made[-1]


def _line(case: CaseState, task: TaskState, made: Sequence[Promise], counts: Promise, now: datetime) -> DeadlineLine:
    zone = case.time_zone
    state, tone = _state(task, counts.deadline.due_at, now)
    return DeadlineLine(
        title=words.task_of_key(task.key),
        task_id=f"{case.case_id}.{task.key}",
        promised=day_and_time(counts.deadline.due_at, zone, now),
        today="",
        differs=False,
        state=state,
        tone=tone,
        open=task.is_open,
        provisional=counts.deadline.provisional,
        moved=tuple(day_and_time(one.replaces, zone, now) for one in made if one.replaces is not None),
    )


def _explained(
    case: CaseState,
    line: DeadlineLine,
    made: Sequence[Promise],
    counts: Promise,
    calendars: Calendars | None,
    now: datetime,
) -> DeadlineLine:
    zone, last = case.time_zone, made[-1]
    today = _today(counts.deadline, calendars)
    differs = today is not None and abs((today.due_at - counts.deadline.due_at).total_seconds()) >= _SAME
    return replace(
        line,
        today=_told(today, counts.deadline, zone, now, differs=differs),
        differs=differs,
        why=explained(counts.deadline, zone, now, source=counts.source),
        present=explained(last.deadline, zone, now, source=last.source) if counts is not last else None,
    )


def _today(deadline: Deadline, calendars: Calendars | None) -> Deadline | None:
    """The deadline of the same request on today's calendar; None where no calendar matters or none can be had."""
    request = deadline.request
    if calendars is None or not request.needs_calendar:
        return None
    try:
        return promise(request, calendars(request.calendar, years_needed(request)))
    except (ValueError, OverflowError):  # a calendar of another version of the library
        return None


def _told(today: Deadline | None, made: Deadline, zone: str, now: datetime, *, differs: bool) -> str:
    if today is None:
        needs = made.request.needs_calendar
        return _("today's calendar cannot be asked") if needs else _("no calendar needed")
    if not differs:
        return _("the same")
    when = day_and_time(today.due_at, zone, now)
    return _("%(when)s, provisional", when=when) if today.provisional else when


def _state(task: TaskState, due: datetime, now: datetime) -> tuple[str, str]:
    if task.done is not None:
        return (_("kept"), "fine") if task.done.kept else (_("missed"), "late")
    if task.status is TaskStatus.OBSOLETE:
        return _("no longer needed"), "none"
    if task.status is TaskStatus.SUSPENDED:
        return _("paused"), "hold"
    return (_("missed"), "late") if due < now else (_("running"), "soon" if task.reminded_at else "fine")
