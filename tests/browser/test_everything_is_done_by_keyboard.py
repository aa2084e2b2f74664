"""Every page by keyboard alone: what can be used is reached in the order it is read, is seen, named, and lets go."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Page

from tests.browser.house import House
from tests.browser.places import PAGES, address, visitor
from tests.browser.visitors import Visitors

_REACHABLE = """() => {
  const usable = [...document.querySelectorAll(
      "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], video[controls]")]
    .filter((one) => !one.disabled && one.tabIndex >= 0 && one.checkVisibility({ visibilityProperty: true })
                     && !one.closest("[inert]"));
  // of a group of radio buttons, the chosen one or the first answers for all
  const groups = new Map();
  for (const one of usable.filter((one) => one.type === "radio" && one.name)) {
    const key = (one.form ? [...document.forms].indexOf(one.form) : "") + one.name;
    if (!groups.has(key) || one.checked) groups.set(key, one);
  }
  const answering = new Set(groups.values());
  window.reachable = usable.filter((one) => one.type !== "radio" || !one.name || answering.has(one));
  // a day or time has a stop for each of its parts and one for its calendar
  const stops = window.reachable.length + 6 * document.querySelectorAll("input[type^=date], input[type=time]").length;
  return [stops, window.reachable.indexOf(document.activeElement)];
}"""
_RECORDED = """() => {
  const style = (part) => getComputedStyle(part);
  const marks = (part) => style(part).outlineStyle !== "none" && parseFloat(style(part).outlineWidth) >= 1;
  const within = (at, most) => Math.min(Math.max(at, 0), most - 1);
  const looked = () => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const box = one.getBoundingClientRect();
    // what is hidden for its looks shows its focus on the label that stands for it
    const label = one.labels?.[0];
    const parts = [one, label, label?.querySelector("*"), one.nextElementSibling].filter(Boolean);
    const [x, y] = [within(box.x + box.width / 2, innerWidth), within(box.y + box.height / 2, innerHeight)];
    const above = document.elementFromPoint(x, y);
    const related = [one, label].filter(Boolean).some((part) => part.contains(above) || above?.contains(part));
    return {
      place: window.reachable.indexOf(one),
      told: `${one.tagName} ${one.id} ${(one.innerText || one.name || "").trim().slice(0, 40)}`,
      marked: parts.some(marks),
      onScreen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
      covered: Boolean(above) && box.width > 2 && !related && ["fixed", "sticky"].includes(style(above).position),
    };
  };
  window.rested = [];
  addEventListener("keyup", (key) => { if (key.key === "Tab") window.rested.push(looked()); }, true);
  return looked();
}"""
"""Notes after each press of Tab, as the key is let go, where the focus rests then; returns where it rests now."""
_AT_ONCE = 8
"""Presses of the key from one look at what was noted to the next: asking each time took a third of the walk."""
_SPARE = 4
"""Presses of the key beyond those needed."""


async def _rests(page: Page, presses: int) -> AsyncIterator[dict[str, Any] | None]:
    """Where the focus rests after each press of Tab, None where it has left the page."""
    for pressed in range(0, presses, _AT_ONCE):
        for _ in range(_AT_ONCE):
            await page.keyboard.press("Tab")
        rested = await page.evaluate("window.rested")
        assert len(rested) == pressed + _AT_ONCE, f"{page.url}: not every press of the key was noted"
        for one in rested[pressed:]:
            yield one


async def _walked(page: Page) -> list[dict[str, Any]]:
    """Presses Tab until the focus has been everywhere; returns what it rested on, from the top of the page."""
    stops, first = await page.evaluate(_REACHABLE)
    begins = await page.evaluate(_RECORDED)
    walked: list[dict[str, Any]] = [begins] if first >= 0 else []
    below = 0  # how much was walked before the page ended, where it had put the focus on a field at first
    async for focused in _rests(page, stops + _SPARE):
        if focused is None and first > 0 and not below:
            below = len(walked)
        elif focused is None or (walked and focused["place"] == walked[0]["place"] != walked[-1]["place"]):
            return walked[below:] + walked[:below]
        else:
            walked.append(focused)
    raise AssertionError(f"{page.url}: the focus never leaves the page; it ends with {walked[-5:]}")


@pytest.mark.parametrize("path", PAGES)
async def test_the_tab_key_reaches_everything_in_order_and_shows_where_it_is(
    visitors: Visitors, house: House, path: str
) -> None:
    page = await visitors.looking(visitor(path))
    await page.goto(address(path, house.examples))
    walked = await _walked(page)
    places = [one["place"] for one in walked if one["place"] >= 0]
    assert places == sorted(places), f"out of order: {[one['told'] for one in walked]}"
    reachable = await page.evaluate("window.reachable.map((one) => one.outerHTML.slice(0, 100))")
    assert sorted(set(places)) == list(range(len(reachable))), [
        one for number, one in enumerate(reachable) if number not in places
    ]
    marked = {one["place"] for one in walked if one["marked"]}  # the calendar in a date has a mark of its own
    assert [one["told"] for one in walked if one["place"] not in marked] == [], "where the focus is cannot be seen"
    assert [one["told"] for one in walked if not one["onScreen"] or one["covered"]] == []


async def test_the_first_key_leads_past_the_menu(visitors: Visitors) -> None:
    page = await visitors.window("lin")
    await page.goto("/cases")
    await page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert (await skip.get_attribute("href") or "").startswith("#")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.querySelector('main').contains(document.activeElement)")


async def test_a_task_is_claimed_answered_and_completed_without_a_pointer(visitors: Visitors, house: House) -> None:
    made = house.case()
    made.offer("contact_customer", due_in=4)
    await house.project(made)
    page = await visitors.window("lin")
    await page.goto(f"/tasks/{made.case_id}.contact_customer")
    await page.get_by_role("button", name="Claim").focus()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**?said=claimed")
    await page.locator('[name="outcome.reached"]').first.focus()
    await page.keyboard.press("Space")
    while not await page.locator('[name="outcome.reached"][value=yes]').is_checked():
        await page.keyboard.press("ArrowDown")
    await page.locator('[name="outcome.requirement"]').focus()
    await page.keyboard.type("Quiet again before Friday")
    for _ in range(60):
        if await page.evaluate(
            "document.activeElement.matches('button') && /Complete/.test(document.activeElement.innerText)"
        ):
            break
        await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**said=completed**")
    assert house.engine.completions[-1][2]["outcome"]["requirement"] == "Quiet again before Friday"
