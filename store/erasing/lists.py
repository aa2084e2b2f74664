"""What was erased, and the runs of retention, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.record.retention import RetentionReport
from store.erasing.erase import Erased, erased_of
from store.tables import Base, RetentionRunRow


@dataclass(frozen=True)
class Run:
    """One run of retention: what was due `at` (virtual UTC); `ended_at` is real UTC, None while it runs."""

    run_id: str
    at: datetime
    ended_at: datetime | None
    report: RetentionReport


async def latest_runs(session: AsyncSession, *, limit: int) -> tuple[Run, ...]:
    """Returns the newest runs."""
    query = select(RetentionRunRow).order_by(RetentionRunRow.began_at.desc(), RetentionRunRow.run_id).limit(limit)
    return tuple(
        Run(row.run_id, row.at, row.ended_at, RetentionReport.model_validate(row.report))
        for row in (await session.execute(query)).scalars()
    )


async def latest_erasures(session: AsyncSession, *, limit: int) -> tuple[Erased, ...]:
    """Returns the newest erasures, by hand and by retention."""
    erasure = Base.metadata.tables["erasure"]
    query = select(erasure).order_by(erasure.c.erased_at.desc(), erasure.c.case_id).limit(limit)
    return tuple(erased_of(row) for row in (await session.execute(query)).mappings())
