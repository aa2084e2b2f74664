"""The plans as pages: who does what by when, what is ours, and a picture with the same in words."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from fastapi import FastAPI

from api.pages.plan_diagram import diagram_of
from domain.plan import read_plans
from domain.plan.describe import describe
from store.case_plans import keep_plan_of_case
from tests.pages.making import MadeCase
from tests.pages.strict_client import Browser

Browse = Callable[[str], Awaitable[Browser]]
PLANS = read_plans(Path(__file__).parents[2] / "plans")


async def test_the_menu_leads_to_the_plans_and_on_to_each(browse: Browse) -> None:
    lin = await browse("lin")
    assert "/plans" in (await lin.get("/")).links
    page = await lin.get("/plans")
    assert "/plans/rapid-response" in page.links
    assert "Rapid response" in page.text


async def test_the_list_tells_how_many_cases_run_on_each_plan_and_on_earlier_versions_of_it(
    app: FastAPI, browse: Browse, made_case: Callable[..., MadeCase], project: Callable[[MadeCase], Awaitable[None]]
) -> None:
    lin, version = await browse("lin"), PLANS["rapid-response"].version
    text = (await lin.get("/plans")).text
    assert "no open case" in text
    assert "open cases run on" not in text
    for number, opened_with in ((1, version), (2, version + 1)):
        made = made_case(number)
        await project(made)
        async with app.state.parts.database.session() as session:
            await keep_plan_of_case(session, made.case_id, "rapid-response", opened_with)
    text = (await lin.get("/plans")).text
    assert f"rapid-response, version {version} 1 open case the oldest from " in text
    assert f"version {version + 1} · 1 open case" in text.partition("Other versions that open cases run on")[2]
    assert f"new cases get version {version}" in text


async def test_a_task_is_shown_with_role_budget_and_clause(browse: Browse) -> None:
    text = (await (await browse("audra")).get("/plans/rapid-response")).text
    assert "Contact the customer R3 Customer service · 12 hours from the application" in text
    assert "Guide the self-check ours Customer service · 8 working hours" in text
    assert "China's holidays and make-up working days, 09:00 to 17:30" in text
    assert "A reminder comes after 75% of the time." in text
    assert "Completion of service: signature ours could also be: work, settlement" in text


async def test_every_clause_that_is_cited_can_be_looked_up_on_the_page(browse: Browse) -> None:
    page = await (await browse("lin")).get("/plans/rapid-response")
    cited = {link for link in page.links if link.startswith("#clause-")}
    assert "#clause-R3" in cited
    assert all(f'id="{link[1:]}"' in page.source for link in cited)


async def test_the_picture_has_its_words(browse: Browse) -> None:
    page = await (await browse("lin")).get("/plans/rapid-response")
    assert 'role="img"' in page.source
    assert "The stages are register, diagnose, dispatch, resolve, accept, settle, archive." in page.text
    assert "Resolve branches: on site, by delivery, return to factory, replacement." in page.text
    assert "From accept, what is refused there goes back to resolve." in page.text


async def test_an_unknown_plan_is_not_found(browse: Browse) -> None:
    await (await browse("lin")).get("/plans/no-such-plan", 404)


async def test_an_address_that_leads_nowhere_says_so_and_shows_a_way_on(browse: Browse) -> None:
    page = await (await browse("lin")).get("/no-such-page", 404)
    assert "There is nothing at this address." in page.text
    assert "/" in page.links
    assert "sign-in" not in page.text


async def test_a_stranger_is_sent_to_the_sign_in(anonymous: Browser) -> None:
    answer = await anonymous.client.get("/plans/rapid-response", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/plans/rapid-response")


@pytest.mark.parametrize("name", PLANS)
def test_no_boxes_of_a_picture_overlap_and_all_lie_inside(name: str) -> None:
    shown = describe(PLANS[name])
    picture = diagram_of(shown)
    boxes = picture.boxes
    assert len(boxes) == len(shown.stages) + len(shown.aside) + sum(len(stage.ways) for stage in shown.stages)
    assert picture.width <= 420, "fits beside the text, and a telephone when it is made a little smaller"
    for number, one in enumerate(boxes):
        assert one.x >= 0 and one.x + one.width <= picture.width
        assert one.y >= 0 and one.y + one.height <= picture.height
        for other in boxes[number + 1 :]:
            apart_across = one.x + one.width < other.x or other.x + other.width < one.x
            apart_down = one.y + one.height < other.y or other.y + other.height < one.y
            assert apart_across or apart_down, (one.title, other.title)


@pytest.mark.parametrize("name", PLANS)
def test_every_line_lies_inside_the_picture_and_a_way_back_is_told_from_a_way_on(name: str) -> None:
    picture = diagram_of(describe(PLANS[name]))
    kinds = {line.kind for line in picture.lines}
    assert {"next", "way", "back"} <= kinds
    for line in picture.lines:
        for axis, number in re.findall(r"([HV])(\d+)", line.path):
            assert 0 < int(number) < (picture.width if axis == "H" else picture.height)
