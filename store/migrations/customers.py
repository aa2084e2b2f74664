"""The part of the schema for customers without an account."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def create_customers() -> None:
    """Tracking links that were changed, and requests that a person looks at first."""
    op.create_table(
        "tracking_link",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "version", name="pk_tracking_link"),
    )
    op.create_table(
        "held_request",
        sa.Column("request_id", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("request", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("reasons", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("case_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("request_id", name="pk_held_request"),
    )
    op.create_index("ix_held_request_decided_at_received_at", "held_request", ["decided_at", "received_at"])
