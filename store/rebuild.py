"""Rebuilding the read side from what the workflows once sent to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import delete, select
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


async def rebuild_case(database: Database, writes: Sequence[Written], *, dry: bool = False) -> bool:
    """Makes the rows of one case anew, whatever stands in them now, in one transaction; False when it is left alone.

    It is left alone while the database has a later revision of the same run, or a run that began later, than these
    writes: they were read before a worker wrote, and have to be read again. What people claimed and submitted stays.
    With `dry` nothing is written.
    """
    last = writes[-1]
    case_id = last.projection.case.case_id
    newest = select(CaseRow.run_id, CaseRow.revision, CaseRow.written_at).where(CaseRow.case_id == case_id)
    async with database.session() as session:
        stored = (await session.execute(newest.with_for_update())).one_or_none()
        if stored is not None:
            same_run = stored.run_id == last.run_id
            if stored.revision > last.projection.revision if same_run else stored.written_at > last.scheduled_at:
                return False
        if dry:
            return True
        await session.execute(delete(CaseRow).where(CaseRow.case_id == case_id))  # its other rows go with it
        for write in writes:
            await write_projection(session, write.run_id, write.scheduled_at, write.projection)
    return True
