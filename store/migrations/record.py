"""The tables of what is kept about the record, as the first schema makes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def create_record() -> None:
    """Makes the table of archives."""
    op.create_table(
        "archive",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code_version", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=True),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("later_documents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_archive"),
    )
    op.create_index("ix_archive_made_at_case_id", "archive", ["made_at", "case_id"])
