"""Erasing and holding by page: what is asked, what an erased case still shows, and what retention tells."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from fastapi import FastAPI

from domain.plan.retention import Retention
from domain.record.retention import NotDone, RetentionReport
from store.tables import RetentionRunRow
from tests.pages.making import HOSTILE, MadeCase
from tests.pages.strict_client import Browser

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]


@pytest.fixture
async def closed(made_case: Make, project: Project) -> MadeCase:
    made = made_case(1, HOSTILE)
    task = made.offer("contact_customer")
    made.complete(task, {"reached": "yes", "requirement": HOSTILE, "attachments": []})
    made.change(retention=Retention(personal_data="3 years", archive="10 years"))
    made.close()
    await project(made)
    return made


async def test_whoever_administers_erases_with_a_reason_and_the_page_then_tells_what_is_left(
    browse: Browse, closed: MadeCase
) -> None:
    admin, lin = await browse("admin"), await browse("lin")
    own = f"/cases/{closed.case_id}"
    page = await admin.get(own)
    assert f"{own}/erase" in page.links and f"{own}/legal-hold" in page.links
    assert "What it knows of its customer is erased on" in page.text
    asked = await admin.get(f"{own}/erase")
    assert "its key is destroyed" in asked.text
    fields = asked.form(f"{own}/erase")
    unsure = await admin.post(f"{own}/erase", fields | {"reason": "asked for"}, 422)
    assert not isinstance(unsure, str) and "Say that you have read" in unsure.text
    silent = await admin.post(f"{own}/erase", fields | {"reason": " ", "sure": "yes"}, 422)
    assert not isinstance(silent, str) and "Say why" in silent.text
    await admin.post(f"{own}/erase", fields | {"reason": f"asked for {HOSTILE}", "sure": "yes"})

    left = await lin.get(own)
    assert "This case was erased" in left.text and "asked for" in left.text
    assert "Example Works" not in left.source and "alert(2)" not in left.text.replace(f"asked for {HOSTILE}", "")
    assert "The chain of its record" in left.text
    await lin.get(f"/tasks/{closed.case_id}.contact_customer", 410)
    await admin.get(f"{own}/erase", 410)
    assert f"{own}/record" in (await (await browse("audra")).get(own)).links
    assert "Example Works" not in (await lin.get("/cases")).source


async def test_only_whoever_may_is_offered_it(browse: Browse, closed: MadeCase) -> None:
    own = f"/cases/{closed.case_id}"
    lin, gao = await browse("lin"), await browse("gao")
    for address in ("erase", "legal-hold"):
        await lin.get(f"{own}/{address}", 403)
        assert f"{own}/{address}" not in (await lin.get(own)).links
    assert f"{own}/legal-hold" in (await gao.get(own)).links
    await gao.get(f"{own}/erase", 403)
    await lin.get("/retention", 403)


async def test_a_hold_is_placed_and_lifted_and_stands_on_the_case(browse: Browse, closed: MadeCase) -> None:
    gao, admin = await browse("gao"), await browse("admin")
    own = f"/cases/{closed.case_id}"
    fields = (await gao.get(f"{own}/legal-hold")).form(f"{own}/legal-hold")
    empty = await gao.post(f"{own}/legal-hold", fields, 422)
    assert not isinstance(empty, str) and "Say why" in empty.text
    await gao.post(f"{own}/legal-hold", fields | {"reason": "before the court"})
    shown = await admin.get(own)
    assert "placed by gao: before the court" in shown.text
    assert f"{own}/erase" not in shown.links
    assert "placed by gao" in (await admin.get(f"{own}/erase")).text
    lifting = await gao.get(f"{own}/legal-hold")
    assert "Lift the legal hold" in lifting.text
    await gao.post(f"{own}/legal-hold", lifting.form(f"{own}/legal-hold"))
    assert "placed by gao" not in (await admin.get(own)).text


async def test_an_open_case_is_held_but_not_erased(browse: Browse, made_case: Make, project: Project) -> None:
    made = made_case(2)
    made.offer("contact_customer")
    await project(made)
    admin, own = await browse("admin"), f"/cases/{made.case_id}"
    page = await admin.get(own)
    assert f"{own}/erase" not in page.links and f"{own}/legal-hold" in page.links
    assert "can be erased once it is closed" in (await admin.get(f"{own}/erase")).text


async def test_retention_tells_what_went_what_goes_next_and_what_is_held(
    app: FastAPI, browse: Browse, closed: MadeCase, made_case: Make, project: Project
) -> None:
    audra, admin, gao = await browse("audra"), await browse("admin"), await browse("gao")
    empty = await audra.get("/retention")
    assert "There was no run yet" in empty.text
    assert closed.case_id in empty.text, "its day comes"
    other = made_case(3, HOSTILE)
    other.change(retention=Retention(personal_data="3 years"))
    other.close()
    await project(other)
    own = f"/cases/{other.case_id}/legal-hold"
    await gao.post(own, (await gao.get(own)).form(own) | {"reason": f"court {HOSTILE}"})
    own = f"/cases/{closed.case_id}/erase"
    await admin.post(own, (await admin.get(own)).form(own) | {"reason": "asked for", "sure": "yes"})
    failed = (NotDone(case_id=other.case_id, why="the engine cannot be reached"),)
    report = RetentionReport(counted=2, erased=(closed.case_id,), failed=failed).model_dump(mode="json")
    now = datetime.now(UTC)
    async with app.state.parts.database.session() as session:
        session.add(RetentionRunRow(run_id="r-1", began_at=now, at=now, ended_at=now + timedelta(1), report=report))
    page = await audra.get("/retention")
    assert "its personal data will be erased" in page.text and "its archive and record will be removed" in page.text
    assert "placed by gao: court" in page.text
    assert "1 erased, 0 removed, 0 held, 1 failed" in page.text
    assert f"{other.case_id}: the engine cannot be reached" in page.text
    assert "/retention" in (await audra.get("/audit")).links
