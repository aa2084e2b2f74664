"""What a running case knows: its state, its tasks, its events, and which of them the read side has not seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from temporalio import workflow

from core.search_attributes import STAGE, STATE

with workflow.unsafe.imports_passed_through():
    from domain.case import CaseStart, CaseState, CaseStatus, Projection, TaskState
    from domain.events import SYSTEM, Actor, Event, EventKind, chained
    from domain.plan import Plan, Stage
    from domain.tasks import TASKS


class Record:
    """State, tasks and events of one case. Every change goes through here, so that nothing is left unwritten."""

    def __init__(self, start: CaseStart) -> None:
        self.start = start
        self.plan: Plan = start.plan
        self.tasks: dict[str, TaskState] = {}
        self.events: list[Event] = []
        self.state = _opening_state(start, self.now())
        self._revision = 0
        self._dirty_tasks: dict[str, None] = {}
        self._written_events = 0
        self._changed = True
        self.heard: list[Callable[[Event, TaskState | None], None]] = []
        """Who follows the record: called with each event, after it."""
        self.changes = 0
        """Counts changes, so that the pump sees when there are no more."""

    def now(self) -> datetime:
        """The present instant on the case's clock, UTC."""
        return self.start.pace.virtual(workflow.now())

    def note(
        self,
        kind: EventKind,
        actor: Actor = SYSTEM,
        task: TaskState | None = None,
        data: Mapping[str, Any] | None = None,
        at: datetime | None = None,
    ) -> Event:
        """Adds an event; `data` holds plain JSON values. `at` is when it happened, if not this instant."""
        previous = self.events[-1] if self.events else None
        at = at or self.now()
        if previous and at < previous.at:
            at = previous.at
        key, salt = task.key if task else None, self.start.record_salt
        event = chained(previous, at, kind, actor, key, dict(data or {}), salt=salt)
        self.events.append(event)
        if task:
            self._dirty_tasks[task.key] = None
        self._change()
        for follow in self.heard:
            follow(event, task)
        return event

    def enter(self, stage: Stage) -> None:
        """Records that the case entered a stage."""
        self.state.stage = stage
        self.note(EventKind.STAGE_ENTERED, data={"stage": stage})

    def set_status(self, status: CaseStatus) -> None:
        """Changes whether the case is active, suspended or closed."""
        if status is not self.state.status:
            self.state.status = status
            self._change()

    def add_task(self, task: TaskState) -> None:
        """Adds a task; its key must be new."""
        self.tasks[task.key] = task
        self._dirty_tasks[task.key] = None
        self._change()

    def next_key(self, name: str) -> str:
        """Returns the key of the next task of a kind: `site_visit`, then `site_visit-2`."""
        count = sum(task.kind == name for task in self.tasks.values())
        return name if count == 0 else f"{name}-{count + 1}"

    def open_tasks(self) -> list[TaskState]:
        """Returns the tasks that still wait to be done, in the order they were offered."""
        return [task for task in self.tasks.values() if task.is_open]

    def _change(self) -> None:
        self._changed = True
        self.changes += 1

    @property
    def unwritten(self) -> bool:
        """True while the read side has not been given the latest change."""
        return self._changed

    def take(self) -> Projection:
        """Returns what the read side lacks and counts it as given; `give_back` undoes that.

        It shares the state, which goes on changing: hand it to the engine, which makes JSON of it, at once.
        """
        self._revision += 1
        whole = self._written_events == 0
        tasks = self.tasks.values() if whole else (self.tasks[key] for key in self._dirty_tasks)
        self.state.due_at = min((task.due_at for task in self.open_tasks() if task.due_at), default=None)
        write = Projection(
            case=self.state,
            revision=self._revision,
            whole=whole,
            tasks=tuple(tasks),
            events=tuple(self.events[self._written_events :]),
        )
        self._written_events = len(self.events)
        self._dirty_tasks = {}
        self._changed = False
        self._show()
        return write

    def _show(self) -> None:
        """Shows the case in the engine's own lists and pages; an attribute only when it changed: each costs a write."""
        shown = workflow.info().typed_search_attributes
        changed = [
            key.value_set(value)
            for key, value in ((STAGE, self.state.stage.value), (STATE, self.state.status.value))
            if shown.get(key) != value
        ]
        if changed:
            workflow.upsert_search_attributes(changed)
        workflow.set_current_details(self.summary())

    def give_back(self) -> None:
        """The read side lacks what came before: everything is unwritten again."""
        self._written_events = 0
        self._change()

    def summary(self) -> str:
        """The case in a few lines for staff who look at the engine's own pages; nothing personal."""
        state = self.state
        lines = [
            (
                f"**{state.plan_title}** · {state.work_order or state.case_id} · "
                f"{state.stage.replace('_', ' ')} · {state.status}"
            )
        ]
        for task in self.open_tasks():
            due = f"due {task.due_at:%Y-%m-%d %H:%M} UTC" if task.due_at else task.status.value
            late = f" · escalation level {task.escalation_level}" if task.escalation_level else ""
            lines.append(f"- {TASKS[task.kind].title} ({task.role}): {due}{late}")
        return "\n".join(lines)


def _opening_state(start: CaseStart, now: datetime) -> CaseState:
    plan = start.plan
    return CaseState(
        case_id=start.case_id,
        plan=plan.name,
        plan_title=plan.title,
        company=plan.company,
        locale=plan.locale,
        time_zone=plan.calendar.time_zone,
        currency=plan.currency,
        application=start.application,
        applied_at=start.applied_at,
        opened_at=now,
        opened_by=start.opened_by,
        record_salt=start.record_salt,
        reopened_from=start.reopened_from,
        stage=plan.first_stage,
        stages=plan.stages,
        instants={"application": start.applied_at},
        retention=plan.retention,
    )
