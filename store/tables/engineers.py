"""Who is away, and who stands in for whom."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Base


class AbsenceRow(Base):
    """Somebody is away from `first` to `last`, both included, days of their own time zone."""

    __tablename__ = "absence"
    __table_args__ = (Index(None, "user_id", "first"), Index(None, "last"))

    absence_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.user_id", ondelete="CASCADE"))
    first: Mapped[date]
    last: Mapped[date]
    reason: Mapped[str]
    substitute: Mapped[str | None]
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]


class DeputyRow(Base):
    """Somebody may do a role's tasks; without days always."""

    __tablename__ = "deputy"
    __table_args__ = (Index(None, "user_id"),)

    deputy_id: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    user_id: Mapped[str] = mapped_column(ForeignKey("user.user_id", ondelete="CASCADE"))
    first: Mapped[date | None]
    last: Mapped[date | None]
    named_by: Mapped[str]
    named_at: Mapped[datetime]
