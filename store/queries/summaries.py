"""A case and a task as lists show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.case import CaseStatus, FaultCategory, Result, TaskState, TaskStatus
from domain.plan import Resolution, Stage
from store.counting import ALWAYS, Counting
from store.tables import CaseRow


@dataclass(frozen=True)
class CaseSummary:
    """A case as lists show it. `late_from` is the earliest instant from which one of its open tasks is overdue.

    `run_id` is the engine's run that was shown last: another one after a reset.
    """

    case_id: str
    run_id: str
    work_order: str | None
    plan: str
    plan_title: str
    locale: str
    time_zone: str
    stage: Stage
    status: CaseStatus
    result: Result | None
    resolution: Resolution | None
    customer_name: str
    contact_name: str | None
    phone: str | None
    region: str | None
    model: str
    serial_number: str | None
    category: FaultCategory
    channel: str
    engineer: str | None
    appointment: datetime | None
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None
    late_from: datetime | None
    reopened_from: str | None
    special_case_open: bool

    def overdue(self, now: datetime) -> bool:
        """True when a deadline of an open task has passed at `now` (virtual UTC)."""
        return self.late_from is not None and self.late_from <= now

    def late_by(self, now: datetime) -> timedelta | None:
        """Returns how long ago the earliest missed deadline passed, or None."""
        return now - self.late_from if self.late_from is not None and self.late_from <= now else None


class ShownState(StrEnum):
    """The state of a task as people see it: an open one that somebody holds is reserved."""

    CREATED = "created"
    READY = "ready"
    RESERVED = "reserved"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    OBSOLETE = "obsolete"


@dataclass(frozen=True)
class TaskView:
    """A task with its case. `assignee` is who holds it in effect; `task.assignee` is only what the workflow said.

    `submitted_at` is set while an outcome was sent in for the offer that is shown, and the case has not moved on yet.
    """

    task_id: str
    task: TaskState
    case: CaseSummary
    assignee: str | None
    late_from: datetime | None
    submitted_at: datetime | None
    counting: Counting = ALWAYS
    """When the time of its present promise counts."""
    rank: int = 0
    """Its place in lists by urgency."""

    @property
    def case_id(self) -> str:
        """The case it belongs to."""
        return self.case.case_id

    @property
    def is_open(self) -> bool:
        """True while it still waits to be done, paused ones included."""
        return self.task.is_open

    @property
    def state(self) -> ShownState:
        """The state as people see it."""
        if self.assignee and self.task.status in (TaskStatus.CREATED, TaskStatus.READY):
            return ShownState.RESERVED
        return ShownState(self.task.status.value)

    def overdue(self, now: datetime) -> bool:
        """True when its clock runs and a deadline has passed at `now` (virtual UTC)."""
        return self.late_from is not None and self.late_from <= now

    def late_by(self, now: datetime) -> timedelta | None:
        """Returns how long it has been overdue, or None."""
        return now - self.late_from if self.late_from is not None and self.late_from <= now else None


def summary_of(row: CaseRow) -> CaseSummary:
    """Returns what lists show of a case's row."""
    return CaseSummary(
        case_id=row.case_id,
        run_id=row.run_id,
        work_order=row.work_order,
        plan=row.plan,
        plan_title=row.plan_title,
        locale=row.locale,
        time_zone=row.time_zone,
        stage=Stage(row.stage),
        status=CaseStatus(row.status),
        result=Result(row.result) if row.result else None,
        resolution=Resolution(row.resolution) if row.resolution else None,
        customer_name=row.customer_name,
        contact_name=row.contact_name,
        phone=row.phone,
        region=row.region,
        model=row.model,
        serial_number=row.serial_number,
        category=FaultCategory(row.category),
        channel=row.channel,
        engineer=row.engineer,
        appointment=row.appointment,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        due_at=row.due_at,
        late_from=row.late_from,
        reopened_from=row.reopened_from,
        special_case_open=row.special_case_open,
    )
