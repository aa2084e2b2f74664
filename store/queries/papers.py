"""The documents of all cases in one list: found by what is known of their cases, by kind and by period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from domain.documents.kinds import DocumentKind
from store.case_words import asked_of
from store.queries.found import cases_found
from store.queries.paging import BadCursor, Page, from_cursor, page_of, size
from store.tables import CaseRow, DocumentRow, LaterDocumentRow

_LIST = "papers"
_MOST_WORDS = 5
"""Of a search, among which the number of a document is looked for."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_Table = type[DocumentRow] | type[LaterDocumentRow]


@dataclass(frozen=True)
class Paper:
    """A document in the list of all. `number` is the work order of its case, or the case's own before there was one."""

    document_id: str
    kind: str
    language: str
    version: int
    size: int
    issued_at: datetime
    case_id: str
    number: str
    customer: str
    lacking: int
    """Of how much the document says that it is lacking."""


async def list_papers(
    session: AsyncSession,
    *,
    q: str | None = None,
    kind: DocumentKind | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Paper]:
    """Returns documents, the newest first, those issued again after a case's end among them.

    `q` finds the documents of the cases that a search finds by it; one of its words may be a document's own number.
    The period is from `since` up to, without, `until` (virtual UTC). Raises BadCursor.
    """
    limit = size(limit)
    behind = _behind(cursor) if cursor else None
    found: list[Paper] = []
    for table in (DocumentRow, LaterDocumentRow):
        query = _asked(session, table, q or "", kind, since, until)
        if behind:
            query = query.where(tuple_(table.issued_at, table.document_id) < tuple_(*behind))
        query = query.order_by(table.issued_at.desc(), table.document_id.desc()).limit(limit + 1)
        for row, number, customer in await session.execute(query):
            found.append(_paper(row, number, customer))
    found.sort(key=lambda one: (one.issued_at, one.document_id), reverse=True)
    found = found[: limit + 1]
    places = [((one.issued_at - _EPOCH) // timedelta(microseconds=1), one.document_id) for one in found]
    return page_of(found, limit, _LIST, places)


def _asked(
    session: AsyncSession,
    table: _Table,
    q: str,
    kind: DocumentKind | None,
    since: datetime | None,
    until: datetime | None,
) -> Select[Any, str, str]:
    number = func.coalesce(CaseRow.work_order, CaseRow.case_id)
    query = select(table, number, CaseRow.customer_name).join(CaseRow, CaseRow.case_id == table.case_id)
    if (named := _named(session, table, q)) is not None:
        query = query.where(named)
    if kind is not None:
        query = query.where(table.kind == kind.value)
    if since is not None:
        query = query.where(table.issued_at >= since)
    if until is not None:
        query = query.where(table.issued_at < until)
    return query


def _named(session: AsyncSession, table: _Table, q: str) -> ColumnElement[bool] | None:
    """What is looked for by words: those of the case, of which one may be the document's own number."""
    asked = asked_of(q)
    if asked is None:
        return None
    ways: list[ColumnElement[bool]] = [table.case_id.in_(cases_found(session, asked))] if asked else []
    typed = q.split()[:_MOST_WORDS]
    for place, word in enumerate(typed):
        own = table.document_id == word.upper()
        rest = asked_of(" ".join(typed[:place] + typed[place + 1 :]))
        ways.append(and_(own, table.case_id.in_(cases_found(session, rest))) if rest else own)
    return or_(*ways)


def _paper(row: DocumentRow | LaterDocumentRow, number: str, customer: str) -> Paper:
    return Paper(
        document_id=row.document_id,
        kind=row.kind,
        language=row.language,
        version=row.version,
        size=row.size,
        issued_at=row.issued_at,
        case_id=row.case_id,
        number=number,
        customer=customer,
        lacking=len(row.remarks),
    )


def _behind(cursor: str) -> tuple[datetime, str]:
    microseconds, document_id = from_cursor(_LIST, cursor)
    try:
        return _EPOCH + timedelta(microseconds=microseconds), document_id
    except OverflowError:
        raise BadCursor from None
