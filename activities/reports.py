"""The activity that issues the report of a period as PDF (Q8).

Workflow code imports this module for its types, so what reads tables and renders is imported inside.
"""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from temporalio import activity

from activities.documents import PDF, Files, IssuedFile, Register
from domain.statistics.report import IssuedReport, ReportOrder

if TYPE_CHECKING:
    from store.sessions import Database


class Reports:
    """Issues reports: counts, sets, keeps the bytes. Run twice, the one that was kept first stays."""

    def __init__(self, database: Database, files: Files, register: Register, plans: Path) -> None:
        self._database, self._files, self._register, self._plans = database, files, register, plans

    @activity.defn(name="issue_report")
    async def issue_report(self, order: ReportOrder) -> IssuedReport:
        """Returns the report as issued; one of the same number that was issued before is that one."""
        from core.reporting.paper import report_pdf
        from domain.plan import read_plans
        from domain.statistics.told import Names, told
        from store.queries.reports import add_report, find_report, period_report
        from store.queries.statistics import Period

        async with self._database.reading() as session:
            if earlier := await find_report(session, order.report_id):
                return earlier
            period = Period(order.first, order.last, order.plan, order.zone)
            figures = await period_report(session, period, order.ordered_at)
        title = f"After-sales report: {order.plan_title}"
        plans = await asyncio.to_thread(read_plans, self._plans)
        words = told(figures, title, Names.of(plans.values())).model_dump(mode="json")
        pdf = await asyncio.to_thread(report_pdf, words, company=order.company, made_at=order.ordered_at)
        sha256, size = hashlib.sha256(pdf).hexdigest(), len(pdf)
        file_id = f"F-{hashlib.sha256(f'{order.report_id} {sha256}'.encode()).hexdigest()[:16].upper()}"
        # on record before its bytes are kept: a cleaning of files never finds them without a name
        await self._register(IssuedFile(file_id, sha256, size, f"{order.report_id}.pdf", PDF))
        await self._files.write(pdf)
        issued = IssuedReport(
            report_id=order.report_id,
            plan=order.plan,
            title=f"{title}, {order.first} to {order.last}",
            first=order.first,
            last=order.last,
            roles=order.roles,
            cases=figures.cases,
            made_at=order.ordered_at,
            file=file_id,
            sha256=sha256,
            size=size,
        )
        async with self._database.session() as session:
            await add_report(session, issued)
            return await find_report(session, order.report_id) or issued
