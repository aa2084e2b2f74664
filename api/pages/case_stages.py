"""Where a case stands in its procedure: each stage passed, gone round, present or to come, with its steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.pages import words
from api.pages.languages import _, ngettext, say
from api.pages.times import day_and_time, length
from api.pages.views import Looker
from domain.case import CaseState, CaseStatus, TaskState, TaskStatus
from domain.events import Event, EventKind
from domain.plan import Plan, Stage
from domain.plan.describe import task_shown
from domain.plan.procedure import TASKS_OF_RESOLUTION, TASKS_OF_STAGE
from store.queries.tasks import TaskView

ONLY_IF_NEEDED = frozenset(
    {
        "decide_on_silence", "decide_on_absence", "locate_item", "return_item", "claim_from_carrier", "ask_for_item",
        "await_parts", "open_group", "dissolve_group", "carry_out_measures", "verify_measures", "verify_visit",
        "assess_quality_issue", "forward_quality_issue", "repair_as_promised", "progress_update", "update_document",
        "training_record", "chase", "special_case", "acknowledge_breach", "panel_word",
    }
)  # fmt: skip
"""Steps that most cases never meet: not told as what comes next."""
_AT_MOST_NEXT = 4


@dataclass(frozen=True)
class Step:
    """A step of a stage: `state` is done, open, rest, gone or later; `about` says who and by when."""

    title: str
    state: str
    about: str
    href: str = ""


@dataclass(frozen=True)
class Stop:
    """A stage on the way: `state` is done, here, later or skipped; `words` say so to who cannot see it."""

    title: str
    state: str
    words: str
    note: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Track:
    """The whole way, and where the case stands on it in a sentence."""

    stops: tuple[Stop, ...]
    sentence: str


@dataclass(frozen=True)
class Coming:
    """A step that follows: who does it, by when, and the stage it belongs to where that is another one."""

    title: str
    role: str
    within: str
    stage: str


def track_of(
    case: CaseState,
    plan: Plan | None,
    tasks: Sequence[TaskView],
    events: Iterable[Event],
    looker: Looker,
    now: datetime,
) -> Track:
    """Draws the way of a case from its plan and its record."""
    order = list(dict.fromkeys(case.stages))
    if case.stage not in order:
        order.insert(len(order) - 1 if order else 0, case.stage)
    closed, here = case.status is CaseStatus.CLOSED, order.index(case.stage)
    stays = _stays(events, case.closed_at or now)
    stops = []
    for place, stage in enumerate(order):
        stay = stays.get(stage)
        if stage is case.stage and not closed:
            state = "here"
        elif stay is not None and (closed or place < here):
            state = "done"
        elif place < here or closed:
            state = "done" if closed and place == here else "skipped"
        else:
            state = "later"
        own = [view for view in tasks if view.task.stage is stage and view.task.kind not in _BESIDE]
        steps = (*(_step(view, plan, looker, now) for view in own), *_planned(case, plan, stage, tasks, state))
        stops.append(Stop(words.STAGES[stage], state, _words(state), _note(state, stay, case, now), steps))
    return Track(tuple(stops), _sentence(stops, case, here, closed=closed))


_BESIDE = frozenset({"acknowledge_breach", "chase", "special_case", "panel_word"})
"""Beside the way: shown among what is open, not as steps of a stage."""


@dataclass(frozen=True)
class _Stay:
    since: datetime
    spent: timedelta
    times: int


def _stays(events: Iterable[Event], until: datetime) -> dict[Stage, _Stay]:
    """How long the case was in each stage, and since when first; an unknown stage of an older plan is left out."""
    entered = [(event.at, str(event.data.get("stage"))) for event in events if event.kind is EventKind.STAGE_ENTERED]
    ends = [*(at for at, _stage in entered[1:]), until]
    found: dict[Stage, _Stay] = {}
    for (at, name), end in zip(entered, ends, strict=False):
        try:
            stage = Stage(name)
        except ValueError:
            continue
        before = found.get(stage)
        spent = max(end - at, timedelta(0))
        found[stage] = _Stay(before.since, before.spent + spent, before.times + 1) if before else _Stay(at, spent, 1)
    return found


def _words(state: str) -> str:
    return {"done": _("passed"), "here": _("here now"), "skipped": _("not needed"), "later": _("to come")}[state]


def _note(state: str, stay: _Stay | None, case: CaseState, now: datetime) -> str:
    if stay is None:
        return _("not needed") if state == "skipped" else ""
    if state == "later":
        return _("back to it later")
    if state == "here":
        return _("since %(when)s", when=day_and_time(stay.since, case.time_zone, now))
    took = length(stay.spent)
    return _("%(time)s, %(times)s times", time=took, times=stay.times) if stay.times > 1 else took


def _sentence(stops: Sequence[Stop], case: CaseState, here: int, *, closed: bool) -> str:
    count = {state: sum(stop.state == state for stop in stops) for state in ("done", "skipped", "later")}
    way = str(words.RESOLUTIONS[case.resolution]) if case.resolution else ""
    if closed:
        told = [_("The case went its way and is closed.")]
    else:
        title = ", ".join(filter(None, (str(stops[here].title), way if case.stage is Stage.RESOLVE else "")))
        told = [_("Stage %(number)s of %(all)s: %(title)s.", number=here + 1, all=len(stops), title=title)]
    if count["skipped"]:
        told.append(ngettext("One stage was not needed.", "%(num)s stages were not needed.", count["skipped"]))
    if count["later"] and not closed:
        told.append(ngettext("One stage is to come.", "%(num)s stages are to come.", count["later"]))
    return " ".join(told)


def _step(view: TaskView, plan: Plan | None, looker: Looker, now: datetime) -> Step:
    task, zone = view.task, view.case.time_zone
    title = words.task_of_key(task.key)
    if task.done is not None:
        when = day_and_time(task.done.happened_at, zone, now)
        kept = _("promise kept") if task.done.kept else _("late")
        return Step(title, "done", f"{task.done.by.name} · {when} · {kept}", f"/tasks/{view.task_id}")
    if not task.is_open:
        return Step(title, "gone", _("no longer needed"))
    state = "rest" if task.status is TaskStatus.SUSPENDED else "open"
    return Step(
        title, state, f"{words.role_title(task.role, plan)}, {looker.name(view.assignee)}", f"/tasks/{view.task_id}"
    )


def _planned(case: CaseState, plan: Plan | None, stage: Stage, tasks: Sequence[TaskView], state: str) -> list[Step]:
    """The steps of a stage that are still to come."""
    if plan is None or state not in ("here", "later"):
        return []
    return [
        Step(one.title, "later", " · ".join(filter(None, (one.role, one.within))))
        for one in _to_come(case, plan, stage, {view.task.kind for view in tasks})
    ]


def coming(case: CaseState, plan: Plan | None, tasks: Iterable[TaskState]) -> tuple[Coming, ...]:
    """What follows on the open steps as the procedure usually goes: the rest of the stage, then the stages after it."""
    if plan is None or case.status is CaseStatus.CLOSED or case.stage not in case.stages:
        return ()
    met, found = {task.kind for task in tasks}, list[Coming]()
    for stage in case.stages[case.stages.index(case.stage) :]:
        found += _to_come(case, plan, stage, met)
        if len(found) >= _AT_MOST_NEXT:
            break
    return tuple(found[:_AT_MOST_NEXT])


def _to_come(case: CaseState, plan: Plan, stage: Stage, met: set[str]) -> list[Coming]:
    """The usual steps of a stage that the case has not met; how it is solved must be known to tell those of that."""
    names = TASKS_OF_STAGE[stage]
    if stage is Stage.RESOLVE:
        names = TASKS_OF_RESOLUTION[case.resolution] if case.resolution else ()
    found = []
    for name in dict.fromkeys(names):
        if name in met or name in ONLY_IF_NEEDED or name not in plan.tasks:
            continue
        shown = task_shown(plan, name)
        within = say(shown.within)
        if shown.counted_from:
            within = _("%(time)s from %(instant)s", time=within, instant=say(shown.counted_from))
        found.append(
            Coming(
                title=words.task_title(name),
                role=words.role_title(plan.rule(name).role, plan),
                within=within,
                stage="" if stage is case.stage else str(words.STAGES[stage]),
            )
        )
    return found
