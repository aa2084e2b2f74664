"""The one write of the read side: idempotent, ordered by run and revision, safe beside other writers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Table, bindparam, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import Projection, ProjectionReceipt, TaskState
from store.case_facts import write_facts
from store.case_words import words_of_case
from store.counting import write_counting
from store.entries import write_words
from store.holders import settle_holders
from store.projected_rows import case_values, document_values, event_values, late_from, shipment_values, task_values
from store.registering import (
    register_contracts,
    register_found,
    register_replacements,
    register_request,
    register_verified,
)
from store.sessions import Database
from store.statements import Insert, insert_for
from store.tables import Base
from store.used_time import write_used_time

# tables and not the ORM's classes: a case is written some twenty times, and bulk statements of the ORM cost far more
_CASE, _TASK, _EVENT, _DOCUMENT, _SHIPMENT, _FACT, _PART, _USED_TIME = (
    Base.metadata.tables[name]
    for name in ("case", "task", "event", "document", "shipment", "case_fact", "case_part", "used_time")
)
_KEPT = frozenset({"task_id", "case_id", "key", "number", "counting"})
"""What a later write of a task leaves as it is: what never changes, and what comes with its promise."""
_MOST_TASKS = 1000
"""Of one write: keeps the numbers of tasks apart from those of the next revision."""


async def project(database: Database, run_id: str, scheduled_at: datetime, write: Projection) -> ProjectionReceipt:
    """Writes one revision of a case in a transaction of its own; see `write_projection`."""
    return await database.run(lambda connection: write_revision(connection, run_id, scheduled_at, write))


async def write_projection(
    session: AsyncSession, run_id: str, scheduled_at: datetime, write: Projection
) -> ProjectionReceipt:
    """Writes one revision of a case inside the caller's transaction.

    Of one run, only a later revision is applied. A run whose write was scheduled later (a reset) replaces everything
    that an earlier run wrote, and needs the whole case for it; a late write of the earlier run changes nothing. What is
    ignored is answered like what is written, since a repeat is no error. Answers `send_whole` when what came before is
    missing.
    """
    return await (await session.connection()).run_sync(write_revision, run_id, scheduled_at, write)


def write_revision(connection: Connection, run_id: str, scheduled_at: datetime, write: Projection) -> ProjectionReceipt:
    """As `write_projection`, inside the transaction of a plain connection."""
    case_id = write.case.case_id
    whole = write.whole or write.revision == 1
    row = case_values(write, run_id, scheduled_at)
    stored = connection.execute(_LOCKED, {"id": case_id}).one_or_none()
    if stored is None:
        if not whole:
            return ProjectionReceipt(send_whole=True)
        row["late_from"] = _earliest(write.tasks)
        if connection.execute(_insert_case(connection.dialect.name), row).scalar() is not None:
            register_request(connection, write.case)
            _write_parts(connection, write, row)
            return ProjectionReceipt()
        stored = connection.execute(_LOCKED, {"id": case_id}).one()  # another was first; now its row is ours to judge
    if not _is_newer(stored, run_id, scheduled_at, write):
        return ProjectionReceipt()
    if whole:
        for table in (_TASK, _EVENT, _DOCUMENT, _SHIPMENT, _FACT, _PART, _USED_TIME):
            connection.execute(delete(table).where(table.c.case_id == case_id))
    elif stored.run_id != run_id or write.revision != stored.revision + 1:
        return ProjectionReceipt(send_whole=True)
    _write_parts(connection, write, row)
    row["late_from"] = _earliest(write.tasks) if whole else connection.execute(_LATE_FROM, {"id": case_id}).scalar()
    connection.execute(_UPDATED, {**row, "id": case_id})
    return ProjectionReceipt()


def _is_newer(stored: Any, run_id: str, scheduled_at: datetime, write: Projection) -> bool:
    if stored.run_id != run_id:
        return bool(scheduled_at > stored.written_at)
    # the whole case sent again on request may carry the revision it was asked for
    again = write.whole and write.revision == stored.revision and scheduled_at > stored.written_at
    return bool(write.revision > stored.revision or again)


def _earliest(tasks: Iterable[TaskState]) -> datetime | None:
    return min((at for at in map(late_from, tasks) if at is not None), default=None)


def _write_parts(connection: Connection, write: Projection, row: dict[str, Any]) -> None:
    case_id, dialect = write.case.case_id, connection.dialect.name
    first = write.revision * _MOST_TASKS
    now = datetime.now(UTC)
    if tasks := [task_values(write.case, task, number, now) for number, task in enumerate(write.tasks, start=first)]:
        connection.execute(_upsert_tasks(dialect), tasks)
        settle_holders(connection, [task["task_id"] for task in tasks])
        register_found(connection, write.case)
        register_verified(connection, write.case, write.tasks)
        register_replacements(connection, write.case, write.tasks)
        register_contracts(connection, write.case, write.tasks)
    write_counting(connection, case_id, write.events)
    write_words(connection, "case", case_id, write.case.opened_at, words_of_case(write.case))
    write_facts(connection, write, row)
    _insert_missing(connection, _EVENT, [event_values(case_id, event) for event in write.events])
    documents = [{"case_id": case_id, **document_values(document)} for document in write.case.documents]
    _insert_missing(connection, _DOCUMENT, documents)
    write_used_time(connection, write.case)
    if shipments := [shipment_values(write.case, one) for one in write.case.shipments]:
        connection.execute(_upsert_shipments(dialect), shipments)


def _insert_missing(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert_for(connection.dialect.name, table).on_conflict_do_nothing(), rows)


_LOCKED = (
    select(_CASE.c.run_id, _CASE.c.written_at, _CASE.c.revision)
    .where(_CASE.c.case_id == bindparam("id"))
    .with_for_update()
)
"""How far a case is written; its row is held until the transaction ends."""
_LATE_FROM = select(func.min(_TASK.c.late_from)).where(_TASK.c.case_id == bindparam("id"))
_UPDATED = update(_CASE).where(_CASE.c.case_id == bindparam("id"))


@cache
def _insert_case(dialect: str) -> Executable:
    return insert_for(dialect, _CASE).on_conflict_do_nothing().returning(_CASE.c.case_id)


@cache
def _upsert_shipments(dialect: str) -> Insert:
    statement = insert_for(dialect, _SHIPMENT)
    changed = {name: statement.excluded[name] for name in set(_SHIPMENT.columns.keys()) - {"case_id", "no"}}
    return statement.on_conflict_do_update(index_elements=[_SHIPMENT.c.case_id, _SHIPMENT.c.no], set_=changed)


@cache
def _upsert_tasks(dialect: str) -> Insert:
    statement = insert_for(dialect, _TASK)
    changed = {column.name: statement.excluded[column.name] for column in _TASK.columns if column.name not in _KEPT}
    return statement.on_conflict_do_update(index_elements=[_TASK.c.task_id], set_=changed)
