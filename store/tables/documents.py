"""The documents of cases: those that a case issued, and those issued again after its end."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Base


class _Document:
    """What both tables know of a document. It was made of the record up to `record_no`, whose hash is `record_hash`."""

    kind: Mapped[str]
    language: Mapped[str]
    version: Mapped[int]
    file: Mapped[str]
    sha256: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    issued_at: Mapped[datetime]
    record_no: Mapped[int]
    record_hash: Mapped[str]
    remarks: Mapped[list[str]]
    by: Mapped[dict[str, Any] | None]
    reason: Mapped[str | None]


class DocumentRow(_Document, Base):
    """One document issued by a case, found by its own identifier. Written by the projection alone."""

    __tablename__ = "document"
    __table_args__ = (Index(None, "document_id"), Index(None, "issued_at", "document_id"))

    case_id: Mapped[str] = mapped_column(ForeignKey("case.case_id", ondelete="CASCADE"), primary_key=True)
    document_id: Mapped[str] = mapped_column(primary_key=True)


class LaterDocumentRow(_Document, Base):
    """One document issued again when its case had ended; it stays when the read side is rebuilt."""

    __tablename__ = "later_document"
    __table_args__ = (Index(None, "case_id"), Index(None, "issued_at", "document_id"))

    document_id: Mapped[str] = mapped_column(primary_key=True)
    case_id: Mapped[str]
    request_id: Mapped[str]
