"""What lists of work read: the indexes of tasks, and the views that people saved."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

_OPEN: dict[str, Any] = {"sqlite_where": sa.text("is_open IS 1"), "postgresql_where": sa.text("is_open IS true")}
_OFFERED: dict[str, Any] = {
    "sqlite_where": sa.text("is_open IS 1 AND holder IS NULL"),
    "postgresql_where": sa.text("is_open IS true AND holder IS NULL"),
}
_JUDGED: dict[str, Any] = {
    "sqlite_where": sa.text("kept IS NOT NULL"),
    "postgresql_where": sa.text("kept IS NOT NULL"),
}
_FILTERED = ["late_from", "status", "plan", "stage", "region", "kind", "is_open"]


def index_tasks() -> None:
    """The indexes of the table of tasks; those of open ones are small however many have ended."""
    op.create_index("ix_task_case_id_number", "task", ["case_id", "number"])
    op.create_index("ix_task_kind_rank_task_id", "task", ["kind", "rank", "task_id"])
    op.create_index("ix_task_rank_task_id", "task", ["rank", "task_id"])
    op.create_index("ix_task_role_rank_task_id", "task", ["role", "rank", "task_id"])
    op.create_index("ix_task_holder_rank_task_id", "task", ["holder", "rank", "task_id"])
    op.create_index("ix_task_changed_at", "task", ["changed_at"])
    op.create_index("ix_task_open", "task", ["rank", "task_id", "role", "holder", *_FILTERED], **_OPEN)
    op.create_index("ix_task_offered", "task", ["role", "rank", "task_id", "holder", *_FILTERED], **_OFFERED)
    op.create_index("ix_task_escalated", "task", ["escalation_level", "rank", "task_id", "is_open"], **_OPEN)
    op.create_index("ix_task_judged", "task", ["case_opened", "plan", "kind", "role", "kept"], **_JUDGED)


def create_saved_views() -> None:
    """The lists of work that people gave a name."""
    op.create_table(
        "saved_view",
        sa.Column("view_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.user_id"], name="fk_saved_view_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("view_id", name="pk_saved_view"),
    )
    op.create_index("ix_saved_view_user_id_name", "saved_view", ["user_id", "name"], unique=True)
