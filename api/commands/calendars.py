"""Provisional deadlines, computed anew once the calendar they waited for is published."""

from __future__ import annotations

from collections.abc import AsyncIterator

from api.commands.cases import call
from api.parts import Calendars
from core.settings import Settings
from domain.clocks import promise, years_needed
from store.queries.events import promises
from store.queries.tasks import TaskView, list_tasks
from store.sessions import Database


async def renew(settings: Settings, user: str, calendars: Calendars) -> list[str]:
    """Has every open deadline computed anew that was promised provisionally and would not be provisional today.

    Args:
        settings: where the API and its database are.
        user: on whose behalf; needs the right to do so.
        calendars: today's calendars.

    Returns:
        The cases that were told.

    Raises:
        AftercareError: the API refused, or cannot be reached.
    """
    database = Database(settings.database_url)
    try:
        waiting = dict.fromkeys([task.case_id async for task in _provisional(database)])
        told = [case_id for case_id in waiting if await _is_published(database, case_id, calendars)]
    finally:
        await database.dispose()
    for case_id in told:
        await call(settings, user, "POST", f"/cases/{case_id}/signals/recalculate", json={"reason": _REASON})
    return told


_REASON = "the working calendar that was awaited is published"


async def _provisional(database: Database) -> AsyncIterator[TaskView]:
    cursor = None
    while True:
        async with database.reading() as session:
            page = await list_tasks(session, open_only=True, cursor=cursor, limit=200)
        for view in page.items:
            if view.task.provisional:
                yield view
        cursor = page.next
        if cursor is None:
            return


async def _is_published(database: Database, case_id: str, calendars: Calendars) -> bool:
    """Whether at least one provisional promise in force would be a firm one today."""
    async with database.reading() as session:
        latest = {made.task: made.deadline for made in await promises(session, case_id)}
    requests = [deadline.request for deadline in latest.values() if deadline.provisional]
    return any(
        not promise(request, calendars(request.calendar, years_needed(request))).provisional for request in requests
    )
