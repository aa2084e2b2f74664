"""What reports count stands in indexes as a whole, so that a period costs no look at the tables."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_JUDGED: dict[str, Any] = {
    "sqlite_where": sa.text("kept IS NOT NULL"),
    "postgresql_where": sa.text("kept IS NOT NULL"),
}
_OPEN: dict[str, Any] = {"sqlite_where": sa.text("is_open IS 1"), "postgresql_where": sa.text("is_open IS true")}
_OPEN_TASKS = [
    *("rank", "task_id", "role", "holder", "late_from", "status", "plan", "stage", "region", "kind", "is_open"),
    *("escalation_level", "kept", "case_opened", "case_id"),
]
_COUNTED = [
    *("opened", "case_id", "plan", "serial_key", "reopened", "repaired", "returned", "late", "satisfaction"),
    *("category", "model", "region", "channel", "resolution", "subject", "cause", "responsibility"),
]


def upgrade() -> None:
    """Puts three indexes in the place of three that held less or were in another order."""
    op.create_index("ix_case_fact_counted", "case_fact", _COUNTED)
    op.drop_index("ix_case_fact_opened_case_id", "case_fact")
    op.drop_index("ix_task_open", "task")
    op.create_index("ix_task_open", "task", _OPEN_TASKS, **_OPEN)
    op.drop_index("ix_task_judged", "task")
    op.create_index("ix_task_judged", "task", ["kind", "role", "kept", "case_opened", "plan"], **_JUDGED)
