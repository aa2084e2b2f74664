"""The part of the schema for the record of who looked."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def create_access() -> None:
    """Who looked at whose data."""
    op.create_table(
        "access",
        sa.Column("no", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("user_id", "kind", "subject", "way")),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("no", name="pk_access"),
    )
    one = ["user_id", "kind", "subject", "way", "slot"]
    op.create_index("ix_access_user_id_kind_subject_way_slot", "access", one, unique=True)
    op.create_index("ix_access_kind_subject_no", "access", ["kind", "subject", "no"])
    op.create_index("ix_access_user_id_no", "access", ["user_id", "no"])
    op.create_index("ix_access_at", "access", ["at"])
