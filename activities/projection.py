"""The activity that writes the read side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import activity

from domain.case import Projection, ProjectionReceipt

if TYPE_CHECKING:
    from store.sessions import Database


class CaseProjection:
    """Writes cases to the tables that lists and pages read."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="project_case")
    async def project_case(self, write: Projection) -> ProjectionReceipt:
        """Writes one revision of a case; run again, the same.

        Raises what the database raises while it cannot be reached.
        """
        # workflows name this class, and SQLAlchemy has no place in their sandbox
        from store.projection import project

        info = activity.info()
        return await project(self._database, info.workflow_run_id or "", info.scheduled_time, write)
