"""A piece of work as lists of many show it: a task with what is known of its case, read without its whole state."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, select

from domain.case import CaseStatus, TaskStatus
from store.projected_rows import UNDATED
from store.queries.tasks import TaskView, is_open
from store.tables import CaseRow, TaskRow

ranked_open: ColumnElement[bool] = and_(TaskRow.rank <= UNDATED, is_open)
"""An open task, said so that an index finds it: ended ones rank beyond, and are not in the indexes of open tasks."""


class Piece(NamedTuple):
    """A piece of work: an open task with what is known of its case, or an appointment whose task is over.

    `due_at` is the promise that counts for people; `appointment` where an agreed window begins. `task_id` is None, and
    `kind` empty, for an appointment without an open task. `holder` is who serves it, by sign-in name.
    """

    task_id: str | None
    case_id: str
    kind: str
    role: str
    holder: str | None
    due_at: datetime | None
    late_from: datetime | None
    rank: int
    level: int
    paused: bool
    number: str
    customer: str
    region: str | None
    model: str
    category: str
    plan: str
    time_zone: str
    appointment: datetime | None
    closed: bool

    @property
    def begins(self) -> datetime | None:
        """Where it stands on the board: the beginning of an agreed window that its deadline ends, else the deadline."""
        if self.appointment is None or self.due_at is None:
            return self.appointment or self.due_at
        return min(self.appointment, self.due_at)

    def overdue(self, now: datetime) -> bool:
        """True when its deadline has passed at `now` (virtual UTC)."""
        return self.late_from is not None and self.late_from <= now


def piece_of(view: TaskView) -> Piece:
    """Returns a task that was read whole as a piece of work."""
    task, case = view.task, view.case
    return Piece(
        task_id=view.task_id,
        case_id=case.case_id,
        kind=task.kind,
        role=task.role,
        holder=view.assignee,
        due_at=view.late_from if task.escalation_level and view.late_from else task.due_at,
        late_from=view.late_from,
        rank=UNDATED,
        level=task.escalation_level,
        paused=task.status is TaskStatus.SUSPENDED,
        number=case.work_order or case.case_id,
        customer=case.customer_name,
        region=case.region,
        model=case.model,
        category=case.category.value,
        plan=case.plan,
        time_zone=case.time_zone,
        appointment=case.appointment,
        closed=case.status is CaseStatus.CLOSED,
    )


# columns and not the rows' classes: the state of a task or case is long, and a board shows hundreds of them
OF_A_CASE = (
    CaseRow.case_id, CaseRow.work_order, CaseRow.customer_name, CaseRow.region, CaseRow.model, CaseRow.category,
    CaseRow.plan, CaseRow.time_zone, CaseRow.appointment, CaseRow.engineer, CaseRow.status.label("case_status"),
)  # fmt: skip
_OF_A_TASK = (
    TaskRow.task_id, TaskRow.kind, TaskRow.role, TaskRow.due_at, TaskRow.late_from, TaskRow.rank,
    TaskRow.escalation_level, TaskRow.status,
)  # fmt: skip


def tasks_as_pieces(*conditions: ColumnElement[bool], limit: int) -> Select[*tuple[Any, ...]]:
    """Returns the question for the tasks that meet the conditions, by rank, with what `piece` needs of them.

    They are found first, in the index of open tasks alone, and then looked at: PostgreSQL takes the conditions for
    rarer than they are, and would look at every open task.
    """
    place = (
        select(TaskRow.task_id, TaskRow.rank)
        .where(*conditions)
        .order_by(TaskRow.rank, TaskRow.task_id)
        .limit(limit)
        .subquery("place")
    )
    found = _pieces().join(place, place.c.task_id == TaskRow.task_id)
    return found.order_by(place.c.rank, place.c.task_id)


@cache
def _pieces() -> Select[*tuple[Any, ...]]:
    return (
        select(*_OF_A_TASK, *OF_A_CASE, TaskRow.holder)
        .select_from(TaskRow)
        .join(CaseRow, CaseRow.case_id == TaskRow.case_id)
    )


def piece(row: Any) -> Piece:
    """Returns the piece of a row of `tasks_as_pieces`."""
    task_id, kind, role, due_at, late_from, rank, level, status, *of_a_case, holder = row  # by name takes twice as long
    return Piece(
        task_id=task_id,
        kind=kind,
        role=role,
        holder=holder,
        due_at=late_from if level and late_from else due_at,
        late_from=late_from,
        rank=rank,
        level=level,
        paused=status == TaskStatus.SUSPENDED.value,
        **_known(*of_a_case),
    )


def appointment(row: Any) -> Piece:
    """Returns an appointment without an open task, of a row of the columns `OF_A_CASE`."""
    return Piece(
        task_id=None,
        kind="",
        role="",
        holder=row.engineer,
        due_at=None,
        late_from=None,
        rank=UNDATED,
        level=0,
        paused=False,
        **_known(*row),
    )


def _known(  # noqa: PLR0917 - the columns in their order
    case_id: str,
    work_order: str | None,
    customer: str,
    region: str | None,
    model: str,
    category: str,
    plan: str,
    time_zone: str,
    at: datetime | None,
    _engineer: str | None,
    status: str,
) -> dict[str, Any]:
    """What a piece holds of its case, from the columns `OF_A_CASE` in their order."""
    return {
        "case_id": case_id,
        "number": work_order or case_id,
        "customer": customer,
        "region": region,
        "model": model,
        "category": category,
        "plan": plan,
        "time_zone": time_zone,
        "appointment": at,
        "closed": status == CaseStatus.CLOSED.value,
    }
