"""What is kept about the record of a case when it has ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Base


class ArchiveRow(Base):
    """The archive of a case: its name among the archives, SHA-256 and length of the whole file.

    `made_at` is real UTC. `key_id` names the key that seals it. `later_documents` is how many papers that were issued
    after the end of the case it holds; more of them call for a new archive. It stays when the read side is rebuilt.
    """

    __tablename__ = "archive"
    __table_args__ = (Index(None, "made_at", "case_id"),)

    case_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    sha256: Mapped[str]
    bytes: Mapped[int] = mapped_column(BigInteger)
    made_at: Mapped[datetime]
    code_version: Mapped[str]
    key_id: Mapped[str | None]
    later_documents: Mapped[int]
