"""Who looked at whose data."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Base


class AccessRow(Base):
    """A look at personal data: one row for what a person saw within a slot of some minutes, one way.

    `slot` is the slot's number on the wall's clock; `at` is the first look, on the product's. It stays when that goes.
    """

    __tablename__ = "access"
    __table_args__ = (
        Index(None, "user_id", "kind", "subject", "way", "slot", unique=True),
        Index(None, "kind", "subject", "no"),
        Index(None, "user_id", "no"),
        Index(None, "at"),
    )

    no: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime]
    user_id: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[str]
    way: Mapped[str]
    slot: Mapped[int]
    looks: Mapped[int]
