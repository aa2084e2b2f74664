"""What is true of every case whenever nothing moves, whatever people did with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from domain.case import CaseState, CaseStatus, TaskState, TaskStatus
from domain.coverage import exact
from domain.events import Event, EventKind, first_break
from domain.plan import Plan
from domain.tasks import TASKS
from domain.tasks.parts import CostLine, Payer
from tests.support.scene import SALT, Scene
from tests.workflows.conftest import hold_against_the_rules
from workflows import WORKFLOWS

_MONEY_CHANGES_HANDS = {"settlement", "prepare_invoice", "issue_invoice"}


async def hold_now(scene: Scene, plan: Plan, history: Sequence[HistoryEvent]) -> None:
    """Holds a case at rest against what must be true: it can go on, the read side has it all, the money adds up."""
    state, tasks = await scene.state(), await scene.tasks()
    events = await scene.events()
    _no_step_failed(history)
    _read_side_has_it(scene, state, tasks)
    _record_is_whole(events)
    _money_adds_up(state, events)
    waiting = {task.activity_id for task in tasks.values() if task.status is TaskStatus.READY}
    assert waiting == await _on_offer(scene), "what the case says it offers is not what can be completed"
    if state.status is CaseStatus.CLOSED:
        assert state.result is not None and state.closed_at is not None
        assert not [key for key, task in tasks.items() if task.is_open], "a task outlived its case"
        return
    _waits_for_somebody(state, tasks, plan, await scene.now())


async def hold_in_the_end(scene: Scene) -> None:
    """Holds the history of a case against the rules for all cases; it replays strictly."""
    await hold_against_the_rules(scene, WORKFLOWS)


def _no_step_failed(history: Sequence[HistoryEvent]) -> None:
    for event in history:
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
            raise AssertionError(f"a workflow task failed: {event.workflow_task_failed_event_attributes.failure}")


async def _on_offer(scene: Scene) -> set[str | None]:
    pending = (await scene.handle.describe()).raw_description.pending_activities
    return {one.activity_id for one in pending if one.activity_type.name in TASKS}


def _waits_for_somebody(state: CaseState, tasks: dict[str, TaskState], plan: Plan, now: datetime) -> None:
    ready = [task for task in tasks.values() if task.status is TaskStatus.READY]
    for task in ready:
        assert task.kind in TASKS and task.role in plan.roles, f"{task.key} is offered to nobody"
        assert task.due_at is not None and task.due_at > now, f"{task.key} waits without a deadline to come"
    if not ready:
        paused = state.holds[-1] if state.holds and state.holds[-1].ends is None else None
        assert paused is not None and paused.until > now, "the case waits for nobody"
    assert not [key for key, task in tasks.items() if task.status is TaskStatus.CREATED], "a task was never offered"


def _read_side_has_it(scene: Scene, state: CaseState, tasks: dict[str, TaskState]) -> None:
    assert scene.memory.case(scene.case_id).model_dump() == state.model_dump(), "the read side has another state"
    projected = scene.memory.tasks(scene.case_id)
    assert {key: task.model_dump() for key, task in projected.items()} == {
        key: task.model_dump() for key, task in tasks.items()
    }, "the read side has other tasks"


def _record_is_whole(events: Sequence[Event]) -> None:
    assert first_break(events, SALT) is None, "the chain of the record is broken"
    assert [event.no for event in events] == list(range(1, len(events) + 1)), "the record has a gap or a double"


def _money_adds_up(state: CaseState, events: Sequence[Event]) -> None:
    for line in state.costs:
        assert line.amount >= 0
        assert exact(line.amount, state.currency) == line.amount
    shares = {payer: _sum(state.costs, payer) for payer in Payer}
    assert sum(shares.values()) == sum((line.amount for line in state.costs), Decimal(0))
    assert state.customer_owes() == shares[Payer.CUSTOMER]
    lines: tuple[CostLine, ...] = ()
    agreed = Decimal(0)
    for event in events:
        match event.kind:
            case EventKind.COSTS_ENTERED:
                lines = tuple(CostLine.model_validate(line) for line in event.data["costs"])
            case EventKind.CONSENTED:
                agreed = Decimal(event.data["amount"])
            case EventKind.COMPLETED if event.task and event.task.partition("-")[0] in _MONEY_CHANGES_HANDS:
                owed = _sum(lines, Payer.CUSTOMER)
                assert owed <= agreed, f"{event.task}: {owed} asked of a customer who agreed to {agreed} (X9)"
    assert tuple(lines) == state.costs, "the costs differ from those on record"
    if state.status is CaseStatus.CLOSED:
        owed = state.customer_owes()
        assert owed <= agreed, f"the case ended with {owed} for a customer who agreed to {agreed} (X9)"


def _sum(lines: Sequence[CostLine], payer: Payer) -> Decimal:
    return sum((line.amount for line in lines if line.payer is payer), Decimal(0))
