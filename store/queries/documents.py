"""The documents that were issued."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import Document
from store.tables import DocumentRow


async def documents_of(session: AsyncSession, case_id: str) -> tuple[Document, ...]:
    """Returns the documents of a case in the order they were issued."""
    query = (
        select(DocumentRow)
        .where(DocumentRow.case_id == case_id)
        .order_by(DocumentRow.issued_at, DocumentRow.document_id)
    )
    return tuple(_document(row) for row in (await session.execute(query)).scalars())


async def find_document(session: AsyncSession, document_id: str) -> tuple[str, Document] | None:
    """Returns the case of a document and the document, or None."""
    query = (
        select(DocumentRow)
        .where(DocumentRow.document_id == document_id)
        .order_by(DocumentRow.issued_at.desc())
        .limit(1)
    )
    row = (await session.execute(query)).scalar_one_or_none()
    return (row.case_id, _document(row)) if row else None


def _document(row: DocumentRow) -> Document:
    return Document(
        document_id=row.document_id,
        kind=row.kind,
        language=row.language,
        version=row.version,
        file=row.file,
        sha256=row.sha256,
        size=row.size,
        issued_at=row.issued_at,
    )
