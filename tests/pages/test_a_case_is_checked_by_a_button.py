"""An auditor has a case verified and replayed by a button; what came of it is kept and told in plain words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial

from fastapi import FastAPI

from core.errors import Unavailable
from domain.record import Audited, AuditKind, Finding
from domain.record.auditing import AuditOrder
from store.audits import erase_findings, keep_audit, keep_failed_audit
from store.queries.audits import results_of_case
from tests.pages.making import HOSTILE, FakeEngine, MadeCase
from tests.pages.strict_client import Browser

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]


async def _ready(browse: Browse, made: MadeCase, project: Project) -> tuple[Browser, str]:
    made.offer("contact_customer")
    await project(made)
    return await browse("audra"), f"/cases/{made.case_id}/record"


async def _press(browser: Browser, address: str, kind: str, status: int = 303) -> object:
    fields = (await browser.get(address)).form(address) | {"kind": kind}
    return await browser.post(address, fields, status)


async def test_a_button_starts_one_check_however_often_it_is_pressed(
    browse: Browse, made_case: Make, project: Project, engine: FakeEngine
) -> None:
    audra, address = await _ready(browse, made_case(1), project)
    for _ in range(3):
        await _press(audra, address, "replay")
    await _press(audra, address, "verify")
    orders = [one for one in engine.begun.values() if isinstance(one, AuditOrder)]
    assert sorted(one.kind for one in orders) == ["replay", "verify"]
    assert all(name.startswith("audit-V-") for name in engine.begun), "no id names the case, so an erased one can go on"
    page = await audra.get(address)
    assert page.text.count("Replaying the case running") == page.text.count("Verifying the archive running") == 1
    assert "Look again" in page.text and "data-running" in page.source


async def test_what_came_of_it_is_told_with_who_asked_and_which_code(
    browse: Browse, made_case: Make, project: Project, engine: FakeEngine, app: FastAPI
) -> None:
    audra, address = await _ready(browse, made_case(1), project)
    await _press(audra, address, "replay")
    (order,) = (one for one in engine.begun.values() if isinstance(one, AuditOrder))
    found = Finding(place="event 12", what="its content was changed", recorded=HOSTILE, found=7)
    outcome = Audited.of(
        order.case_id,
        AuditKind.REPLAY,
        (found,),
        notes=("one paper could not be looked at",),
        code_version="9.8.7",
        at=datetime.now(UTC),
    )
    async with app.state.parts.database.session() as session:
        await keep_audit(session, order.audit_id, outcome)
    page = await audra.get(address)
    for words in (
        "1 finding",
        "Audra Ning",
        "9.8.7",
        "event 12",
        "its content was changed",
        HOSTILE,
        "one paper could",
    ):
        assert words in page.text, words
    assert "data-running" not in page.source
    await app.state.parts.database.run(partial(erase_findings, case_id=order.case_id))
    page = await audra.get(address)
    assert "findings, erased since" in page.text and HOSTILE not in page.text
    await _press(audra, address, "replay")
    assert len([one for one in engine.begun.values() if isinstance(one, AuditOrder)]) == 2, "another one can be asked"


async def test_nothing_found_and_not_possible_are_told_apart(
    browse: Browse, made_case: Make, project: Project, engine: FakeEngine, app: FastAPI
) -> None:
    audra, address = await _ready(browse, made_case(1), project)
    await _press(audra, address, "replay")
    await _press(audra, address, "verify")
    by_kind = {one.kind: one for one in engine.begun.values() if isinstance(one, AuditOrder)}
    now = datetime.now(UTC)
    async with app.state.parts.database.session() as session:
        clean = Audited.of("C", AuditKind.REPLAY, (), code_version="1", at=now)
        await keep_audit(session, by_kind[AuditKind.REPLAY].audit_id, clean)
        await keep_failed_audit(session, by_kind[AuditKind.VERIFY].audit_id, "no archive yet", at=now, code_version="1")
    text = (await audra.get(address)).text
    assert "Replaying the case nothing found" in text
    assert "Verifying the archive could not be done" in text and "no archive yet" in text


async def test_while_the_engine_is_away_nothing_is_kept_and_the_page_says_so(
    browse: Browse, made_case: Make, project: Project, engine: FakeEngine, app: FastAPI
) -> None:
    audra, address = await _ready(browse, made_case(1), project)
    engine.away = Unavailable("the engine cannot be reached")
    page = await _press(audra, address, "replay", 503)
    assert "the engine cannot be reached" in getattr(page, "text", "")
    async with app.state.parts.database.reading() as session:
        assert await results_of_case(session, "C-0000000001") == ()


async def test_what_is_no_check_and_who_may_not_are_refused(
    browse: Browse, made_case: Make, project: Project, engine: FakeEngine
) -> None:
    audra, address = await _ready(browse, made_case(1), project)
    await _press(audra, address, "preflight", 422)
    fields = (await audra.get(address)).form(address)
    lin = await browse("lin")
    answer = await lin.client.post(address, data=fields, headers={"Accept": "text/html"})
    assert answer.status_code == 403
    assert engine.begun == {}
