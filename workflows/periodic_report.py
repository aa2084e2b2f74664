"""The workflow of a report that goes out by itself; the engine's schedule starts it after each week or month (Q8)."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.notices import NoticeOrders
    from activities.reports import Reports
    from domain.notices import Audience, NoticeKind, NoticeOrder
    from domain.statistics.report import IssuedReport, ReportRound

_RETRY = RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=10))


@workflow.defn(name="PeriodicReport")
class PeriodicReport:
    """Issues one report. A database or a disk that is away delays it, never loses it."""

    @workflow.run
    async def run(self, due: ReportRound) -> IssuedReport:
        """Has the report of the last period made and kept where its roles find it; returns what there is to tell of."""
        order = due.order(due.pace.virtual(workflow.now()))
        issued = await workflow.execute_activity_method(
            Reports.issue_report, order, start_to_close_timeout=timedelta(minutes=10), retry_policy=_RETRY
        )
        if due.mailed:
            await workflow.execute_activity_method(
                NoticeOrders.begin_notice,
                _notice(due, issued),
                start_to_close_timeout=timedelta(seconds=10),
                retry_policy=_RETRY,
            )
        return issued


def _notice(due: ReportRound, issued: IssuedReport) -> NoticeOrder:
    """The report as a mail to the roles that it is for."""
    return NoticeOrder(
        notice_id="notice-1",
        kind=NoticeKind.REPORT,
        audience=Audience.ROLES,
        case_id=issued.report_id,
        number=issued.report_id,
        company=due.company,
        plan=due.plan,
        language="en",
        time_zone=due.zone,
        roles=issued.roles,
        texts={"title": issued.title},
        files=(issued.file,),
        ordered_at=issued.made_at,
    )
