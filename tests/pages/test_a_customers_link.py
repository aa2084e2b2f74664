"""A tracking link opens its case alone, until it is replaced, taken back or its time is over; nobody else learns it."""

from __future__ import annotations

import logging
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from io import StringIO

import pytest
from fastapi import FastAPI

from core.logging import configure
from core.settings import load
from tests.pages.making import MadeCase
from tests.pages.strict_client import Browser, Page

Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]
Browse = Callable[[str], Awaitable[Browser]]


async def change(browser: Browser, made: MadeCase, do: str) -> str:
    address = f"/cases/{made.case_id}/tracking-link"
    fields = (await browser.get(f"/cases/{made.case_id}")).form(address) | {"do": do}
    return str(await browser.post(address, fields))


async def test_a_link_made_anew_replaces_the_old_one(
    app: FastAPI, browse: Browse, anonymous: Browser, made_case: Make, project: Project
) -> None:
    made = made_case(1)
    await project(made)
    lin, old = await browse("lin"), app.state.parts.tracking.path(made.case_id)
    await anonymous.get(old)
    assert (await change(lin, made, "anew")).endswith("said=link_anew")
    page = await anonymous.get(old, 404)
    assert made.case_id not in page.source
    new = app.state.parts.tracking.path(made.case_id, 1)
    assert new in (await lin.get(f"/cases/{made.case_id}")).links
    await anonymous.get(new)


async def test_a_link_taken_back_opens_nothing_until_a_new_one_is_made(
    app: FastAPI, browse: Browse, anonymous: Browser, made_case: Make, project: Project
) -> None:
    made = made_case(1)
    await project(made)
    lin, links = await browse("lin"), app.state.parts.tracking
    await change(lin, made, "back")
    for version in (0, 1, 2):
        for path in ("", "/withdraw", "/pictures/F-ABCDEFGHJK", "/documents/D-1"):
            await anonymous.get(links.path(made.case_id, version) + path, 404)
    assert not [one for one in (await lin.get(f"/cases/{made.case_id}")).links if one.startswith("/t/")]
    await change(lin, made, "anew")
    await anonymous.get(links.path(made.case_id, 2))
    await anonymous.get(links.path(made.case_id, 0), 404)


async def test_a_link_works_for_some_time_after_the_end_of_its_case(
    app: FastAPI, anonymous: Browser, made_case: Make, project: Project
) -> None:
    path = app.state.parts.tracking.path
    for number, days, status in ((1, 89, 200), (2, 91, 404)):
        made = made_case(number)
        made.close()
        made.change(closed_at=made.now - timedelta(days=days))
        await project(made)
        await anonymous.get(path(made.case_id), status)
    assert load().tracking_days == 90


async def test_only_who_speaks_with_customers_changes_links(browse: Browse, made_case: Make, project: Project) -> None:
    made = made_case(1)
    await project(made)
    dan = await browse("dan")
    page = await dan.get(f"/cases/{made.case_id}")
    address = f"/cases/{made.case_id}/tracking-link"
    assert address not in [form.get("action") for form in page.forms]
    csrf = next(form["fields"]["csrf"] for form in page.forms if "csrf" in form["fields"])
    await dan.post(address, {"csrf": csrf, "do": "anew"}, 403)
    lin = await browse("lin")
    fields = (await lin.get(f"/cases/{made.case_id}")).form(address)
    await lin.post(address, fields | {"do": "everything"}, 404)


async def test_the_page_is_told_to_nobody_else_and_kept_nowhere(
    app: FastAPI, anonymous: Browser, made_case: Make, project: Project
) -> None:
    made = made_case(1)
    await project(made)
    path = app.state.parts.tracking.path(made.case_id)
    for address, status in ((path, 200), (f"{path}/withdraw", 200), (f"{path[:-1]}!", 404)):
        answer = await anonymous.client.get(address, headers={"Accept": "text/html"})
        assert answer.status_code == status
        assert answer.headers["referrer-policy"] == "same-origin"
        assert "noindex" in answer.headers["x-robots-tag"]
        assert answer.headers["cache-control"] == "no-store"
    assert '<meta name="robots" content="noindex, nofollow">' in (await anonymous.get(path)).source


async def test_a_link_is_in_no_line_of_the_log(
    app: FastAPI, anonymous: Browser, made_case: Make, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = made_case(1)
    await project(made)
    token = app.state.parts.tracking.token(made.case_id)
    said, root = StringIO(), logging.getLogger()
    before, level = root.handlers[:], root.level
    monkeypatch.setattr(sys, "stderr", said)
    configure("debug", "json")
    page = await anonymous.get(f"/t/{token}?lang=it")
    await anonymous.post(f"/t/{token}/information?lang=it", page.form(f"/t/{token}/information?lang=it"), 422)
    await anonymous.get(f"/t/{token[:-2]}zz", 404)
    root.handlers[:] = before
    root.setLevel(level)
    assert "/t/{token}/information" in said.getvalue()
    assert token[10:30] not in said.getvalue()


async def test_made_up_links_lead_nowhere_whatever_they_look_like(anonymous: Browser) -> None:
    for token in ("0" * 42, "x", "C-0000000001", "%00", "..%2f..%2fcases", "0000000001" + "A" * 32, "é" * 42):
        answer = await anonymous.client.get(f"/t/{token}", headers={"Accept": "text/html"})
        assert answer.status_code == 404, token
        assert Page(answer.text).problems == []


@pytest.mark.parametrize(
    ("query", "browser", "form", "words"),
    [
        ("", "zh-CN", "/request", "无需账号"),
        ("", "it", "/request", "senza account"),
        ("?lang=it", "zh-CN", "/request?lang=it", "senza account"),
    ],
)
async def test_a_link_that_leads_nowhere_leads_to_the_form_for_requests_in_the_readers_language(
    app: FastAPI,
    browse: Browse,
    anonymous: Browser,
    made_case: Make,
    project: Project,
    *,
    query: str,
    browser: str,
    form: str,
    words: str,
) -> None:
    made = made_case(1)
    await project(made)
    old = app.state.parts.tracking.path(made.case_id)
    await change(await browse("lin"), made, "back")
    anonymous.client.headers["Accept-Language"] = browser
    page = await anonymous.get(f"{old}{query}", 404)
    assert form in page.links
    assert words in page.text
    assert "/" not in page.links  # the sign-in is of no use to a customer
    await anonymous.get(form)


async def test_the_sign_in_leads_strangers_to_the_form_for_requests(anonymous: Browser) -> None:
    anonymous.client.headers["Accept-Language"] = "it"
    page = await anonymous.get("/sign-in")
    assert "/request" in page.links
    assert "senza account" in page.text
