"""Statistics: what closed cases leave behind, reports that were issued, and the actions that followed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Base

_COUNTED = (
    *("reopened", "repaired", "returned", "late", "satisfaction", "category", "model", "region", "channel"),
    *("resolution", "subject", "cause", "responsibility"),
)
"""What reports count and sort by: in the index, so that a period costs no look at the table."""


class CaseFactRow(Base):
    """What statistics count of a case, written with it, so that a report reads no case as a whole.

    `opened` is in microseconds since 1970. `repaired`, `returned`, `cause`, `responsibility` and `satisfaction` are
    what its tasks told; `late` says that a step missed its first deadline (of one still open the clock decides).
    """

    __tablename__ = "case_fact"
    __table_args__ = (
        Index("ix_case_fact_counted", "opened", "case_id", "plan", "serial_key", *_COUNTED),
        Index(None, "serial_key", "opened"),
    )

    case_id: Mapped[str] = mapped_column(ForeignKey("case.case_id", ondelete="CASCADE"), primary_key=True)
    opened: Mapped[int] = mapped_column(BigInteger)
    plan: Mapped[str]
    serial_key: Mapped[str | None]
    reopened: Mapped[bool]
    repaired: Mapped[bool]
    returned: Mapped[bool]
    late: Mapped[bool]
    satisfaction: Mapped[int | None]
    category: Mapped[str]
    model: Mapped[str]
    region: Mapped[str | None]
    channel: Mapped[str]
    resolution: Mapped[str | None]
    subject: Mapped[str | None]
    cause: Mapped[str | None]
    responsibility: Mapped[str | None]


class CasePartRow(Base):
    """A part that went in, as reports name it."""

    __tablename__ = "case_part"

    case_id: Mapped[str] = mapped_column(ForeignKey("case.case_id", ondelete="CASCADE"), primary_key=True)
    part: Mapped[str] = mapped_column(primary_key=True)


class UsedTimeRow(Base):
    """Time of a closed case that went to a party at a department, in microseconds.

    `promise` is the kind of step whose promise it was inside of, empty for the whole case. Made from the case's events
    when it is written as closed; the same events give the same rows. `whose` joins plan, promise, party and role:
    reports hop from one to the next. `cases` is 1 in one row of each promise of a case, so that their sum counts cases.
    """

    __tablename__ = "used_time"
    __table_args__ = (Index(None, "whose", "opened", "microseconds", "cases"),)

    case_id: Mapped[str] = mapped_column(ForeignKey("case.case_id", ondelete="CASCADE"), primary_key=True)
    promise: Mapped[str] = mapped_column(primary_key=True)
    party: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    microseconds: Mapped[int] = mapped_column(BigInteger)
    whose: Mapped[str]
    opened: Mapped[int] = mapped_column(BigInteger)
    cases: Mapped[int]


class ReportRow(Base):
    """A report that was issued: its period, to which roles it goes, and the file that holds it."""

    __tablename__ = "report"
    __table_args__ = (Index(None, "made_at"),)

    report_id: Mapped[str] = mapped_column(primary_key=True)
    plan: Mapped[str]
    title: Mapped[str]
    first: Mapped[date]
    last: Mapped[date]
    roles: Mapped[list[str]]
    cases: Mapped[int]
    made_at: Mapped[datetime]
    file: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)


class ActionRow(Base):
    """A corrective or preventive action as its workflow last wrote it; `late_from` is empty once it has ended."""

    __tablename__ = "action"
    __table_args__ = (Index(None, "opened_at"), Index(None, "status", "role"))

    action_id: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[str]
    written_at: Mapped[datetime]
    revision: Mapped[int]
    status: Mapped[str]
    role: Mapped[str | None]
    opened_at: Mapped[datetime]
    late_from: Mapped[datetime | None]
    state: Mapped[dict[str, Any]]
