"""The part of the schema for erasures, legal holds and retention."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def create_retention() -> None:
    """Erasures, legal holds, and the runs that enforce retention."""
    op.create_table(
        "erasure",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("by", "reason")),
        *(sa.Column(name, sa.JSON(none_as_null=True), nullable=False) for name in ("told", "files", "facts")),
        sa.Column("cleared", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in ("done_at", "removed_at")),
        sa.PrimaryKeyConstraint("case_id", name="pk_erasure"),
    )
    op.create_index("ix_erasure_done_at", "erasure", ["done_at"])
    op.create_index("ix_erasure_erased_at", "erasure", ["erased_at"])
    op.create_table(
        "legal_hold",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("hold_id", "case_id", "reason", "placed_by")),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_by", sa.String(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_why", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("hold_id", name="pk_legal_hold"),
    )
    op.create_index("ix_legal_hold_case_id_lifted_at", "legal_hold", ["case_id", "lifted_at"])
    op.create_index("ix_legal_hold_placed_at", "legal_hold", ["placed_at"])
    op.create_table(
        "retention_run",
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("run_id", name="pk_retention_run"),
    )
    op.create_index("ix_retention_run_began_at", "retention_run", ["began_at"])
