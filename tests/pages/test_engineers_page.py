"""The page of engineers: profiles, absences with a substitute, deputies; and the work of whom one stands in for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI

from domain.plan import Stage
from store.engineers import set_profile
from tests.pages.making import HOSTILE, FakeEngine, MadeCase
from tests.pages.strict_client import Browser, Page

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]
ENTER, NAME = "/engineers/absences", "/engineers/deputies"


@pytest.fixture
async def held(made_case: Make, project: Project) -> MadeCase:
    """A case whose engineer, Wei Shen, is to call the customer."""
    made = made_case(1)
    made.change(stage=Stage.DISPATCH, engineer="wei")
    made.offer("engineer_call", assignee="wei")
    await project(made)
    return made


async def _away(browser: Browser, app: FastAPI, user: str = "wei", substitute: str = "tom") -> Page | str:
    today = app.state.parts.now().date()
    fields = (await browser.get("/engineers")).form(ENTER)
    fields |= {"user": user, "first": f"{today - timedelta(days=1)}", "last": f"{today + timedelta(days=2)}"}
    return await browser.post(ENTER, fields | {"reason": "Leave", "substitute": substitute})


async def test_everybody_of_staff_reads_who_serves_where_and_who_is_away(browse: Browse, app: FastAPI) -> None:
    assert await _away(await browse("dan"), app) == "/engineers?said=absent"
    text = (await (await browse("lin")).get("/engineers")).text
    assert "Wei Shen 浙江 noise" in text
    assert "absent until" in text
    assert "Tom Hale stands in" in text
    assert "Leave" not in text
    assert "Leave" in (await (await browse("dan")).get("/engineers")).text


async def test_an_auditor_reads_the_page_and_is_offered_nothing_to_do(browse: Browse, app: FastAPI) -> None:
    await _away(await browse("dan"), app)
    page = await (await browse("audra")).get("/engineers")
    assert [form.get("action") for form in page.forms] == ["/sign-out"]


async def test_the_work_of_whom_one_stands_in_for_is_in_my_work_and_can_be_done(
    browse: Browse, app: FastAPI, held: MadeCase, engine: FakeEngine
) -> None:
    tom, path = await browse("tom"), f"/tasks/{held.case_id}.engineer_call"
    assert "Call the customer" not in (await tom.get("/?show=mine")).text
    assert "holds this task" in (await tom.get(path)).text
    await _away(await browse("wei"), app)
    mine = await tom.get("/?show=mine")
    assert "yours for Wei Shen" in mine.text
    page = await tom.get(path)
    assert "as substitute of Wei Shen" in page.text
    fields = page.form(f"{path}/complete") | {"outcome.reached": "yes", "outcome.method": "factory_return"}
    await tom.post(f"{path}/complete", fields)
    assert engine.completions[0][2]["by"]["ground"].startswith("as substitute of Wei Shen")


async def test_an_absence_is_taken_back_by_who_may_enter_it(browse: Browse, app: FastAPI) -> None:
    wei = await browse("wei")
    await _away(wei, app)
    (action,) = [str(form["action"]) for form in (await wei.get("/engineers")).forms if "remove" in str(form["action"])]
    tom = await browse("tom")
    assert action not in (await tom.get("/engineers")).source
    await wei.post(action, (await wei.get("/engineers")).form(action))
    assert "Nobody is away" in (await wei.get("/engineers")).text


async def test_what_is_wrong_with_an_absence_is_said_and_what_was_typed_is_kept(browse: Browse, app: FastAPI) -> None:
    dan = await browse("dan")
    fields = (await dan.get("/engineers")).form(ENTER)
    wrong = {"user": "wei", "first": "2026-11-30", "last": "2026-11-01", "reason": HOSTILE, "substitute": "tom"}
    page = await dan.post(ENTER, fields | wrong, 422)
    assert isinstance(page, Page)
    assert "Last day: lies before the first day." in page.text
    assert page.form(ENTER)["reason"] == HOSTILE
    assert page.form(ENTER)["substitute"] == "tom"


async def test_a_profile_is_changed_with_commas_between(browse: Browse, app: FastAPI) -> None:
    dan = await browse("dan")
    path = "/engineers/people/wei/profile"
    fields = (await dan.get("/engineers")).form(path)
    assert fields["regions"] == "浙江"
    await dan.post(path, fields | {"regions": "浙江，上海", "skills": "noise, AX", "reports_to": "gao"})
    text = (await dan.get("/engineers")).text
    assert "浙江, 上海 noise or vibration, AX" in text
    assert "reports to Gao An" in text
    page = await dan.post(path, fields | {"reports_to": "wei"}, 422)
    assert isinstance(page, Page)
    assert "Reports to: reports to this engineer" in page.text


async def test_a_deputy_of_the_general_manager_sees_and_does_the_tasks_of_the_role(
    browse: Browse, made_case: Make, project: Project, engine: FakeEngine
) -> None:
    made = made_case(1)
    made.offer("special_case", reason="Who pays?")
    await project(made)
    gao, dan = await browse("gao"), await browse("dan")
    assert "Decide a special case" not in (await dan.get("/")).text
    await gao.post(NAME, (await gao.get("/engineers")).form(NAME) | {"role": "general_manager", "user": "dan"})
    assert "Decide a special case" in (await dan.get("/")).text
    page = await dan.get(f"/tasks/{made.case_id}.special_case")
    assert "as deputy" in page.text
    action = next(
        str(form["action"]) for form in (await gao.get("/engineers")).forms if "remove" in str(form["action"])
    )
    await gao.post(action, (await gao.get("/engineers")).form(action))
    assert "Decide a special case" not in (await dan.get("/")).text


@pytest.mark.clause("X1")
async def test_who_acknowledges_a_missed_deadline_sees_the_line_of_reporting(
    browse: Browse, app: FastAPI, held: MadeCase, project: Project
) -> None:
    async with app.state.parts.database.session() as session:
        await set_profile(session, "wei", regions=(), skills=(), reports_to="gao")
    held.offer("acknowledge_breach", about="engineer_call")
    await project(held)
    page = await (await browse("gao")).get(f"/tasks/{held.case_id}.acknowledge_breach")
    assert "Wei Shen, who holds the late task, reports to Gao An." in page.text
