"""Who holds tasks in effect: settled in their rows by whoever writes an assignment or a task."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, bindparam, select, update

from store.tables import Base

_TASK, _CLAIM = (Base.metadata.tables[name] for name in ("task", "assignment"))

# the claim first and then the task's row, here and in every other writer: the later of two writers at once finds what
# the earlier one wrote, since it waited for the row
_IN_FORCE = (
    update(_TASK)
    .where(
        _TASK.c.task_id == _CLAIM.c.task_id,
        _TASK.c.assignment == _CLAIM.c.assignment,
        _TASK.c.task_id.in_(bindparam("tasks", expanding=True)),
    )
    .values(holder=_CLAIM.c.assignee, changed_at=bindparam("at"))
)
_CLAIMED = select(_CLAIM.c.task_id).where(_CLAIM.c.task_id.in_(bindparam("tasks", expanding=True)))


def settle_holders(connection: Connection, tasks: Sequence[str]) -> None:
    """Sets who holds the tasks from the claims in force; a task without one keeps whom the workflow named."""
    claimed = connection.execute(_CLAIMED, {"tasks": list(tasks)}).scalars().all()
    if claimed:
        connection.execute(_IN_FORCE, {"tasks": list(claimed), "at": datetime.now(UTC)})
