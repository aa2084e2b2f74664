"""The read side: what workflows wrote of their cases. Only activities write these tables; they can be rebuilt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Base, PlainJson


class CaseRow(Base):
    """One case: what lists filter, sort and search by as columns, all of its state as JSON.

    `run_id` and `written_at` (the write's scheduled time, real UTC) order the runs of a case, `revision` the writes of
    a run. `late_from` is the earliest instant from which an open task is overdue: compare it with the clock.
    `serial_key` is the serial number as it is compared; `erase_at` and `remove_at` are when retention takes what the
    case knows of its customer, and then all of it (virtual UTC, empty for never). What a search finds it by is in
    `CaseEntryRow`.
    """

    __tablename__ = "case"
    __table_args__ = (
        Index(None, "opened_at", "case_id"),
        Index(None, "stage", "opened_at", "case_id"),
        Index(None, "status", "opened_at", "case_id", "plan"),
        Index(None, "plan", "opened_at", "case_id"),
        Index(None, "region", "opened_at", "case_id"),
        Index(None, "closed_at", "case_id"),
        Index(None, "late_from", "case_id"),
        Index(None, "reopened_from"),
        Index(None, "serial_key"),
        Index(None, "appointment"),
        Index(None, "erase_at"),
        Index(None, "remove_at"),
    )

    case_id: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str]
    written_at: Mapped[datetime]
    revision: Mapped[int]
    plan: Mapped[str]
    plan_title: Mapped[str]
    locale: Mapped[str]
    time_zone: Mapped[str]
    stage: Mapped[str]
    status: Mapped[str]
    result: Mapped[str | None]
    resolution: Mapped[str | None]
    work_order: Mapped[str | None]
    customer_name: Mapped[str]
    contact_name: Mapped[str | None]
    phone: Mapped[str | None]
    region: Mapped[str | None]
    model: Mapped[str]
    serial_number: Mapped[str | None]
    serial_key: Mapped[str | None]
    category: Mapped[str]
    subject: Mapped[str | None]
    channel: Mapped[str]
    engineer: Mapped[str | None]
    appointment: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    erase_at: Mapped[datetime | None]
    remove_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    late_from: Mapped[datetime | None]
    reopened_from: Mapped[str | None]
    special_case_open: Mapped[bool]
    state: Mapped[dict[str, Any]] = mapped_column(deferred=True)


class CaseEntryRow(Base):
    """What a case is found by: its words as `store.words` names them, which the databases index.

    `entry_id` grows with the instant the case was opened, so that a search finds the newest first without sorting.
    """

    __tablename__ = "case_entry"
    __table_args__ = (Index(None, "case_id", unique=True),)

    entry_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    case_id: Mapped[str] = mapped_column(ForeignKey("case.case_id", ondelete="CASCADE"))
    text: Mapped[str] = mapped_column(Text)


_OPEN: dict[str, Any] = {"sqlite_where": text("is_open IS 1"), "postgresql_where": text("is_open IS true")}
_OFFERED: dict[str, Any] = {
    "sqlite_where": text("is_open IS 1 AND holder IS NULL"),
    "postgresql_where": text("is_open IS true AND holder IS NULL"),
}
_JUDGED: dict[str, Any] = {
    "sqlite_where": text("kept IS NOT NULL"),
    "postgresql_where": text("kept IS NOT NULL"),
}
_FILTERED = ("late_from", "status", "plan", "stage", "region", "kind", "is_open")
"""What lists of work filter by: in the index, so that a filter costs no look at the table."""
_COUNTED = ("escalation_level", "kept", "case_opened", "case_id")
"""What open tasks are counted by, which takes all of them: in the same index."""


class TaskRow(Base):
    """One user task of a case, `<case_id>.<key>`. Plan and region are those of its case.

    `late_from` is empty for a task whose clock does not run; `rank` orders lists: running clocks by lateness and due
    time, then those without one, then what has ended, newest first. `holder` is who holds it in effect: by the claim
    in force, else by the workflow's word (`assignee`); whoever writes either of them settles it (`store.holders`).
    `counting` says when the time of the present promise does not count (`store.counting`), and is empty when it always
    does. `changed_at` is real UTC. `kept` is empty until the first deadline was kept or missed, and for what is no
    step; `case_opened` is when its case was opened, in microseconds since 1970.
    """

    __tablename__ = "task"
    __table_args__ = (
        Index(None, "case_id", "number"),
        Index(None, "role", "rank", "task_id"),
        Index(None, "rank", "task_id"),
        Index(None, "kind", "rank", "task_id"),
        Index(None, "holder", "rank", "task_id", "late_from"),
        Index(None, "changed_at"),
        Index("ix_task_open", "rank", "task_id", "role", "holder", *_FILTERED, *_COUNTED, **_OPEN),
        Index("ix_task_offered", "role", "rank", "task_id", "holder", *_FILTERED, **_OFFERED),
        Index("ix_task_escalated", "escalation_level", "rank", "task_id", "is_open", **_OPEN),
        Index("ix_task_judged", "kind", "role", "kept", "case_opened", "plan", **_JUDGED),
    )

    task_id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("case.case_id", ondelete="CASCADE"))
    key: Mapped[str]
    number: Mapped[int]
    kind: Mapped[str]
    stage: Mapped[str]
    role: Mapped[str]
    assignee: Mapped[str | None]
    assignment: Mapped[int]
    status: Mapped[str]
    activity_id: Mapped[str | None]
    due_at: Mapped[datetime | None]
    late_from: Mapped[datetime | None]
    rank: Mapped[int] = mapped_column(BigInteger)
    escalation_level: Mapped[int]
    plan: Mapped[str]
    region: Mapped[str | None]
    is_open: Mapped[bool]
    holder: Mapped[str | None]
    counting: Mapped[dict[str, Any] | None] = mapped_column(PlainJson)
    kept: Mapped[bool | None]
    case_opened: Mapped[int] = mapped_column(BigInteger)
    changed_at: Mapped[datetime]
    state: Mapped[dict[str, Any]]


class EventRow(Base):
    """One entry of a case's record."""

    __tablename__ = "event"
    __table_args__ = (Index(None, "case_id", "kind"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("case.case_id", ondelete="CASCADE"), primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    kind: Mapped[str]
    actor: Mapped[dict[str, Any]]
    task: Mapped[str | None]
    data: Mapped[dict[str, Any]]
    digest: Mapped[str]
    previous: Mapped[str]
    hash: Mapped[str]


class ShipmentRow(Base):
    """One shipment of a case, to us (`in`) or to the customer (`out`). `search` finds it by what is written on it."""

    __tablename__ = "shipment"
    __table_args__ = (Index(None, "state", "case_id"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("case.case_id", ondelete="CASCADE"), primary_key=True)
    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    direction: Mapped[str]
    state: Mapped[str]
    carrier: Mapped[str | None]
    tracking_number: Mapped[str | None]
    content: Mapped[list[dict[str, Any]]]
    condition: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    task: Mapped[str | None]
    search: Mapped[str] = mapped_column(Text)
