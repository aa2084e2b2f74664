"""The part of the schema for factories."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def create_factories() -> None:
    """Who makes what."""
    op.create_table(
        "factory",
        sa.Column("factory_key", sa.String(), nullable=False),
        sa.Column("factory", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("factory_key", name="pk_factory"),
    )
