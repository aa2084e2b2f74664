"""What was erased, what must not be, and each run that saw to it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Base


class ErasureRow(Base):
    """The erasure of a case; it stays when everything else of the case is gone.

    Instants are real UTC. The row is written before the key is destroyed; `done_at` is empty until nothing is left to
    do. `files` are those that still have to be removed; `cleared` says that rows and files are done. `told` says what
    was found that an erasure does not change: entries of `what`, with names beside it. `facts` is what stays of the
    case, from `removed_at` on in this row alone.
    """

    __tablename__ = "erasure"
    __table_args__ = (Index(None, "done_at"), Index(None, "erased_at"))

    case_id: Mapped[str] = mapped_column(primary_key=True)
    erased_at: Mapped[datetime]
    by: Mapped[str]
    reason: Mapped[str]
    told: Mapped[list[dict[str, Any]]]
    files: Mapped[list[str]]
    facts: Mapped[dict[str, Any]]
    cleared: Mapped[bool]
    done_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class LegalHoldRow(Base):
    """One legal hold of a case: nothing of it is erased or removed while it is not lifted. Instants are real UTC."""

    __tablename__ = "legal_hold"
    __table_args__ = (Index(None, "case_id", "lifted_at"), Index(None, "placed_at"))

    hold_id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str]
    reason: Mapped[str]
    placed_by: Mapped[str]
    placed_at: Mapped[datetime]
    lifted_by: Mapped[str | None]
    lifted_at: Mapped[datetime | None]
    lifted_why: Mapped[str | None]


class RetentionRunRow(Base):
    """One run that enforced retention. `began_at` and `ended_at` are real UTC, `at` is virtual: what was due by then.

    `report` names the cases: erased, removed, held, failed with why.
    """

    __tablename__ = "retention_run"
    __table_args__ = (Index(None, "began_at"),)

    run_id: Mapped[str] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    report: Mapped[dict[str, Any]]
