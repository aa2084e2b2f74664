"""The table of what people typed and have not sent in yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def create_drafts() -> None:
    """Creates the table of drafts."""
    op.create_table(
        "draft",
        sa.Column("task_id", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("entered", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("task_id", "user", name="pk_draft"),
    )
    op.create_index("ix_draft_stored_at", "draft", ["stored_at"])
