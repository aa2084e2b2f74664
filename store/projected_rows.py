"""A case, its tasks and its events as rows of the read side."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from domain.case import CaseState, Document, Projection, Shipment, TaskState, TaskStatus
from domain.events import Event
from domain.statistics.figures import NOT_STEPS
from domain.warranty import serial_key
from store.search import searchable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
UNDATED = 1 << 60
"""The rank of an open task without a due time: every open task ranks up to it, every ended one beyond."""
_ENDED = 1 << 61


def case_values(write: Projection, run_id: str, scheduled_at: datetime) -> dict[str, Any]:
    """Returns the columns of a case, `late_from` apart."""
    case = write.case
    customer, product = case.application.customer, case.application.product
    subject = case.feedback.subject if case.feedback else case.application.subject
    return {
        "case_id": case.case_id,
        "run_id": run_id,
        "written_at": scheduled_at,
        "revision": write.revision,
        "plan": case.plan,
        "plan_title": case.plan_title,
        "locale": case.locale,
        "time_zone": case.time_zone,
        "stage": case.stage.value,
        "status": case.status.value,
        "result": case.result.value if case.result else None,
        "resolution": case.resolution.value if case.resolution else None,
        "work_order": case.work_order,
        "customer_name": customer.name,
        "contact_name": customer.contact_name,
        "phone": customer.phone,
        "region": customer.region,
        "model": product.model,
        "serial_number": case.serial_number,
        "serial_key": serial_key(case.serial_number or "") or None,
        "category": case.application.problem.category.value,
        "subject": subject.value if subject else None,
        "channel": case.application.channel,
        "engineer": case.engineer,
        "appointment": case.appointment,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "erase_at": case.retention.erase_at(case.closed_at) if case.retention and case.closed_at else None,
        "remove_at": case.retention.remove_at(case.closed_at) if case.retention and case.closed_at else None,
        "due_at": case.due_at,
        "reopened_from": case.reopened_from,
        "special_case_open": case.special_case_open,
        "state": case.model_dump(mode="json"),
    }


def late_from(task: TaskState) -> datetime | None:
    """Returns the instant from which a task is overdue, or None while its clock does not run.

    After a breach the task is offered with a new budget, but stays overdue since the deadline first missed.
    """
    if task.status not in (TaskStatus.CREATED, TaskStatus.READY):
        return None
    if task.breached_at is None:
        return task.due_at
    return min(at for at in (task.first_due_at, task.due_at, task.breached_at) if at is not None)


def _rank(task: TaskState) -> int:
    if not task.is_open:
        return _ENDED - microseconds(task.ended_at or _EPOCH)
    at = late_from(task) or task.due_at
    return microseconds(at) if at else UNDATED


def kept(task: TaskState) -> bool | None:
    """Returns whether the first deadline of a step was kept; None while it is not known, and for what is no step.

    What was entered late and had happened in time was kept.
    """
    if task.kind in NOT_STEPS:
        return None
    if task.status is TaskStatus.COMPLETED:
        return task.escalation_level == 0 or (task.done is not None and task.done.kept)
    return False if task.escalation_level else None


def microseconds(at: datetime) -> int:
    """Returns an instant as the rank of an open task that is due then: microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def task_values(case: CaseState, task: TaskState, number: int, changed_at: datetime) -> dict[str, Any]:
    """Returns the columns of a task as the workflow says them, claims and its clock apart.

    `number` orders the tasks of a case as they came up; `changed_at` is real UTC.
    """
    return {
        "task_id": f"{case.case_id}.{task.key}",
        "case_id": case.case_id,
        "key": task.key,
        "number": number,
        "kind": task.kind,
        "stage": task.stage.value,
        "role": task.role,
        "assignee": task.assignee,
        "assignment": task.assignment,
        "status": task.status.value,
        "activity_id": task.activity_id,
        "due_at": task.due_at,
        "late_from": late_from(task),
        "rank": _rank(task),
        "escalation_level": task.escalation_level,
        "plan": case.plan,
        "region": case.application.customer.region,
        "is_open": task.is_open,
        "holder": task.assignee,
        "counting": None,
        "kept": kept(task),
        "case_opened": microseconds(case.opened_at),
        "changed_at": changed_at,
        "state": task.model_dump(mode="json"),
    }


def shipment_values(case: CaseState, shipment: Shipment) -> dict[str, Any]:
    """Returns the columns of a shipment, found by what is written on it and by its case's numbers and customer."""
    known = (case.case_id, case.work_order, case.application.customer.name)
    serials = [one.serial_number for one in shipment.content]
    return {
        "case_id": case.case_id,
        "no": shipment.no,
        "direction": shipment.direction.value,
        "state": shipment.state.value,
        "carrier": shipment.carrier,
        "tracking_number": shipment.tracking_number,
        "content": [one.model_dump(mode="json") for one in shipment.content],
        "condition": shipment.condition,
        "sent_at": shipment.sent_at,
        "received_at": shipment.received_at,
        "task": shipment.task,
        "search": searchable(shipment.carrier, shipment.tracking_number, *serials, *known),
    }


def event_values(case_id: str, event: Event) -> dict[str, Any]:
    """Returns the columns of an entry of the record."""
    return {
        "case_id": case_id,
        "no": event.no,
        "at": event.at,
        "kind": event.kind.value,
        "actor": event.actor.model_dump(mode="json"),
        "task": event.task,
        "data": event.data,
        "digest": event.digest,
        "previous": event.previous,
        "hash": event.hash,
    }


def document_values(document: Document) -> dict[str, Any]:
    """Returns the columns of a document, its case apart."""
    by = document.by.model_dump(mode="json") if document.by else None
    return {**document.model_dump(exclude={"by", "remarks"}), "remarks": list(document.remarks), "by": by}
