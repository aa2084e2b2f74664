"""What cases, customers and products are found by, written with them when it changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Delete, Executable, Select, Update, bindparam, delete, select, update

from store.statements import insert_for
from store.tables import Base

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
PLACES = 1 << 10
"""Entries that one millisecond has room for before the next one's are taken."""


class _Statements(NamedTuple):
    stored: Select[Any]
    changed: Update
    left: Delete
    added: Executable


def write_words(connection: Connection, of: str, name: str, at: datetime, words: str) -> None:
    """Keeps what a case, customer or product (`of`) is found by; nothing is written while it stays the same.

    `at` is when it was opened or registered (UTC): the newest are found first. One that is later than before, as after
    a reset, moves to its new place.
    """
    statements, place = _statements(of, connection.dialect.name), first_place(at)
    stored = connection.execute(statements.stored, {"name": name}).one_or_none()
    if stored is not None and stored.entry_id >= place:
        if stored.text != words:
            connection.execute(statements.changed, {"entry": stored.entry_id, "words": words})
        return
    if stored is not None:
        connection.execute(statements.left, {"entry": stored.entry_id})
    row = {f"{of}_id": name, "text": words}
    while connection.execute(statements.added, {**row, "entry_id": place}).scalar() is None:
        place += 1  # taken by another one of the same instant


def first_place(at: datetime) -> int:
    """Returns the first of the entries for what was opened or registered at this instant (UTC)."""
    return (at - _EPOCH) // _MILLISECOND * PLACES


@cache
def _statements(of: str, dialect: str) -> _Statements:
    entry = Base.metadata.tables[f"{of}_entry"]
    this = entry.c.entry_id == bindparam("entry")
    added = insert_for(dialect, entry).on_conflict_do_nothing(index_elements=[entry.c.entry_id])
    return _Statements(
        stored=select(entry.c.entry_id, entry.c.text).where(entry.c[f"{of}_id"] == bindparam("name")),
        changed=update(entry).where(this).values(text=bindparam("words")),
        left=delete(entry).where(this),
        added=added.returning(entry.c.entry_id),
    )
