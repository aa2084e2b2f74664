"""The one write of the read side: idempotent, ordered by run and revision, safe beside other writers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import CaseState, Projection, ProjectionReceipt, TaskState, TaskStatus
from domain.events import Event
from store.search import searchable
from store.statements import insert_into
from store.tables import CaseRow, DocumentRow, EventRow, TaskRow

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_UNDATED = 1 << 60
_ENDED = 1 << 61


async def write_projection(
    session: AsyncSession, run_id: str, scheduled_at: datetime, write: Projection
) -> ProjectionReceipt:
    """Writes one revision of a case inside the caller's transaction.

    Of one run, only a later revision is applied. A run whose write was scheduled later (a reset) replaces everything
    that an earlier run wrote, and needs the whole case for it; a late write of the earlier run changes nothing. What is
    ignored is answered like what is written, since a repeat is no error. Answers `send_whole` when what came before is
    missing.
    """
    case_id = write.case.case_id
    whole = write.whole or write.revision == 1
    row = _case_values(write, run_id, scheduled_at)
    stored = await _locked(session, case_id)
    if stored is None:
        if not whole:
            return ProjectionReceipt(send_whole=True)
        first = insert_into(session, CaseRow).values(row).on_conflict_do_nothing().returning(CaseRow.case_id)
        if (await session.execute(first)).scalar() is not None:
            await _write_parts(session, write, anew=False)
            return ProjectionReceipt()
        stored = await _locked(session, case_id)  # another writer was first; now its row is ours to judge
        if stored is None:
            return ProjectionReceipt(send_whole=True)
    if not _is_newer(stored, run_id, scheduled_at, write):
        return ProjectionReceipt()
    if not whole and (stored.run_id != run_id or write.revision != stored.revision + 1):
        return ProjectionReceipt(send_whole=True)
    await session.execute(update(CaseRow).where(CaseRow.case_id == case_id).values(row))
    await _write_parts(session, write, anew=whole)
    return ProjectionReceipt()


async def _locked(session: AsyncSession, case_id: str) -> Any:
    """Returns how far the case is written, and holds it until the transaction ends."""
    columns = (CaseRow.run_id, CaseRow.written_at, CaseRow.revision)
    return (await session.execute(select(*columns).where(CaseRow.case_id == case_id).with_for_update())).one_or_none()


def _is_newer(stored: Any, run_id: str, scheduled_at: datetime, write: Projection) -> bool:
    if stored.run_id != run_id:
        return bool(scheduled_at > stored.written_at)
    # the whole case sent again on request carries the revision it was asked for
    again = write.whole and write.revision == stored.revision and scheduled_at > stored.written_at
    return bool(write.revision > stored.revision or again)


async def _write_parts(session: AsyncSession, write: Projection, *, anew: bool) -> None:
    case_id = write.case.case_id
    if anew:
        for table in (TaskRow, EventRow, DocumentRow):
            await session.execute(delete(table).where(table.case_id == case_id))
    await _write_tasks(session, case_id, write.tasks)
    await _insert_missing(session, EventRow, [_event_values(case_id, event) for event in write.events])
    await _insert_missing(
        session, DocumentRow, [{"case_id": case_id, **dict(document)} for document in write.case.documents]
    )
    late_from = select(func.min(TaskRow.late_from)).where(TaskRow.case_id == case_id).scalar_subquery()
    await session.execute(update(CaseRow).where(CaseRow.case_id == case_id).values(late_from=late_from))


async def _write_tasks(session: AsyncSession, case_id: str, tasks: Iterable[TaskState]) -> None:
    counted = select(func.count()).select_from(TaskRow).where(TaskRow.case_id == case_id)
    number = int((await session.execute(counted)).scalar_one())
    rows = [_task_values(case_id, task, number + place) for place, task in enumerate(tasks, start=1)]
    if not rows:
        return
    statement = insert_into(session, TaskRow)
    kept = {"task_id", "case_id", "key", "number"}
    changed = {name: statement.excluded[name] for name in rows[0] if name not in kept}
    await session.execute(statement.on_conflict_do_update(index_elements=[TaskRow.task_id], set_=changed), rows)


async def _insert_missing(
    session: AsyncSession, table: type[EventRow | DocumentRow], rows: list[dict[str, Any]]
) -> None:
    if rows:
        await session.execute(insert_into(session, table).on_conflict_do_nothing(), rows)


def _case_values(write: Projection, run_id: str, scheduled_at: datetime) -> dict[str, Any]:
    case = write.case
    customer, product = case.application.customer, case.application.product
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
        "serial_number": product.serial_number,
        "category": case.application.problem.category.value,
        "channel": case.application.channel,
        "engineer": case.engineer,
        "opened_at": case.opened_at,
        "closed_at": case.closed_at,
        "due_at": case.due_at,
        "reopened_from": case.reopened_from,
        "special_case_open": case.special_case_open,
        "search": _search_text(case),
        "state": case.model_dump(mode="json"),
    }


def _search_text(case: CaseState) -> str:
    customer, product = case.application.customer, case.application.product
    digits = "".join(filter(str.isdigit, customer.phone or ""))
    return searchable(
        case.case_id, case.work_order, customer.name, customer.contact_name, customer.phone, digits, customer.email,
        customer.region, product.model, product.serial_number, case.application.problem.description,
    )  # fmt: skip


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
        return _ENDED - _microseconds(task.ended_at or _EPOCH)
    at = late_from(task) or task.due_at
    return _microseconds(at) if at else _UNDATED


def _microseconds(at: datetime) -> int:
    return (at - _EPOCH) // _MICROSECOND


def _task_values(case_id: str, task: TaskState, number: int) -> dict[str, Any]:
    return {
        "task_id": f"{case_id}.{task.key}",
        "case_id": case_id,
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
        "state": task.model_dump(mode="json"),
    }


def _event_values(case_id: str, event: Event) -> dict[str, Any]:
    return {
        "case_id": case_id,
        "no": event.no,
        "at": event.at,
        "kind": event.kind.value,
        "actor": event.actor.model_dump(mode="json"),
        "task": event.task,
        "data": event.data,
        "previous": event.previous,
        "hash": event.hash,
    }
