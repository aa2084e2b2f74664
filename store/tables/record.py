"""What is kept about the record of a case when it has ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Base


class ArchiveRow(Base):
    """The archive of a case: its name among the archives, SHA-256 and length of the whole file.

    `made_at` is real UTC. `key_id` names the key that seals it. `run_id` is the run that it is of, and
    `later_documents` how many papers it holds that were issued after the end of the case: another run (a reset) or more
    papers call for a new archive. It stays when the read side is rebuilt.
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
    run_id: Mapped[str]
    later_documents: Mapped[int]
