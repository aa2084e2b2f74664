"""Statements that both databases know but SQLAlchemy spells per dialect."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from store.columns import Base

Insert = postgresql.Insert | sqlite.Insert


def insert_into(session: AsyncSession, table: type[Base]) -> Insert:
    """Returns an INSERT that can be told what to do about a row that is there already."""
    return insert_for(session.get_bind().dialect.name, table)


def insert_for(dialect: str, table: type[Base] | Table) -> Insert:
    """Returns the same for a dialect known by name."""
    into: Any = table
    return sqlite.insert(into) if dialect == "sqlite" else postgresql.insert(into)


class likely(FunctionElement[bool]):  # noqa: N801 - reads as the function that it is
    """A condition that most rows meet: SQLite, which keeps no statistics, then looks for an index of another one."""

    inherit_cache = True

    def __init__(self, condition: ColumnElement[bool]) -> None:
        super().__init__(condition)


@compiles(likely)
def _plain(element: likely, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(likely, "sqlite")
def _on_sqlite(element: likely, compiler: SQLCompiler, **options: Any) -> str:
    return f"likely({compiler.process(element.clauses, **options)})"
