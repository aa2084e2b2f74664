"""Factories and what they make."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Base


class FactoryRow(Base):
    """One factory; `factory_key` is its name as it is compared."""

    __tablename__ = "factory"

    factory_key: Mapped[str] = mapped_column(primary_key=True)
    factory: Mapped[dict[str, Any]]
    by: Mapped[str]
    at: Mapped[datetime]
