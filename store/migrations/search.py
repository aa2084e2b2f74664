"""What cases are found by: their words, and each database's own full-text search over them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

_ADD = "INSERT INTO case_words (rowid, text) VALUES (new.entry_id, new.text);"
_REMOVE = "INSERT INTO case_words (case_words, rowid, text) VALUES ('delete', old.entry_id, old.text);"
_FULL_TEXT = {
    "sqlite": (
        # neither places nor sizes of words are kept: nothing is ranked or asked for as a phrase
        """CREATE VIRTUAL TABLE case_words USING fts5(
            text, content='case_entry', content_rowid='entry_id', tokenize='ascii', detail=none, columnsize=0,
            prefix='4 5')""",
        f"CREATE TRIGGER case_entry_added AFTER INSERT ON case_entry BEGIN {_ADD} END",
        f"CREATE TRIGGER case_entry_removed AFTER DELETE ON case_entry BEGIN {_REMOVE} END",
        f"CREATE TRIGGER case_entry_changed AFTER UPDATE ON case_entry BEGIN {_REMOVE} {_ADD} END",
    ),
    "postgresql": (
        "ALTER TABLE case_entry ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector('simple', text)) STORED",
        "CREATE INDEX ix_case_entry_words ON case_entry USING gin (words)",
    ),
}


def create_search() -> None:
    """The words of cases, indexed by FTS5 with triggers, or as a tsvector that the database computes."""
    op.create_table(
        "case_entry",
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.case_id"], name="fk_case_entry_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry_id", name="pk_case_entry"),
    )
    op.create_index("ix_case_entry_case_id", "case_entry", ["case_id"], unique=True)
    for statement in _FULL_TEXT[op.get_bind().dialect.name]:
        op.execute(statement)
