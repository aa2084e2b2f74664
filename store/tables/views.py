"""Lists of work that people gave a name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Base


class SavedViewRow(Base):
    """A person's own view of the list of work; `query` is the part of its address that filters."""

    __tablename__ = "saved_view"
    __table_args__ = (Index(None, "user_id", "name", unique=True),)

    view_id: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user.user_id", ondelete="CASCADE"))
    name: Mapped[str]
    query: Mapped[str]
    created_at: Mapped[datetime]
