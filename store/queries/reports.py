"""The figures of a whole period, and the reports that were issued (Q8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import String, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.statistics import Counted, Party, Share, Sorted
from domain.statistics.report import SECTIONS, IssuedReport, PeriodReport, PlanUse
from store.queries.statistics import Period, counted_section, deadline_figures, numbers_counted, satisfaction
from store.statements import insert_into
from store.tables import ReportRow, UsedTimeRow
from store.used_time import WHOSE

_MICROSECOND = timedelta(microseconds=1)


async def period_report(
    session: AsyncSession, period: Period, now: datetime, sections: Collection[tuple[Counted, Sorted]] = SECTIONS
) -> PeriodReport:
    """Returns all figures of a period as they are now, with these diagrams."""
    counted = await numbers_counted(session, period, now)
    return PeriodReport(
        first=period.first,
        last=period.last,
        plan=period.plan,
        cases=counted[Counted.CASES],
        counted=counted,
        sections=tuple([await counted_section(session, period, of, by, now) for of, by in sections]),
        deadlines=await deadline_figures(session, period, now),
        satisfaction=await satisfaction(session, period),
        used=await plan_use(session, period),
    )


async def plan_use(session: AsyncSession, period: Period) -> tuple[PlanUse, ...]:
    """Returns who used the time of a period's closed cases: each procedure as a whole, then inside its promises.

    A look at the index for each that there is, then one stretch of it: grouping all rows would sort them.
    """
    hop = select(func.min(UsedTimeRow.whose).label("whose")).cte("hop", recursive=True)
    following = select(func.min(UsedTimeRow.whose)).where(UsedTimeRow.whose > hop.c.whose).scalar_subquery()
    hop = hop.union_all(select(following).where(hop.c.whose.is_not(None)))
    # both sums as one text: two questions would walk the stretch twice, and a join would sort it
    length, cases = (cast(func.sum(one), String) for one in (UsedTimeRow.microseconds, UsedTimeRow.cases))
    of_hop = (UsedTimeRow.whose == hop.c.whose, *period.within(UsedTimeRow.opened))
    sums = select(length + WHOSE + cases).where(*of_hop).scalar_subquery()
    query = select(hop.c.whose, sums).where(hop.c.whose.is_not(None))
    if period.plan is not None:
        query = query.where(hop.c.whose.startswith(f"{period.plan}{WHOSE}", autoescape=True))
    shares: dict[tuple[str, str], list[Share]] = defaultdict(list)
    numbers: dict[tuple[str, str], int] = defaultdict(int)
    for whose, summed in await session.execute(query):
        if summed is not None:
            plan, promise, party, role = whose.split(WHOSE)
            spent, number = map(int, summed.split(WHOSE))
            shares[plan, promise].append(Share(party=Party(party), role=role, spent=spent * _MICROSECOND))
            numbers[plan, promise] += number
    return tuple(
        PlanUse(
            plan=plan,
            inside=promise,
            cases=numbers[plan, promise],
            shares=tuple(sorted(found, key=lambda share: (-share.spent, share.party, share.role))),
        )
        for (plan, promise), found in sorted(shares.items())
    )


async def add_report(session: AsyncSession, report: IssuedReport) -> None:
    """Keeps an issued report; the same one again changes nothing."""
    values = report.model_dump() | {"roles": list(report.roles)}
    await session.execute(insert_into(session, ReportRow).values(**values).on_conflict_do_nothing())


async def find_report(session: AsyncSession, report_id: str) -> IssuedReport | None:
    """Returns one issued report, or None."""
    row = await session.get(ReportRow, report_id)
    return _report(row) if row else None


async def list_reports(
    session: AsyncSession, roles: Collection[str] | None, limit: int = 100
) -> tuple[IssuedReport, ...]:
    """Returns the newest reports that go to any of the roles; all when `roles` is None."""
    rows = (await session.execute(select(ReportRow).order_by(ReportRow.made_at.desc(), ReportRow.report_id))).scalars()
    wanted = (_report(row) for row in rows if roles is None or {*roles} & {*row.roles})
    return tuple(report for report, _ in zip(wanted, range(limit), strict=False))


def _report(row: ReportRow) -> IssuedReport:
    return IssuedReport.model_validate({name: getattr(row, name) for name in IssuedReport.model_fields})


__all__ = [
    "Period",
    "add_report",
    "find_report",
    "list_reports",
    "period_report",
    "plan_use",
]
