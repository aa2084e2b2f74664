"""Keeping what was issued again for a case that had ended. Its own record is closed and stays as it is (X11)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import Document
from store.projected_rows import document_values
from store.tables import LaterDocumentRow


async def keep_later(session: AsyncSession, case_id: str, request_id: str, documents: Iterable[Document]) -> None:
    """Keeps the documents of one request.

    Raises sqlalchemy.exc.IntegrityError when another request was given the same version meanwhile: ask again.
    """
    rows = [{"case_id": case_id, "request_id": request_id, **document_values(one)} for one in documents]
    if rows:
        await session.execute(insert(LaterDocumentRow), rows)
