"""The words of a case, written with it when they changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from sqlalchemy import Connection, Executable, bindparam, delete, select, update

from domain.case import CaseState
from store.case_words import words_of_case
from store.statements import insert_for
from store.tables import Base

_ENTRY = Base.metadata.tables["case_entry"]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_PLACES = 1 << 10
"""Entries that one millisecond has room for before the next one's are taken."""
_STORED = select(_ENTRY.c.entry_id, _ENTRY.c.text).where(_ENTRY.c.case_id == bindparam("case"))
_CHANGED = update(_ENTRY).where(_ENTRY.c.entry_id == bindparam("entry")).values(text=bindparam("words"))
_LEFT = delete(_ENTRY).where(_ENTRY.c.entry_id == bindparam("entry"))


def write_entry(connection: Connection, case: CaseState) -> None:
    """Keeps what a case is found by; nothing is written while it stays the same.

    A case that a reset opened anew, later, moves to the place of that instant.
    """
    words = words_of_case(case)
    place = first_place(case.opened_at)
    stored = connection.execute(_STORED, {"case": case.case_id}).one_or_none()
    if stored is not None and stored.entry_id >= place:
        if stored.text != words:
            connection.execute(_CHANGED, {"entry": stored.entry_id, "words": words})
        return
    if stored is not None:
        connection.execute(_LEFT, {"entry": stored.entry_id})
    row = {"case_id": case.case_id, "text": words}
    while connection.execute(_added(connection.dialect.name), {**row, "entry_id": place}).scalar() is None:
        place += 1  # taken by another case of the same instant


def first_place(opened_at: datetime) -> int:
    """Returns the first of the entries for cases that were opened at this instant (UTC)."""
    return (opened_at - _EPOCH) // _MILLISECOND * _PLACES


@cache
def _added(dialect: str) -> Executable:
    entry = insert_for(dialect, _ENTRY).on_conflict_do_nothing(index_elements=[_ENTRY.c.entry_id])
    return entry.returning(_ENTRY.c.entry_id)
