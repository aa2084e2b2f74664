"""Which versions of the plans open cases run on: a case keeps the one it was opened with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import CaseStatus
from store.statements import insert_into
from store.tables import CasePlanRow, CaseRow

_OPEN = tuple(status.value for status in CaseStatus if status is not CaseStatus.CLOSED)


@dataclass(frozen=True)
class PlanInUse:
    """A version of a plan that open cases run on. `version` is None for those whose version nobody noted."""

    plan: str
    title: str
    version: int | None
    cases: int
    oldest: datetime


async def keep_plan_of_case(session: AsyncSession, case_id: str, plan: str, version: int) -> None:
    """Notes the version that a case was opened with; it never changes."""
    values = {"case_id": case_id, "plan": plan, "version": version}
    await session.execute(insert_into(session, CasePlanRow).values(values).on_conflict_do_nothing())


async def plans_in_use(session: AsyncSession) -> tuple[PlanInUse, ...]:
    """Returns the versions with open cases, by plan, the newest version first."""
    used = (  # from the index of statuses alone; the title is read of one case of each
        select(
            CaseRow.plan,
            CasePlanRow.version,
            func.count().label("cases"),
            func.min(CaseRow.opened_at, type_=CaseRow.opened_at.type).label("oldest"),
            func.max(CaseRow.case_id).label("one"),
        )
        .outerjoin(CasePlanRow, CasePlanRow.case_id == CaseRow.case_id)
        .where(CaseRow.status.in_(_OPEN))
        .group_by(CaseRow.plan, CasePlanRow.version)
        .subquery()
    )
    query = select(used.c.plan, CaseRow.plan_title, used.c.version, used.c.cases, used.c.oldest)
    rows = await session.execute(query.join(CaseRow, CaseRow.case_id == used.c.one))
    found = [PlanInUse(*row) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.plan, -(one.version or 0))))
