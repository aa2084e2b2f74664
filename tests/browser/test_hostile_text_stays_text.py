"""Whatever people type or send is shown as text: no page runs it, loads anything for it, or is broken open by it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.house import House, fill, opened_house
from tests.browser.places import PAGES, addresses, visitor
from tests.browser.visitors import Visitors
from tests.pages.looks import WIDE

_PARTS = (
    "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>",
    "</title></textarea></select><svg onload=alert(3)>{{7*7}}${7*7}",
    "javascript:alert(4) [x](javascript:alert(5)) <javascript:alert(6)>",
    "W" * 90,
)
HOSTILE = " ".join(_PARTS)
_BROKEN_OUT = """() => [
  ...document.querySelectorAll("script:not([src]), [onerror], [onload], [onclick], img[src=x]"),
  ...document.querySelectorAll("iframe, object, embed, base"),
  ...[...document.querySelectorAll("a[href], form[action]")].filter((one) =>
    /^\\s*javascript:/i.test(one.getAttribute("href") || one.getAttribute("action") || "")),
].map((one) => one.outerHTML.slice(0, 120))"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def hostile_house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    async with opened_house(tmp_path_factory.mktemp("hostile")) as house:
        await fill(house, HOSTILE)
        yield house


async def test_no_page_runs_what_was_typed(chromium: Browser, hostile_house: House) -> None:
    visitors = Visitors(chromium, hostile_house)
    asked: list[str] = []
    shown = 0
    windows = {user: await visitors.window(user, phone=True) for user in ("admin", None)}
    for page in windows.values():
        page.on("request", lambda request: asked.append(request.url))
    for path in PAGES:
        page = windows[visitor(path)]
        for place in addresses(path, hostile_house.examples):
            await page.goto(place)
            assert await page.evaluate(_BROKEN_OUT) == [], place
            assert await page.evaluate(WIDE) == [], f"{place} is pushed beyond the screen"
            shown += "<script>alert(1)</script>" in await page.inner_text("body")
    await visitors.leave()
    assert [one for one in visitors.complaints if "404" not in one] == []
    assert {one for one in asked if not one.startswith((hostile_house.address, "data:", "blob:"))} == set()
    assert shown > len(PAGES) // 3, "the pages show the text, as text"
