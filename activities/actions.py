"""The activity that writes actions to the read side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import activity

from domain.actions import ActionWrite

if TYPE_CHECKING:
    from store.sessions import Database


class ActionProjection:
    """Writes actions to the table that lists and pages read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="project_action")
    async def project_action(self, write: ActionWrite) -> None:
        """Writes one revision of an action; run again, the same."""
        from store.actions import write_action

        info = activity.info()
        async with self._database.session() as session:
            await write_action(session, info.workflow_run_id or "", info.scheduled_time, write)
