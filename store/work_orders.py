"""Work order numbers: one a case, counted per prefix and year."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from store.statements import insert_into
from store.tables import WorkOrderCounterRow, WorkOrderRow


async def issue_number(session: AsyncSession, case_id: str, prefix: str, year: int) -> str:
    """Returns the work order number of a case, `RR-2026-000418`; asked again, the same one.

    The counter's row is held while the number is taken: two workers never take one number, nor two for one case.
    """
    counter = insert_into(session, WorkOrderCounterRow).values(prefix=prefix, year=year, last=0)
    await session.execute(counter.on_conflict_do_nothing())
    series = await session.get_one(WorkOrderCounterRow, (prefix, year), with_for_update=True, populate_existing=True)
    issued = (await session.execute(select(WorkOrderRow).where(WorkOrderRow.case_id == case_id))).scalar_one_or_none()
    if issued is None:
        series.last += 1
        issued = WorkOrderRow(case_id=case_id, prefix=prefix, year=year, number=series.last)
        session.add(issued)
        await session.flush()
    return f"{issued.prefix}-{issued.year}-{issued.number:06d}"
