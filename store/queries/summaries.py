"""A case and a task as lists show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from domain.case import CaseStatus, FaultCategory, Result, TaskState, TaskStatus
from domain.plan import Resolution, Stage
from store.counting import ALWAYS, Counting
from store.tables import CaseRow


class CaseSummary(NamedTuple):
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


SUMMARY_COLUMNS: tuple[Any, ...] = tuple(getattr(CaseRow, one) for one in CaseSummary._fields)
"""The columns of a case that lists show, for questions about many: rows of classes take twice as long to make."""


def summary_of(row: CaseRow) -> CaseSummary:
    """Returns what lists show of a case's row."""
    return summary_from([getattr(row, one) for one in CaseSummary._fields])


def summary_from(values: Sequence[Any]) -> CaseSummary:
    """Returns what lists show of a case, from the values of `SUMMARY_COLUMNS`."""
    found = CaseSummary._make(values)
    return found._replace(
        stage=Stage(found.stage),
        status=CaseStatus(found.status),
        result=Result(found.result) if found.result else None,
        resolution=Resolution(found.resolution) if found.resolution else None,
        category=FaultCategory(found.category),
    )
