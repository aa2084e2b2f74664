"""WCAG 2.2 AA as far as a machine can tell: axe looks at every page, light at a desk and dark on a phone.

A look of our own at the contrast of words does for the other two: each look of axe takes a second of a processor.
"""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page

from tests.browser.house import House
from tests.browser.places import PAGES, addresses, visitor
from tests.browser.visitors import DESK, PHONE, Visitors
from tests.pages.looks import FAINT, SETTLED

_AXE = Axe().axe_script
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
_LEAN = {"resultTypes": ["violations"], "preload": False}
_ALL = {**_LEAN, "runOnly": {"type": "tag", "values": _TAGS}}
_COLOURS = ["color-contrast", "link-in-text-block"]
"""What a theme can change."""
_SIZES = ["target-size", "color-contrast", "scrollable-region-focusable", "meta-viewport", "aria-hidden-focus"]
"""What the width of the screen can change."""
_OTHERWISE = {**_LEAN, "runOnly": {"type": "rule", "values": sorted({*_COLOURS, *_SIZES})}}


async def _found(page: Page, how: str, options: dict[str, Any]) -> list[str]:
    await page.evaluate(SETTLED)
    violations = await page.evaluate("(how) => axe.run(how).then((found) => found.violations)", options)
    return [
        f"{page.url}, {how}: {one['id']}: {one['help']}: {node['html'][:160]} {node.get('failureSummary', '')[:300]}"
        for one in violations
        for node in one["nodes"][:3]
    ]


async def _faint(page: Page, how: str) -> list[str]:
    """Words too faint, asked without axe where it has looked at both the theme and the width, though not together."""
    await page.evaluate(SETTLED)
    return [f"{page.url}, {how}: {one}" for one in await page.evaluate(FAINT)]


@pytest.mark.parametrize("path", PAGES)
async def test_axe_finds_nothing_on_a_page_in_either_theme_at_a_desk_or_on_a_phone(
    visitors: Visitors, house: House, path: str
) -> None:
    visitors.expected.add("404")  # one of the addresses leads nowhere
    page = await visitors.looking(visitor(path))
    found: list[str] = []
    for place in addresses(path, house.examples):
        await page.goto(place)
        await page.evaluate(_AXE)
        found += await _found(page, "light", _ALL)
        await page.emulate_media(color_scheme="dark")
        found += await _faint(page, "dark")
        await page.set_viewport_size(PHONE)
        found += await _found(page, "dark, on a phone", _OTHERWISE)
        await page.emulate_media(color_scheme="light")
        found += await _faint(page, "on a phone")
        await page.set_viewport_size(DESK)
    assert found == []
