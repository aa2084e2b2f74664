"""What cases, customers and products are found by: their words, and each database's own full-text search over them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def create_search() -> None:
    """The words of cases, customers and products, indexed by FTS5 with triggers, or as tsvectors."""
    for name in ("case", "customer", "product"):
        _create_entries(name)


def _create_entries(name: str) -> None:
    table, key = f"{name}_entry", f"{name}_id"
    op.create_table(
        table,
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(key, sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint([key], [f"{name}.{key}"], name=f"fk_{table}_{key}", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("entry_id", name=f"pk_{table}"),
    )
    op.create_index(f"ix_{table}_{key}", table, [key], unique=True)
    full_text = _sqlite(name, table) if op.get_bind().dialect.name == "sqlite" else _postgresql(table)
    for statement in full_text:
        op.execute(statement)


def _sqlite(name: str, table: str) -> tuple[str, ...]:
    words = f"{name}_words"  # names of ours, three of them
    add = f"INSERT INTO {words} (rowid, text) VALUES (new.entry_id, new.text);"  # noqa: S608
    remove = f"INSERT INTO {words} ({words}, rowid, text) VALUES ('delete', old.entry_id, old.text);"  # noqa: S608
    return (
        # neither places nor sizes of words are kept: nothing is ranked or asked for as a phrase. A search may go on
        # from three or four letters, or from five digits; each word has a sign before it
        f"""CREATE VIRTUAL TABLE {words} USING fts5(
            text, content='{table}', content_rowid='entry_id', tokenize='ascii', detail=none, columnsize=0,
            prefix='4 5 6')""",
        f"CREATE TRIGGER {table}_added AFTER INSERT ON {table} BEGIN {add} END",
        f"CREATE TRIGGER {table}_removed AFTER DELETE ON {table} BEGIN {remove} END",
        f"CREATE TRIGGER {table}_changed AFTER UPDATE ON {table} BEGIN {remove} {add} END",
    )


def _postgresql(table: str) -> tuple[str, ...]:
    return (
        f"ALTER TABLE {table} ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector('simple', text)) STORED",
        f"CREATE INDEX ix_{table}_words ON {table} USING gin (words)",
    )
