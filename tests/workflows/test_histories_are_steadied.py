"""What the time-skipping server writes down otherwise than the real one is put right before a strict replay."""

from __future__ import annotations

from datetime import UTC, datetime

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from tests.support.strict_replay import steadied

SCHEDULED = EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED
STARTED = EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED
COMPLETED = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
BEGUN = EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED
DONE = EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED


def event(number: int, kind: EventType.ValueType, second: int, scheduled: int = 0, started: int = 0) -> HistoryEvent:
    """An event that names the one that scheduled and the one that started what it is about."""
    made = HistoryEvent(event_id=number, event_type=kind)
    made.event_time.FromDatetime(datetime(2026, 3, 2, 9, 0, second, tzinfo=UTC))
    if kind == STARTED:
        made.workflow_task_started_event_attributes.scheduled_event_id = scheduled
    elif kind == COMPLETED:
        made.workflow_task_completed_event_attributes.scheduled_event_id = scheduled
        made.workflow_task_completed_event_attributes.started_event_id = started
    elif kind == BEGUN:
        made.activity_task_started_event_attributes.scheduled_event_id = scheduled
    elif kind == DONE:
        made.activity_task_completed_event_attributes.scheduled_event_id = scheduled
        made.activity_task_completed_event_attributes.started_event_id = started
    return made


FIRST = (event(1, SCHEDULED, 1), event(2, STARTED, 1, 1), event(3, COMPLETED, 2, 1, 2), event(4, SCHEDULED, 2))


def test_a_workflow_task_that_follows_at_once_is_of_the_same_instant_as_the_one_before() -> None:
    history = WorkflowHistory("C-1", [*FIRST, event(5, STARTED, 3, 4), event(6, COMPLETED, 4, 4, 5)])
    assert [one.event_time.ToSeconds() % 60 for one in steadied(history).events] == [1, 1, 2, 2, 1, 4]
    assert history.events[4].event_time.ToSeconds() % 60 == 3, "the history itself stays as it is"


def test_what_arrived_between_two_workflow_tasks_stands_before_the_second() -> None:
    arrived = (event(5, BEGUN, 2, 99), event(6, DONE, 3, 99, 5))
    after = (event(7, STARTED, 3, 4), event(8, COMPLETED, 4, 4, 7))
    found = list(steadied(WorkflowHistory("C-1", [*FIRST, *arrived, *after])).events)
    assert [one.event_id for one in found] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert found == [
        *FIRST[:3],
        event(4, BEGUN, 2, 99),
        event(5, DONE, 3, 99, 4),
        event(6, SCHEDULED, 2),
        event(7, STARTED, 3, 6),
        event(8, COMPLETED, 4, 6, 7),
    ]
