"""Statistics: what closed cases leave behind, reports that were issued, and the actions that followed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Base


class UsedTimeRow(Base):
    """Time of a closed case that went to a party at a department, in microseconds.

    `promise` is the kind of step whose promise it was inside of, empty for the whole case. Made from the case's events
    when it is written as closed; the same events give the same rows.
    """

    __tablename__ = "used_time"

    case_id: Mapped[str] = mapped_column(ForeignKey("case.case_id", ondelete="CASCADE"), primary_key=True)
    promise: Mapped[str] = mapped_column(primary_key=True)
    party: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    microseconds: Mapped[int] = mapped_column(BigInteger)


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
