"""Q8: an issued report is found by the roles it goes to, and by nobody else but who administers or audits."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from domain.statistics.report import IssuedReport
from store.queries.reports import add_report
from tests.api.house import House, problem

REPORT = IssuedReport(
    report_id="R-rapid-response-20260201-20260228", plan="rapid-response", title="After-sales report",
    first=date(2026, 2, 1), last=date(2026, 2, 28), roles=("service_manager", "general_manager"), cases=3,
    made_at=datetime(2026, 3, 1, 6, tzinfo=UTC), file="F-0000000000", sha256="0" * 64, size=1,
)  # fmt: skip


@pytest.mark.clause("Q8")
async def test_a_report_is_found_by_its_roles(house: House) -> None:
    async with house.parts.database.session() as session:
        await add_report(session, REPORT)
        await add_report(session, REPORT)
    for user, found in (("shen", 1), ("gao", 1), ("audit", 1), ("admin", 1), ("lin", 0), ("fang", 0)):
        assert len((await house.get(user, "/reports/issued")).json()["items"]) == found, user
    problem(await house.get("lin", f"/reports/issued/{REPORT.report_id}"), 404)
    missing = problem(await house.get("shen", f"/reports/issued/{REPORT.report_id}"), 404)
    assert "file" in missing["detail"], "found, though its file is not in this test"
