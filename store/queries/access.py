"""The record of who looked at whose data, the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from store.queries.paging import Page, from_cursor, page_of, size
from store.tables import AccessRow

_CURSOR = "access"
_MOST_AT_A_CASE = 200


@dataclass(frozen=True)
class Looked:
    """One entry: who, at what, which way, when first, and how often within its slot."""

    no: int
    at: datetime
    user_id: str
    kind: str
    subject: str
    way: str
    looks: int


async def list_looks(
    session: AsyncSession,
    *,
    user_id: str | None = None,
    kind: str | None = None,
    subject: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Looked]:
    """Returns entries of the record; `until` is the first instant that does not count. Raises BadCursor."""
    query = select(AccessRow)
    if user_id is not None:
        query = query.where(AccessRow.user_id == user_id)
    if kind is not None:
        query = query.where(AccessRow.kind == kind)
    if subject is not None:
        query = query.where(AccessRow.subject == subject)
    if since is not None:
        query = query.where(AccessRow.at >= since)
    if until is not None:
        query = query.where(AccessRow.at < until)
    if cursor is not None:
        query = query.where(AccessRow.no < from_cursor(_CURSOR, cursor)[0])
    limit = size(limit)
    rows = (await session.execute(query.order_by(AccessRow.no.desc()).limit(limit + 1))).scalars()
    entries = [_looked(row) for row in rows]
    return page_of(entries, limit, _CURSOR, [(one.no, "") for one in entries])


async def looks_at_case(
    session: AsyncSession, case_id: str, *, documents: Iterable[str] = (), files: Iterable[str] = ()
) -> tuple[Looked, ...]:
    """Returns who looked at a case, its documents and its files: the newest, a few hundred at most."""
    of_case = or_(
        and_(AccessRow.kind == "case", AccessRow.subject == case_id),
        and_(AccessRow.kind == "document", AccessRow.subject.in_(list(documents))),
        and_(AccessRow.kind == "file", AccessRow.subject.in_(list(files))),
    )
    rows = await session.execute(select(AccessRow).where(of_case).order_by(AccessRow.no.desc()).limit(_MOST_AT_A_CASE))
    return tuple(_looked(row) for row in rows.scalars())


def _looked(row: AccessRow) -> Looked:
    return Looked(row.no, row.at, row.user_id, row.kind, row.subject, row.way, row.looks)
