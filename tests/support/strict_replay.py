"""Strict replays for tests, and what the time-skipping server writes down otherwise than the real one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from workflows import WORKFLOWS
from workflows.replaying import findings_of, replay


async def replay_differences(
    history: WorkflowHistory, *, workflows: Sequence[type] = WORKFLOWS, sandboxed: bool = False
) -> list[str]:
    """Replays a history as the product does and returns every finding in words; empty when it replays strictly."""
    replayed = await replay(steadied(history), workflows=workflows, sandboxed=sandboxed)
    return [finding.sentence() for finding in findings_of(replayed)]


def steadied(history: WorkflowHistory) -> WorkflowHistory:
    """Returns the history as the real server would have written it down.

    The time-skipping server answers some queries by a workflow task of their own and schedules it the moment that the
    one before ends. A replay takes a workflow task without commands and one that is scheduled right behind it for one,
    and gives what the case did in both the instant of the later; the case saw two. So what arrived meanwhile is put
    before the second, as the real server does; where nothing did, the second gets the instant of the first.
    """
    events = [_copy(event) for event in history.events]
    moved: dict[int, int] = {}
    for at in range(1, len(events) - 1):
        if (events[at - 1].event_type, events[at].event_type) != (_COMPLETED, _SCHEDULED):
            continue
        started = next((n for n in range(at + 1, len(events)) if events[n].event_type == _STARTED), None)
        if started is None:
            continue
        if started == at + 1:
            events[started].event_time.CopyFrom(events[at - 2].event_time)
            continue
        meanwhile = [*events[at + 1 : started], events[at]]
        for number, event in enumerate(meanwhile, at + 1):  # events count from one
            moved[event.event_id] = event.event_id = number
        events[at:started] = meanwhile
    for event in events:
        _renumber(event, moved)
    return WorkflowHistory(workflow_id=history.workflow_id, events=events)


_SCHEDULED = EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED
_STARTED = EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED
_COMPLETED = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED


def _copy(event: HistoryEvent) -> HistoryEvent:
    copied = HistoryEvent()
    copied.CopyFrom(event)
    return copied


def _renumber(event: HistoryEvent, moved: dict[int, int]) -> None:
    """Has an event name those that moved by their new numbers."""
    kind = event.WhichOneof("attributes")
    attributes = getattr(event, kind) if kind else event
    for named in ("scheduled_event_id", "started_event_id"):
        if getattr(attributes, named, 0) in moved:
            setattr(attributes, named, moved[getattr(attributes, named)])


def scheduled_tasks(events: Iterable[HistoryEvent]) -> dict[str, timedelta]:
    """Returns the timeout (real time) of every activity by its id, as the history has it."""
    return {
        scheduled.activity_id: scheduled.schedule_to_close_timeout.ToTimedelta()
        for scheduled in (
            event.activity_task_scheduled_event_attributes
            for event in events
            if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
        )
    }
