"""A read side in a real database, for the tests of which it is the subject."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, select
from temporalio import activity

from activities.projection import CaseProjection
from domain.case import Projection, ProjectionReceipt
from store.queries.cases import find_case
from store.queries.events import all_events
from store.sessions import Database
from store.tables import Base
from tests.lossless.witness import until
from tests.support.scene import Memory, Scene

READ_SIDE = [
    Base.metadata.tables[name]
    for name in ("case", "case_entry", "case_fact", "case_part", "task", "event", "document", "shipment", "used_time")
]
Rows = dict[str, list[dict[str, Any]]]


class Stored(Memory):
    """Writes to the database, and remembers what was written; away while `failing`."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database
        self._activity = CaseProjection(database)

    @activity.defn(name="project_case")
    async def project_case(self, write: Projection) -> ProjectionReceipt:
        self.tries += 1
        if self.failing:
            raise ConnectionError("the database is away")
        receipt = await self._activity.project_case(write)
        if not receipt.send_whole:
            if write.whole:
                self.writes[write.case.case_id] = []
            self.writes.setdefault(write.case.case_id, []).append(write)
        return receipt


async def rows(database: Database) -> Rows:
    """Every row of the read side, in order; without `changed_at`, which is when a row was written, not what it says."""
    async with database.reading() as session:

        async def of(table: Table) -> list[dict[str, Any]]:
            kept = [column for column in table.columns if column.name != "changed_at"]
            found = await session.execute(select(*kept).order_by(*table.primary_key))
            return [dict(row) for row in found.mappings()]

        return {table.name: await of(table) for table in READ_SIDE}


async def pages_equal_the_case(scene: Scene, database: Database, *, within: float = 40) -> None:
    """Waits until the pages show exactly what the case knows: state, tasks, record."""

    async def look() -> bool:
        state, tasks = await scene.state(), await scene.tasks()
        async with database.reading() as session:
            view, events = await find_case(session, scene.case_id), await all_events(session, scene.case_id)
        return (
            view is not None
            and view.state == state
            and [shown.task for shown in view.tasks] == list(tasks.values())
            and [event.no for event in events] == list(range(1, len(events) + 1))
        )

    await until("page that equals the case", look, within)
