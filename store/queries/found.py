"""Cases, customers and products by their words: each database's own full-text search, the newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from sqlalchemy import BigInteger, Select, Subquery, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from store.case_words import Asked, full_text_query
from store.tables import CaseEntryRow

# FTS5 and the key of the entries both walk from the newest, so a page costs the same however many fit
_FOUND = {
    "sqlite": "SELECT rowid AS entry_id FROM {of}_words WHERE {of}_words MATCH :query AND rowid < :before"
    " ORDER BY rowid DESC",
    "postgresql": "SELECT entry_id FROM {of}_entry WHERE words @@ to_tsquery('simple', :query) AND entry_id < :before"
    " ORDER BY entry_id DESC",
}
_AFTER_ALL = (1 << 63) - 1
_MOST = 2000
"""Of the cases that a search finds, the newest: what belongs to them is looked through."""


def found_entries(
    session: AsyncSession,
    asked: Sequence[Asked],
    *,
    of: Literal["case", "customer", "product"] = "case",
    before: int | None = None,
    most: int | None = None,
) -> Subquery:
    """The entries of what fits, the newest first; `before` is an entry to go on behind, `most` how many."""
    dialect = session.get_bind().dialect.name
    limit = f" LIMIT {int(most)}" if most is not None else ""
    query = full_text_query(asked, dialect)
    found = text(_FOUND[dialect].format(of=of) + limit).bindparams(
        bindparam("query", query, unique=True),  # one question may look for several things
        bindparam("before", before if before is not None else _AFTER_ALL, unique=True),
    )
    return found.columns(entry_id=BigInteger).subquery("found")


def cases_found(session: AsyncSession, asked: Sequence[Asked]) -> Select[str]:
    """The newest cases that fit, to look through what belongs to them."""
    found = found_entries(session, asked, most=_MOST)
    return select(CaseEntryRow.case_id).join(found, found.c.entry_id == CaseEntryRow.entry_id)
