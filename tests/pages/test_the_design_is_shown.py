"""The page that shows what pages are made of, and the choice of light or dark."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.pages.strict_client import Browser, Page

Browse = Callable[[str], Awaitable[Browser]]
STATIC = Path(__file__).resolve().parents[2] / "api" / "static"


@pytest.mark.parametrize("user", ["lin", "wei", "audra"])
async def test_everybody_who_signs_in_sees_every_piece(browse: Browse, user: str) -> None:
    page = await (await browse(user)).get("/design")
    for piece in ("Signs", "What is done", "Fields", "Colours", "Boxes", "Tables"):
        assert piece in page.text
    assert page.source.count("<symbol") == 0, "icons are fetched once, not copied into pages"


async def test_light_or_dark_is_kept_in_the_browser_that_chose_it(browse: Browse) -> None:
    lin = await browse("lin")
    fields = (await lin.get("/design")).form("/theme")
    assert "data-theme" not in (await lin.get("/")).source
    await lin.post("/theme", fields | {"theme": "dark"})
    assert 'data-theme="dark"' in (await lin.get("/")).source
    assert "data-theme" not in (await (await browse("mei")).get("/")).source
    await lin.post("/theme", fields | {"theme": "purple"})
    assert "data-theme" not in (await lin.get("/")).source


async def test_the_choice_needs_the_sessions_own_form(browse: Browse) -> None:
    refused = await (await browse("lin")).post("/theme", {"theme": "dark"}, 403)
    assert isinstance(refused, Page)


async def test_a_phone_has_four_places_at_the_bottom_and_the_others_behind_one_button(browse: Browse) -> None:
    page = await (await browse("lin")).get("/")
    bar = page.source[page.source.index('class="bottom"') : page.source.index("<main")]
    thumbs, more = bar.split("<details")
    assert [thumbs.count(f'href="{path}"') for path in ("/", "/cases", "/cases/new", "/escalations")] == [1, 1, 1, 1]

    assert "/plans" in more


async def test_the_first_page_needs_less_than_60_kb_of_our_own(browse: Browse) -> None:
    lin = await browse("lin")
    page = await lin.get("/")
    asked = {part.split("#")[0] for part in page.source.split('"') if part.startswith("/static/")}
    assert {"/static/aftercare.css", "/static/icons.svg"} <= {one.partition("?")[0] for one in asked}
    size = len(page.source.encode())
    for path in sorted(asked):
        answer = await lin.client.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["content-encoding"] == "gzip"
        assert "immutable" in answer.headers["cache-control"], "its address changes with its content"
        size += int(answer.headers["content-length"])
    assert size < 60_000, f"{size} bytes: {sorted(asked)}"


async def test_our_files_come_plain_to_whoever_asks_for_them_plain(anonymous: Browser) -> None:
    answer = await anonymous.client.get("/static/clock.js", headers={"Accept-Encoding": "identity"})
    assert answer.content == (STATIC / "clock.js").read_bytes()
    assert "content-encoding" not in answer.headers
    again = await anonymous.client.get("/static/clock.js", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert (await anonymous.client.get("/static/none.js")).status_code == 404


def test_every_bracket_of_the_stylesheet_closes() -> None:
    depth = 0
    for number, line in enumerate((STATIC / "aftercare.css").read_text("utf-8").splitlines(), 1):
        depth += line.count("{") - line.count("}")
        assert 0 <= depth <= 2, f"line {number}"
    assert depth == 0


def test_every_name_that_the_stylesheet_uses_is_one_of_its_own() -> None:
    css = (STATIC / "aftercare.css").read_text("utf-8")
    named = set(re.findall(r"^  (--[a-z0-9-]+):", css, re.MULTILINE)) | set(re.findall(r" (--[a-z0-9-]+):", css))
    assert set(re.findall(r"var\((--[a-z0-9-]+)", css)) <= named
