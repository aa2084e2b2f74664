"""The part of the schema for what auditors asked for and found."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def create_audits() -> None:
    """Checks of cases, samples, and what was said of each case."""
    op.create_table(
        "audit_result",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("audit_id", "case_id", "kind", "asked_by")),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("passed", sa.Boolean(), nullable=True),
        *(sa.Column(name, sa.JSON(none_as_null=True), nullable=False) for name in ("findings", "notes")),
        sa.Column("code_version", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("audit_id", name="pk_audit_result"),
    )
    running = sa.text("done_at IS NULL")
    op.create_index(
        "ix_audit_result_running",
        "audit_result",
        ["case_id", "kind"],
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )
    op.create_index("ix_audit_result_case_id_asked_at", "audit_result", ["case_id", "asked_at"])
    op.create_index("ix_audit_result_asked_at", "audit_result", ["asked_at"])
    op.create_table(
        "audit_sample",
        *(sa.Column(name, sa.String(), nullable=False) for name in ("sample_id", "seed", "by")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.JSON(none_as_null=True), nullable=False) for name in ("criteria", "cases")),
        sa.PrimaryKeyConstraint("sample_id", name="pk_audit_sample"),
    )
    op.create_index("ix_audit_sample_at", "audit_sample", ["at"])
    op.create_table(
        "audit_review",
        sa.Column("no", sa.Integer(), autoincrement=True, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("sample_id", "case_id", "by")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finding", sa.Boolean(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("no", name="pk_audit_review"),
    )
    op.create_index("ix_audit_review_sample_id_case_id", "audit_review", ["sample_id", "case_id"])
