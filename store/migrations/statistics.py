"""The tables of statistics, as the first schema makes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op


def create_statistics() -> None:
    """Makes the tables of what cases tell, used time, issued reports and actions."""
    op.create_table(
        "case_fact",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("opened", sa.BigInteger(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("serial_key", sa.String(), nullable=True),
        *(sa.Column(name, sa.Boolean(), nullable=False) for name in ("reopened", "repaired", "returned", "late")),
        sa.Column("satisfaction", sa.Integer(), nullable=True),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("category", "model", "channel")),
        *(
            sa.Column(name, sa.String(), nullable=True)
            for name in ("region", "resolution", "subject", "cause", "responsibility")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.case_id"], name="fk_case_fact_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", name="pk_case_fact"),
    )
    op.create_index("ix_case_fact_opened_case_id", "case_fact", ["opened", "case_id"])
    op.create_index("ix_case_fact_serial_key_opened", "case_fact", ["serial_key", "opened"])
    op.create_table(
        "case_part",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.case_id"], name="fk_case_part_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "part", name="pk_case_part"),
    )
    op.create_table(
        "used_time",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("promise", sa.String(), nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("microseconds", sa.BigInteger(), nullable=False),
        sa.Column("whose", sa.String(), nullable=False),
        sa.Column("opened", sa.BigInteger(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.case_id"], name="fk_used_time_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "promise", "party", "role", name="pk_used_time"),
    )
    index = "ix_used_time_whose_opened_microseconds_cases"
    op.create_index(index, "used_time", ["whose", "opened", "microseconds", "cases"])
    op.create_table(
        "report",
        sa.Column("report_id", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("roles", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("report_id", name="pk_report"),
    )
    op.create_index("ix_report_made_at", "report", ["made_at"])
    op.create_table(
        "action",
        sa.Column("action_id", sa.String(), nullable=False),
        sa.Column("run_id", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("late_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.JSON(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("action_id", name="pk_action"),
    )
    op.create_index("ix_action_opened_at", "action", ["opened_at"])
    op.create_index("ix_action_status_role", "action", ["status", "role"])
