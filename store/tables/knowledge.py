"""Articles of the knowledge base, their versions, and what they are found by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from store.columns import Base

FULL_TEXT = {
    "sqlite": frozenset(
        f"{table}{part}"
        for table in ("article_words", "case_words", "customer_words", "product_words")
        for part in ("", "_data", "_idx", "_docsize", "_config")
    ),
    "postgresql": frozenset(
        {"words", *(f"ix_{table}_entry_words" for table in ("article", "case", "customer", "product"))}
    ),
}
"""What the full-text search of each database adds to these tables, by name: its own means, not SQLAlchemy's."""


class ArticleRow(Base):
    """One article. `version` is its newest, `published` the one that is shown to everybody, if any.

    `source` is where it came from: a case (`case:C-...`) or a file (`file:...`).
    """

    __tablename__ = "article"
    __table_args__ = (Index(None, "changed_at", "article_id"), Index(None, "source"))

    article_id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    published: Mapped[int | None]
    state: Mapped[str]
    source: Mapped[str | None]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    changed_by: Mapped[str]
    changed_at: Mapped[datetime]


class ArticleVersionRow(Base):
    """One version of an article, by what made it (`act`). Never changed."""

    __tablename__ = "article_version"

    article_id: Mapped[str] = mapped_column(ForeignKey("article.article_id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    act: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    content: Mapped[dict[str, Any]]


class ArticleEntryRow(Base):
    """What an article is found by: as published (`shown`), and as its newest version says.

    `heading`, `symptom` and `text` hold words as `store.words` names them; the databases index them.
    """

    __tablename__ = "article_entry"
    __table_args__ = (Index(None, "article_id", "shown", unique=True), Index(None, "shown", "plan"))

    entry_id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[str] = mapped_column(ForeignKey("article.article_id"))
    shown: Mapped[bool]
    title: Mapped[str]
    models: Mapped[list[str]]
    plan: Mapped[str | None]
    category: Mapped[str | None]
    heading: Mapped[str] = mapped_column(Text)
    symptom: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)


class ArticleModelRow(Base):
    """A model or family that an entry names, as it is compared."""

    __tablename__ = "article_model"
    __table_args__ = (Index(None, "model_key"),)

    entry_id: Mapped[int] = mapped_column(ForeignKey("article_entry.entry_id", ondelete="CASCADE"), primary_key=True)
    model_key: Mapped[str] = mapped_column(primary_key=True)
