"""What is known beside the workflows: who claimed a task, what was submitted, work order numbers, attachments."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Base


class AssignmentRow(Base):
    """Who holds a task since a claim, release or delegation.

    In effect while `assignment` equals the task's own counter: an assignment the workflow made later wins.
    """

    __tablename__ = "assignment"
    __table_args__ = (Index(None, "assignee"),)

    task_id: Mapped[str] = mapped_column(primary_key=True)
    assignee: Mapped[str | None]
    assignment: Mapped[int]
    version: Mapped[int]
    by: Mapped[str]
    at: Mapped[datetime]


class SubmissionRow(Base):
    """One outcome that was sent in; the same `submission_id` twice is one submission in a run of its case.

    A run that begins later (a reset) re-uses activity ids and has got nothing yet: only its own submissions count.
    """

    __tablename__ = "submission"
    __table_args__ = (Index(None, "task_id", "activity_id"),)

    submission_id: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(primary_key=True)
    task_id: Mapped[str]
    activity_id: Mapped[str]
    user: Mapped[str]
    entered_at: Mapped[datetime]
    digest: Mapped[str]


class WorkOrderCounterRow(Base):
    """The last number issued under a prefix in a year."""

    __tablename__ = "work_order_counter"

    prefix: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class WorkOrderRow(Base):
    """The work order number of a case."""

    __tablename__ = "work_order"
    __table_args__ = (Index(None, "prefix", "year", "number", unique=True),)

    case_id: Mapped[str] = mapped_column(primary_key=True)
    prefix: Mapped[str]
    year: Mapped[int]
    number: Mapped[int]


class AttachmentRow(Base):
    """What is known of an uploaded file; its bytes are in the file store under their hash.

    `stored_at` and `named_at` are real UTC. From `named_at` on, when something was first accepted that names the file,
    no cleaning takes it.
    """

    __tablename__ = "attachment"
    __table_args__ = (Index(None, "sha256"), Index(None, "named_at", "stored_at"))

    attachment_id: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str]
    file_name: Mapped[str]
    content_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    uploaded_by: Mapped[str]
    uploaded_at: Mapped[datetime]
    stored_at: Mapped[datetime]
    named_at: Mapped[datetime | None]


class CasePlanRow(Base):
    """Which version of its plan a case was opened with, and keeps."""

    __tablename__ = "case_plan"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    plan: Mapped[str]
    version: Mapped[int]
