"""Who is away, and who stands in for whom."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def create_standing_in() -> None:
    """Absences, and the deputies of roles."""
    op.create_table(
        "absence",
        sa.Column("absence_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("substitute", sa.String(), nullable=True),
        sa.Column("entered_by", sa.String(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.user_id"], name="fk_absence_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("absence_id", name="pk_absence"),
    )
    op.create_index("ix_absence_user_id_first", "absence", ["user_id", "first"])
    op.create_index("ix_absence_last", "absence", ["last"])
    op.create_table(
        "deputy",
        sa.Column("deputy_id", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("named_by", sa.String(), nullable=False),
        sa.Column("named_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.user_id"], name="fk_deputy_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("deputy_id", name="pk_deputy"),
    )
    op.create_index("ix_deputy_user_id", "deputy", ["user_id"])
