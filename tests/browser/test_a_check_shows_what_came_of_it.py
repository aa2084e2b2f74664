"""While a check of a case runs, its page says what came of it without being asked again."""

from __future__ import annotations

from sqlalchemy import select

from domain.record import Audited, AuditKind
from store.audits import keep_audit
from store.tables import AuditResultRow
from tests.browser.house import House
from tests.browser.visitors import Visitors
from tests.pages.making import virtual_now


async def test_an_open_page_tells_the_outcome_of_a_check_that_it_asked_for(visitors: Visitors, house: House) -> None:
    case_id = house.examples["closed"]
    page = await visitors.window("audra")
    await page.goto(f"/cases/{case_id}/record")
    await page.get_by_role("button", name="Replay the case").click()
    checks = page.locator("#checks")
    await checks.get_by_text("running").wait_for()
    async with house.database.session() as session:
        mine = select(AuditResultRow.audit_id).where(AuditResultRow.case_id == case_id)
        audit_id = (await session.execute(mine)).scalar_one()
        passed = Audited.of(case_id, AuditKind.REPLAY, (), code_version="1.0.0", at=virtual_now())
        await keep_audit(session, audit_id, passed)
    await page.evaluate("document.activeElement.blur()")
    await checks.get_by_text("nothing found").wait_for()
    assert await checks.get_by_text("running").count() == 0
