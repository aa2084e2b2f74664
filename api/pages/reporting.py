"""Whom the holder of a late task reports to, shown to whoever acknowledges the missed deadline (X1)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncSession

from api.pages.languages import _
from domain.case import TaskState
from domain.tasks.special import ACKNOWLEDGE_BREACH
from store.queries.tasks import TaskView
from store.users import find_user


async def reporting(session: AsyncSession, task: TaskState, tasks: Iterable[TaskView]) -> tuple[tuple[str, str], ...]:
    """Returns the line of reporting as a fact with its name; nothing where nobody holds the late task or has a manager.

    The task stays offered to the whole role: any superior can acknowledge, this one is the first to ask.
    """
    if task.kind != ACKNOWLEDGE_BREACH.name or task.about is None:
        return ()
    late = next((one for one in tasks if one.task.key == task.about), None)
    holder = await find_user(session, late.assignee) if late is not None and late.assignee else None
    manager = await find_user(session, holder.reports_to) if holder is not None and holder.reports_to else None
    if holder is None or manager is None:
        return ()
    return (
        (
            _("Line of reporting"),
            _("%(name)s, who holds the late task, reports to %(manager)s.", name=holder.name, manager=manager.name),
        ),
    )
