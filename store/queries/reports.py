"""The figures of a whole period, and the reports that were issued (Q8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.statistics import CaseFacts, Counted, Party, Share, Sorted, counts_of, pareto
from domain.statistics.report import SECTIONS, IssuedReport, PeriodReport, PlanUse, Section
from store.queries.statistics import Period, case_facts, deadline_figures, number_of_cases, satisfaction
from store.statements import insert_into
from store.tables import CaseRow, ReportRow, UsedTimeRow

_MICROSECOND = timedelta(microseconds=1)


def section_of(cases: Collection[CaseFacts], of: Counted, by: Sorted) -> Section:
    """Returns one diagram of cases that were read with what it asks of them."""
    behind = sum(case.counts(of) for case in cases)
    return Section(of=of, by=by, cases=behind, rows=pareto(counts_of(cases, of, by)))


async def period_report(session: AsyncSession, period: Period, now: datetime) -> PeriodReport:
    """Returns all figures of a period as they are now."""
    cases = await case_facts(session, period, tuple(Counted), {by for _, by in SECTIONS}, now)
    return PeriodReport(
        first=period.first,
        last=period.last,
        plan=period.plan,
        cases=len(cases),
        counted={of: sum(case.counts(of) for case in cases) for of in Counted},
        sections=tuple(section_of(cases, of, by) for of, by in SECTIONS),
        deadlines=await deadline_figures(session, period, now),
        satisfaction=await satisfaction(session, period),
        used=await plan_use(session, period),
    )


async def plan_use(session: AsyncSession, period: Period) -> tuple[PlanUse, ...]:
    """Returns who used the time of a period's closed cases: each procedure as a whole, then inside its promises."""
    mine = (UsedTimeRow.promise, UsedTimeRow.party, UsedTimeRow.role)
    query = (
        select(CaseRow.plan, *mine, func.sum(UsedTimeRow.microseconds))
        .join(CaseRow, CaseRow.case_id == UsedTimeRow.case_id)
        .where(*period.conditions())
        .group_by(CaseRow.plan, *mine)
    )
    shares: dict[tuple[str, str], list[Share]] = defaultdict(list)
    for plan, promise, party, role, length in await session.execute(query):
        shares[plan, promise].append(Share(party=Party(party), role=role, spent=int(length) * _MICROSECOND))
    counting = (
        select(CaseRow.plan, UsedTimeRow.promise, func.count(UsedTimeRow.case_id.distinct()))
        .join(CaseRow, CaseRow.case_id == UsedTimeRow.case_id)
        .where(*period.conditions())
        .group_by(CaseRow.plan, UsedTimeRow.promise)
    )
    cases = {(plan, promise): int(count) for plan, promise, count in await session.execute(counting)}
    return tuple(
        PlanUse(
            plan=plan,
            inside=promise,
            cases=cases[plan, promise],
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
    "number_of_cases",
    "period_report",
    "plan_use",
    "section_of",
]
