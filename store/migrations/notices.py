"""The part of the schema for notices sent by mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def create_notices() -> None:
    """What became of notices sent by mail."""
    op.create_table(
        "notice",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("notice_id", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "notice_id", "address", name="pk_notice"),
    )
