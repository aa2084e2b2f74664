"""How much somebody holds, and how much of it is late, is counted in the index of what they hold."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Puts an index in the place of one without the instant from which a task is late."""
    op.create_index("ix_task_holder_rank_task_id_late_from", "task", ["holder", "rank", "task_id", "late_from"])
    op.drop_index("ix_task_holder_rank_task_id", "task")
