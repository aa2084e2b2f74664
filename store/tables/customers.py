"""What customers reach without an account: links to their cases, and requests that a person looks at first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Base


class TrackingLinkRow(Base):
    """One change of a case's tracking link: the newest version holds, and opens nothing when it was taken back.

    A case without a row has its first link, version 0.
    """

    __tablename__ = "tracking_link"

    case_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    revoked: Mapped[bool]
    by: Mapped[str]
    at: Mapped[datetime]


class HeldRequestRow(Base):
    """A request from the public form that a person looks at before it becomes a case.

    `request` is empty once it was rejected: what is no request is not kept.
    """

    __tablename__ = "held_request"
    __table_args__ = (Index(None, "decided_at", "received_at"),)

    request_id: Mapped[str] = mapped_column(primary_key=True)
    received_at: Mapped[datetime]
    plan: Mapped[str]
    request: Mapped[dict[str, Any] | None]
    reasons: Mapped[list[str]]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    case_id: Mapped[str | None]
