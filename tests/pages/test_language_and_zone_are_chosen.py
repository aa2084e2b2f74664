"""Everybody reads in the language and the time zone they chose; until then in the browser's, at the case's times."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from fastapi import FastAPI

from store.users import find_user
from tests.pages.making import MadeCase
from tests.pages.strict_client import Browser

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]


async def chosen(browser: Browser, **choice: str) -> None:
    """Keeps a choice on one's own page."""
    fields = (await browser.get("/me")).form("/me") | choice
    assert await browser.post("/me", fields) == "/me?said=chosen"


@pytest.mark.parametrize(
    ("asked", "code", "title"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN", "我的工作"),
        ("it-IT,it;q=0.9", "it", "Il mio lavoro"),
        ("de,it;q=0.5,en;q=0.4", "it", "Il mio lavoro"),
        ("de", "en", "My work"),
        ("zh;q=high, it", "it", "Il mio lavoro"),
    ],
)
async def test_pages_follow_the_browser_until_a_language_is_chosen(
    browse: Browse, asked: str, code: str, title: str
) -> None:
    lin = await browse("lin")
    lin.client.headers["Accept-Language"] = asked
    page = await lin.get("/")
    assert f'<html lang="{code}"' in page.source
    assert title in page.text


async def test_a_chosen_language_goes_before_the_browsers(app: FastAPI, browse: Browse) -> None:
    lin = await browse("lin")
    lin.client.headers["Accept-Language"] = "it"
    await chosen(lin, language="zh-CN")
    page = await lin.get("/me?said=chosen")
    assert '<html lang="zh-CN"' in page.source
    assert "您的选择已保存。" in page.text
    async with app.state.parts.database.reading() as session:
        user = await find_user(session, "lin")
    assert user is not None
    assert (user.language, user.time_zone) == ("zh-CN", None)
    await chosen(lin, language="")
    assert '<html lang="it"' in (await lin.get("/")).source


async def test_a_chosen_language_is_one_persons_alone(browse: Browse) -> None:
    await chosen(await browse("lin"), language="it")
    assert '<html lang="en"' in (await (await browse("mei")).get("/")).source


async def test_times_are_shown_in_the_chosen_zone(browse: Browse, made_case: Make, project: Project) -> None:
    made = made_case(1)
    made.now = datetime(2026, 11, 20, 2, tzinfo=UTC)
    made.offer("contact_customer", due_in=5)
    await project(made)
    lin = await browse("lin")
    path = f"/tasks/{made.case_id}.contact_customer"
    assert "15:00" in (await lin.get(path)).text, "the case's own zone is Shanghai"
    await chosen(lin, time_zone="Europe/Rome")
    shown = (await lin.get(path)).text
    assert "08:00" in shown
    assert "Europe/Rome" in shown


async def test_what_is_no_language_or_no_zone_is_named_and_nothing_is_kept(app: FastAPI, browse: Browse) -> None:
    lin = await browse("lin")
    fields = (await lin.get("/me")).form("/me") | {"language": "tlh", "time_zone": "Mars/Olympus"}
    page = await lin.post("/me", fields, status=422)
    assert isinstance(page, object)
    assert not isinstance(page, str)
    assert "is not one of the languages" in page.text
    assert "is not one of the time zones" in page.text
    async with app.state.parts.database.reading() as session:
        user = await find_user(session, "lin")
    assert user is not None
    assert (user.language, user.time_zone) == (None, None)


async def test_a_choice_from_elsewhere_is_refused(browse: Browse) -> None:
    lin = await browse("lin")
    page = await lin.post("/me", {"csrf": "made up", "language": "it"}, status=403)
    assert not isinstance(page, str)


async def test_a_refusal_is_told_in_the_readers_language(browse: Browse) -> None:
    lin = await browse("lin")
    await chosen(lin, language="zh-CN")
    page = await lin.get("/tasks/C-0000000009.site_visit", status=404)
    assert "没有此任务" in page.text
