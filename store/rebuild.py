"""Rebuilding the read side from what the workflows once sent to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import Projection
from store.projection import write_projection
from store.sessions import Database
from store.tables import CaseFactRow, CasePartRow, CaseRow, DocumentRow, EventRow, ShipmentRow, TaskRow, UsedTimeRow


@dataclass(frozen=True)
class Written:
    """One write as it was made live: by which run, when it was scheduled (real UTC), and what."""

    run_id: str
    scheduled_at: datetime
    projection: Projection


async def clear_projection(session: AsyncSession) -> None:
    """Empties the read side. What people claimed and submitted, and work order numbers, stay."""
    for table in (EventRow, TaskRow, DocumentRow, ShipmentRow, CaseFactRow, CasePartRow, UsedTimeRow, CaseRow):
        await session.execute(delete(table))


async def rebuild(database: Database, writes: Iterable[Written]) -> int:
    """Makes the writes again in the order they were scheduled, a transaction a case; returns how many cases there were.

    The rows come out as they were written live. It may run beside live workers: a write older than what is stored
    changes nothing.
    """
    ordered = sorted(writes, key=lambda write: (write.projection.case.case_id, write.scheduled_at))
    cases = 0
    for _, of_case in groupby(ordered, key=lambda write: write.projection.case.case_id):
        async with database.session() as session:
            for write in of_case:
                await write_projection(session, write.run_id, write.scheduled_at, write.projection)
        cases += 1
    return cases
