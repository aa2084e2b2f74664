"""Several tasks claimed, given back and given over from My work, with a result for each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from fastapi import FastAPI

from store.assignments import claim
from store.queries.tasks import find_task
from tests.pages.making import MadeCase
from tests.pages.strict_client import Browser, Page

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]
TASKS = [f"C-{number:010d}.contact_customer" for number in (1, 2, 3)]


@pytest.fixture
async def offered(made_case: Make, project: Project) -> None:
    for number in (1, 2, 3):
        made = made_case(number)
        made.offer("contact_customer")
        await project(made)


async def _act(browser: Browser, act: str, tasks: list[str], status: int = 200, **more: str) -> Page:
    fields = (await browser.get("/?show=all")).form("/my-work/bulk")
    page = await browser.post("/my-work/bulk", fields | {"act": act, "task": tasks, **more}, status)
    assert not isinstance(page, str)
    return page


async def _holders(app: FastAPI) -> list[str | None]:
    async with app.state.parts.database.reading() as session:
        views = [await find_task(session, task) for task in TASKS]
    return [view.assignee if view else "?" for view in views]


async def test_several_are_claimed_and_the_one_that_somebody_else_has_says_so(
    app: FastAPI, browse: Browse, offered: None
) -> None:
    async with app.state.parts.database.session() as session:
        await claim(session, TASKS[1], user="mei", by="mei", at=app.state.parts.now())
    page = await _act(await browse("lin"), "claim", TASKS)
    assert "2 tasks are yours" in page.text
    assert "Mei Zhou" in page.text
    assert page.text.count("not done") == 1
    assert await _holders(app) == ["lin", "mei", "lin"]


async def test_several_are_given_back_and_given_over(app: FastAPI, browse: Browse, offered: None) -> None:
    lin = await browse("lin")
    await _act(lin, "claim", TASKS)
    assert "1 task is offered again" in (await _act(lin, "release", TASKS[:1])).text
    assert await _holders(app) == [None, "lin", "lin"]
    page = await _act(lin, "delegate", TASKS, to="mei")
    assert "3 tasks are with Mei Zhou" in page.text
    assert await _holders(app) == ["mei", "mei", "mei"]


async def test_a_manager_moves_the_work_of_others_and_an_engineer_does_not(
    app: FastAPI, browse: Browse, offered: None
) -> None:
    await _act(await browse("lin"), "claim", TASKS)
    wei = await _act(await browse("wei"), "delegate", TASKS, to="mei")
    assert "0 tasks are with Mei Zhou" in wei.text
    assert await _holders(app) == ["lin", "lin", "lin"]
    gao = await _act(await browse("gao"), "delegate", TASKS[:2], to="mei")
    assert "2 tasks are with Mei Zhou" in gao.text
    assert await _holders(app) == ["mei", "mei", "lin"]


async def test_somebody_without_the_role_gets_none_and_each_task_says_why(
    app: FastAPI, browse: Browse, offered: None
) -> None:
    page = await _act(await browse("gao"), "delegate", TASKS, to="wei")
    assert page.text.count("has not the role") == 3
    assert await _holders(app) == [None, None, None]


async def test_what_is_no_task_is_told_and_the_others_are_done(app: FastAPI, browse: Browse, offered: None) -> None:
    page = await _act(await browse("lin"), "claim", ["C-0000000009.contact_customer", "<b>", TASKS[0], TASKS[0]])
    assert "1 task is yours" in page.text
    assert page.text.count("Unknown task") == 2
    assert await _holders(app) == ["lin", None, None]


@pytest.mark.parametrize(
    ("act", "tasks", "field"),
    [
        ("claim", [], "task"),
        ("explode", TASKS, "act"),
        ("delegate", TASKS, "to"),
    ],
)
async def test_what_is_left_open_is_named(
    app: FastAPI, browse: Browse, offered: None, act: str, tasks: list[str], field: str
) -> None:
    page = await _act(await browse("lin"), act, tasks, 422)
    assert "choose" in page.text.lower(), field
    assert await _holders(app) == [None, None, None]


async def test_it_takes_the_form_of_the_present_sign_in(browse: Browse, offered: None) -> None:
    lin = await browse("lin")
    await lin.post("/my-work/bulk", {"act": "claim", "task": TASKS, "csrf": "wrong"}, status=403)
