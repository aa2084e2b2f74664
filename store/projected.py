"""The rows of a case as its writes make them, beside the rows that the database has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, create_engine, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.pool import StaticPool

from domain.record.comparing import differing
from domain.record.findings import Finding
from store.entries import PLACES
from store.projection import write_revision
from store.rebuild import Written
from store.tables import Base

Rows = dict[str, dict[tuple[Any, ...], dict[str, Any]]]
"""Rows by table, then by primary key."""
_CASE = Base.metadata.tables["case"]
_ASSIGNMENT = Base.metadata.tables["assignment"]
_NOT_COMPARED = {("task", "changed_at")}
"""When a row was written, which no history says."""
LACKS, ONLY_HERE = "the history has it, the database lacks it", "the database has it, the history does not"
OTHER = "the database has another value than the history"


def _projected() -> tuple[Table, ...]:
    """Every table that is written with a case: it goes when the case's row goes."""
    return tuple(
        table
        for table in Base.metadata.sorted_tables
        if table is _CASE or any(key.column is _CASE.c.case_id for key in table.foreign_keys)
    )


PROJECTED = _projected()


async def stored_rows(session: AsyncSession, case_id: str) -> Rows:
    """Returns all that the database has of a case."""
    return await session.run_sync(lambda read: _rows(read.connection(), case_id))


async def claims_of(session: AsyncSession, case_id: str) -> Sequence[Mapping[str, Any]]:
    """Returns who claimed tasks of a case: what settles who holds them."""
    query = select(_ASSIGNMENT).where(_ASSIGNMENT.c.task_id.startswith(f"{case_id}.", autoescape=True))
    return [dict(row) for row in (await session.execute(query)).mappings()]


class Expected:
    """Makes the rows of one case after another, in memory and by the very code that writes the database."""

    def __init__(self) -> None:
        self._engine = create_engine("sqlite://", poolclass=StaticPool)
        Base.metadata.create_all(self._engine)

    def rows(self, case_id: str, writes: Iterable[Written], claims: Sequence[Mapping[str, Any]] = ()) -> Rows:
        """Returns the rows that these writes leave of a case."""
        with self._engine.connect() as connection:
            if claims:
                connection.execute(insert(_ASSIGNMENT), list(claims))
            for write in writes:
                write_revision(connection, write.run_id, write.scheduled_at, write.projection)
            rows = _rows(connection, case_id)
            connection.rollback()
        return rows

    def close(self) -> None:
        """Lets go of the memory."""
        self._engine.dispose()


def differing_rows(expected: Rows, stored: Rows) -> tuple[Finding, ...]:
    """Returns every row and column at which the database says otherwise than the history."""
    found: list[Finding] = []
    for table in PROJECTED:
        ours, theirs = expected.get(table.name, {}), stored.get(table.name, {})
        for key in sorted(ours.keys() | theirs.keys(), key=str):
            row = f"table {table.name}, row {'.'.join(str(part) for part in key)}"
            if key not in theirs:
                found.append(Finding(place=row, what=LACKS))
            elif key not in ours:
                found.append(Finding(place=row, what=ONLY_HERE))
            else:
                found += [
                    Finding(place=f"{row}, column {one.place}", what=OTHER, recorded=one.recorded, found=one.found)
                    for one in differing(ours[key], theirs[key])
                ]
    return tuple(found)


def _rows(connection: Connection, case_id: str) -> Rows:
    return {table.name: _of(connection, table, case_id) for table in PROJECTED}


def _of(connection: Connection, table: Table, case_id: str) -> dict[tuple[Any, ...], dict[str, Any]]:
    rows = connection.execute(select(table).where(table.c.case_id == case_id)).mappings()
    key = [column.name for column in table.primary_key]
    if table.name == "case_entry":  # its key is a place in the order, the next free one of its instant
        return {(row["case_id"],): {**_plain(table, row), "entry_id": row["entry_id"] // PLACES} for row in rows}
    return {tuple(row[name] for name in key): _plain(table, row) for row in rows}


def _plain(table: Table, row: Mapping[Any, Any]) -> dict[str, Any]:
    compared = (column.name for column in table.columns if (table.name, column.name) not in _NOT_COMPARED)
    return {name: _value(row[name]) for name in compared}


def _value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value
