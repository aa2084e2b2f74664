"""Statements that both databases know but SQLAlchemy spells per dialect."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from store.columns import Base

Insert = postgresql.Insert | sqlite.Insert


def insert_into(session: AsyncSession, table: type[Base]) -> Insert:
    """Returns an INSERT that can be told what to do about a row that is there already."""
    return insert_for(session.get_bind().dialect.name, table)


def insert_for(dialect: str, table: type[Base] | Table) -> Insert:
    """Returns the same for a dialect known by name."""
    into: Any = table
    return sqlite.insert(into) if dialect == "sqlite" else postgresql.insert(into)
