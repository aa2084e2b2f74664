"""The documents that were issued: by their cases, and again after a case had ended."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import Document
from store.tables import DocumentRow, LaterDocumentRow

_Row = DocumentRow | LaterDocumentRow


async def documents_of(session: AsyncSession, case_id: str, *, ended: bool = True) -> tuple[Document, ...]:
    """Returns the documents of a case in the order they were issued, those issued again after its end last.

    `ended` tells whether the case can have ended; of one that runs none was issued after its end.
    """
    query = (
        select(DocumentRow)
        .where(DocumentRow.case_id == case_id)
        .order_by(DocumentRow.issued_at, DocumentRow.document_id)
    )
    issued = (await session.execute(query)).scalars()
    return (*map(_document, issued), *(await later_documents(session, case_id) if ended else ()))


async def later_documents(
    session: AsyncSession, case_id: str, *, request_id: str | None = None
) -> tuple[Document, ...]:
    """Returns what was issued again after a case had ended, in order; all of it, or by one request."""
    query = select(LaterDocumentRow).where(LaterDocumentRow.case_id == case_id)
    if request_id is not None:
        query = query.where(LaterDocumentRow.request_id == request_id)
    query = query.order_by(LaterDocumentRow.issued_at, LaterDocumentRow.version, LaterDocumentRow.document_id)
    return tuple(_document(row) for row in (await session.execute(query)).scalars())


async def find_document(session: AsyncSession, document_id: str) -> tuple[str, Document] | None:
    """Returns the case of a document and the document, or None."""
    query = (
        select(DocumentRow)
        .where(DocumentRow.document_id == document_id)
        .order_by(DocumentRow.issued_at.desc())
        .limit(1)
    )
    row: _Row | None = (await session.execute(query)).scalar_one_or_none()
    row = row or await session.get(LaterDocumentRow, document_id)
    return (row.case_id, _document(row)) if row else None


def _document(row: _Row) -> Document:
    return Document.model_validate({name: getattr(row, name) for name in Document.model_fields})
