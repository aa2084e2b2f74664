"""What statistics count of a case, kept with it: the columns they sort by, and what its tasks told."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Executable, bindparam, delete, exists, insert, select

from domain.case import CaseState, Projection, TaskState, TaskStatus
from domain.statistics import Sorted, causes_of, is_repair, is_return, parts_of
from domain.statistics.facts import CAUSES, PARTS_TOLD, REPAIRS, RETURNS
from domain.tasks.accept import FOLLOW_UP
from store.projected_rows import microseconds
from store.statements import insert_for
from store.tables import Base

_FACT, _PART, _TASK = (Base.metadata.tables[name] for name in ("case_fact", "case_part", "task"))
_TELLING = frozenset({*CAUSES, *PARTS_TOLD, *REPAIRS, *RETURNS, FOLLOW_UP.name})
"""Tasks whose answers statistics read."""
_COMPLETED = TaskStatus.COMPLETED
_OF_THE_CASE: BindParameter[str] = bindparam("case_id")
_TOLD = (
    select(_TASK.c.state)
    .where(_TASK.c.case_id == _OF_THE_CASE, _TASK.c.status == _COMPLETED.value, _TASK.c.kind.in_(sorted(_TELLING)))
    .order_by(_TASK.c.number)
)
_SAME = ("case_id", "plan", "serial_key", "category", "model", "region", "channel", "resolution", "subject")
"""Columns that a case has as well."""
_NOTHING_TOLD: dict[str, Any] = {
    "repaired": False, "returned": False, "cause": None, "responsibility": None, "satisfaction": None
}  # fmt: skip


def write_facts(connection: Connection, write: Projection, columns: Mapping[str, Any]) -> None:
    """Keeps what a case counts as. Its tasks are written already; what they told is read again only when it changed.

    `columns` are those of the case.
    """
    case = write.case
    values: dict[str, Any] = {name: columns[name] for name in _SAME} | _NOTHING_TOLD
    values |= {"opened": microseconds(case.opened_at), "reopened": bool(case.reopened_from)}
    anew = write.whole or write.revision == 1 or bool(case.costs) or any(map(_tells, write.tasks))
    if anew:
        rows = connection.execute(_TOLD, {"case_id": case.case_id}).scalars()
        tasks = [TaskState.model_validate(state) for state in rows]
        values |= _told(tasks)
        _write_parts(connection, case, tasks)
    connection.execute(_written(connection.dialect.name, told=anew), values)


def _tells(task: TaskState) -> bool:
    return task.status is _COMPLETED and task.kind in _TELLING


def _told(tasks: list[TaskState]) -> dict[str, Any]:
    causes = causes_of(task for task in tasks if task.kind in CAUSES)
    marks = [(task.outcome or {}).get("satisfaction") for task in tasks if task.kind == FOLLOW_UP.name]
    return {
        "repaired": any(task.kind in REPAIRS and is_repair(task) for task in tasks),
        "returned": any(map(is_return, tasks)),
        "cause": causes.get(Sorted.CAUSE),
        "responsibility": causes.get(Sorted.RESPONSIBILITY),
        "satisfaction": next((mark for mark in reversed(marks) if isinstance(mark, int)), None),
    }


def _write_parts(connection: Connection, case: CaseState, tasks: list[TaskState]) -> None:
    lines = [line.model_dump(mode="json") for line in case.costs]
    parts = parts_of(lines, (task for task in tasks if task.kind in PARTS_TOLD))
    connection.execute(delete(_PART).where(_PART.c.case_id == case.case_id))
    if parts:
        connection.execute(insert(_PART), [{"case_id": case.case_id, "part": part} for part in parts])


@cache
def _written(dialect: str, *, told: bool) -> Executable:
    late = exists().where(_TASK.c.case_id == _OF_THE_CASE, _TASK.c.kept.is_(False))
    values: dict[str, Any] = {column.name: bindparam(column.name) for column in _FACT.columns if column.name != "late"}
    statement = insert_for(dialect, _FACT).values(**values, late=select(late).scalar_subquery())
    stays = {"case_id"} if told else {"case_id", *_NOTHING_TOLD}
    changed = {column.name: statement.excluded[column.name] for column in _FACT.columns if column.name not in stays}
    return statement.on_conflict_do_update(index_elements=[_FACT.c.case_id], set_=changed)
