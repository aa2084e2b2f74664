"""The knowledge base's part of the schema: tables, and each database's own full-text search over them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

_ADD = (
    "INSERT INTO article_words (rowid, heading, symptom, text)"
    " VALUES (new.entry_id, new.heading, new.symptom, new.text);"
)
_REMOVE = (
    "INSERT INTO article_words (article_words, rowid, heading, symptom, text)"
    " VALUES ('delete', old.entry_id, old.heading, old.symptom, old.text);"
)
_FULL_TEXT = {
    "sqlite": (
        """CREATE VIRTUAL TABLE article_words USING fts5(
            heading, symptom, text, content='article_entry', content_rowid='entry_id', tokenize='ascii')""",
        f"CREATE TRIGGER article_entry_added AFTER INSERT ON article_entry BEGIN {_ADD} END",
        f"CREATE TRIGGER article_entry_removed AFTER DELETE ON article_entry BEGIN {_REMOVE} END",
        f"CREATE TRIGGER article_entry_changed AFTER UPDATE ON article_entry BEGIN {_REMOVE} {_ADD} END",
    ),
    "postgresql": (
        """ALTER TABLE article_entry ADD COLUMN words tsvector GENERATED ALWAYS AS (
            setweight(to_tsvector('simple', heading), 'A') || setweight(to_tsvector('simple', symptom), 'B')
            || setweight(to_tsvector('simple', text), 'D')) STORED""",
        "CREATE INDEX ix_article_entry_words ON article_entry USING gin (words)",
    ),
}
"""The words beside each article, indexed by FTS5 with triggers, or as a tsvector that the database computes."""


def create_knowledge() -> None:
    """Articles, their versions, and the full-text search over both databases' own means."""
    op.create_table(
        "article",
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("created_by", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("article_id", name="pk_article"),
    )
    op.create_index("ix_article_changed_at_article_id", "article", ["changed_at", "article_id"])
    op.create_index("ix_article_source", "article", ["source"])
    op.create_table(
        "article_version",
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name="fk_article_version_article_id"),
        sa.PrimaryKeyConstraint("article_id", "version", name="pk_article_version"),
    )
    op.create_table(
        "article_entry",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("models", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("plan", sa.String(), nullable=True),
        sa.Column("category", sa.String(), nullable=True),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("symptom", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.article_id"], name="fk_article_entry_article_id"),
        sa.PrimaryKeyConstraint("entry_id", name="pk_article_entry"),
    )
    op.create_index("ix_article_entry_article_id_shown", "article_entry", ["article_id", "shown"], unique=True)
    op.create_index("ix_article_entry_shown_plan", "article_entry", ["shown", "plan"])
    op.create_table(
        "article_model",
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("model_key", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["article_entry.entry_id"], name="fk_article_model_entry_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("entry_id", "model_key", name="pk_article_model"),
    )
    op.create_index("ix_article_model_model_key", "article_model", ["model_key"])
    for statement in _FULL_TEXT[op.get_bind().dialect.name]:
        op.execute(statement)
