"""Q8: after each week or month a report is made, once, and kept where its roles find it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment, WorkflowEnvironment
from temporalio.worker import Worker

from activities.documents import IssuedFile
from activities.notices import NoticeOrders
from activities.reports import Reports
from core.settings import Settings
from domain.clocks import Pace
from domain.plan import read_plans
from domain.statistics.report import IssuedReport, ReportRound, last_period
from store.files import open_files
from store.migrations import upgrade
from store.queries.reports import list_reports
from store.sessions import Database
from tests.support.scene import ROOT, Memory
from workflows import WORKFLOWS, runner
from workflows.notice import Notice
from workflows.schedules import _schedule

PLANS = read_plans(ROOT / "plans")
DUE = ReportRound(
    plan="quality-procedure", plan_title="Quality procedure", company="示例设备制造有限公司", every="month",
    zone="Asia/Shanghai", roles=("technical",), pace=Pace(epoch=datetime(2026, 1, 1, tzinfo=UTC)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("every", "today", "first", "last"),
    [
        ("month", date(2026, 3, 1), date(2026, 2, 1), date(2026, 2, 28)),
        ("month", date(2026, 1, 31), date(2025, 12, 1), date(2025, 12, 31)),
        ("week", date(2026, 11, 23), date(2026, 11, 16), date(2026, 11, 22)),
        ("week", date(2026, 11, 22), date(2026, 11, 9), date(2026, 11, 15)),
    ],
)
def test_the_period_is_the_last_whole_one(every: str, today: date, first: date, last: date) -> None:
    assert last_period("week" if every == "week" else "month", today) == (first, last)


def test_days_are_those_of_the_plans_zone() -> None:
    order = DUE.order(datetime(2026, 1, 31, 17, 0, tzinfo=UTC))
    assert (order.first, order.last) == (date(2026, 1, 1), date(2026, 1, 31)), "in Shanghai it is February"


@pytest.mark.clause("Q8")
async def test_it_is_made_once_mailed_and_found_by_its_roles(skipping: WorkflowEnvironment, tmp_path: Path) -> None:
    memory, mailed = Memory(), DUE.model_copy(update={"mailed": True})
    settings = Settings(home=tmp_path, plans_dir=ROOT / "plans")
    upgrade(f"sqlite:///{tmp_path / 'aftercare.db'}")
    database, registered = Database(settings.database_url), []

    async def register(file: IssuedFile) -> None:
        registered.append(file)

    reports = Reports(database, open_files(settings), register, settings.plans_dir)
    worker = Worker(
        skipping.client,
        task_queue="reports",
        workflows=WORKFLOWS,
        activities=[reports.issue_report, NoticeOrders(skipping.client).begin_notice, memory.send_notice],
        workflow_runner=runner(),
    )
    async with worker:
        issued = await skipping.client.execute_workflow(
            "PeriodicReport", mailed, id="report-1", task_queue="reports", result_type=IssuedReport
        )
        notice = skipping.client.get_workflow_handle_for(Notice.run, f"{issued.report_id}.notice-1")
        assert (await notice.result()).sent == 1
    (order,) = memory.notices
    assert (order.kind, order.roles, order.files) == ("report", ("technical",), (issued.file,))
    assert issued.cases == 0, "a period without cases has a report that says so"
    again = await ActivityEnvironment().run(reports.issue_report, DUE.order(issued.made_at))
    assert again == issued
    assert len(registered) == 1
    async with database.reading() as session:
        assert await list_reports(session, {"technical"}) == (issued,)
        assert await list_reports(session, {"engineer"}) == ()
    await database.dispose()


@pytest.mark.clause("Q8")
def test_production_technical_and_management_get_it_each_month() -> None:
    plan = PLANS["quality-procedure"]
    assert plan.reports is not None
    assert {plan.reports.source, *plan.reports.to} == {"Q8", "production_manager", "technical", "general_manager"}
    made = _schedule(plan, DUE.pace, "aftercare")
    assert made is not None
    (day,) = made.spec.calendars
    assert (day.day_of_month[0].start, made.spec.time_zone_name) == (1, "Asia/Shanghai")
    faster = _schedule(plan, DUE.pace.model_copy(update={"speed": 3600.0}), "aftercare")
    assert faster is not None
    assert faster.spec.intervals[0].every == timedelta(minutes=12)


def test_a_plan_that_names_nobody_has_no_schedule() -> None:
    plan = PLANS["quality-procedure"].model_copy(update={"reports": None})
    assert _schedule(plan, DUE.pace, "aftercare") is None
