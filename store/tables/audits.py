"""What auditors asked for and found: results of checks, samples of cases, and what was said of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Base

_RUNNING: dict[str, Any] = {"sqlite_where": text("done_at IS NULL"), "postgresql_where": text("done_at IS NULL")}


class AuditResultRow(Base):
    """One check of a case that somebody asked for. Instants are real UTC.

    `passed` is empty while it runs, and where it could not be done: then `notes` say why. One of a kind runs for a case
    at a time. It stays when the read side is rebuilt; `findings` can hold what was recorded of people.
    """

    __tablename__ = "audit_result"
    __table_args__ = (
        Index("ix_audit_result_running", "case_id", "kind", unique=True, **_RUNNING),
        Index(None, "case_id", "asked_at"),
        Index(None, "asked_at"),
    )

    audit_id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str]
    kind: Mapped[str]
    asked_by: Mapped[str]
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    passed: Mapped[bool | None]
    findings: Mapped[list[dict[str, Any]]]
    notes: Mapped[list[str]]
    code_version: Mapped[str | None]


class AuditSampleRow(Base):
    """Cases drawn for review. `criteria` and `seed` draw the same again; `at` is real UTC."""

    __tablename__ = "audit_sample"
    __table_args__ = (Index(None, "at"),)

    sample_id: Mapped[str] = mapped_column(primary_key=True)
    seed: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    criteria: Mapped[dict[str, Any]]
    cases: Mapped[list[dict[str, Any]]]


class AuditReviewRow(Base):
    """What a reviewer said of a case of a sample; the last word counts, earlier ones stay. `at` is real UTC."""

    __tablename__ = "audit_review"
    __table_args__ = (Index(None, "sample_id", "case_id"),)

    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    sample_id: Mapped[str]
    case_id: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    finding: Mapped[bool]
    remark: Mapped[str] = mapped_column(Text)
