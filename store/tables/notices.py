"""Notices sent by mail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Base


class NoticeRow(Base):
    """What became of a notice of a case at one address."""

    __tablename__ = "notice"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    notice_id: Mapped[str] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    message_id: Mapped[str]
    status: Mapped[str]
    tries: Mapped[int]
    reason: Mapped[str | None]
    ordered_at: Mapped[datetime]
    at: Mapped[datetime]
