"""What a workflow history says about the read side: every write of it, as it was made."""

from __future__ import annotations

from datetime import UTC

from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter

from core.payloads import data_converter
from domain.case import Projection
from store.rebuild import Written

PROJECT_CASE = "project_case"


async def projections_of(history: WorkflowHistory, converter: DataConverter = data_converter) -> list[Written]:
    """Returns the writes that a history scheduled, in order, each with the run that made it.

    The history of a reset begins with a copy of an earlier run's; what stands before the reset was written by that run.
    Raises pydantic's ValidationError for a write that this version cannot read.
    """
    run_id, written = "", []
    for event in history.events:
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED:
            run_id = event.workflow_execution_started_event_attributes.original_execution_run_id
        elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
            failed = event.workflow_task_failed_event_attributes
            if failed.cause == WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW:
                run_id = failed.new_run_id
        elif event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            scheduled = event.activity_task_scheduled_event_attributes
            if scheduled.activity_type.name == PROJECT_CASE:
                (projection,) = await converter.decode(scheduled.input.payloads, [Projection])
                written.append(Written(run_id, event.event_time.ToDatetime(tzinfo=UTC), projection))
    return written


def is_writing(history: WorkflowHistory) -> bool:
    """True while the last write that a history scheduled has not been answered: the database may lack it."""
    last, done = 0, set()
    for event in history.events:
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            if event.activity_task_scheduled_event_attributes.activity_type.name == PROJECT_CASE:
                last = event.event_id
        elif event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
            done.add(event.activity_task_completed_event_attributes.scheduled_event_id)
    return last > 0 and last not in done
