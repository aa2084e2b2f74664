"""What a person typed into the form of a task and has not sent in yet."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Base


class DraftRow(Base):
    """One person's draft of one task; nobody else sees it.

    `saved_at` is virtual UTC, as it is shown; `stored_at` real UTC, by which drafts that nobody came back to are
    thrown away.
    """

    __tablename__ = "draft"
    __table_args__ = (Index(None, "stored_at"),)

    task_id: Mapped[str] = mapped_column(primary_key=True)
    user: Mapped[str] = mapped_column(primary_key=True)
    entered: Mapped[dict[str, Any]]
    saved_at: Mapped[datetime]
    stored_at: Mapped[datetime]
