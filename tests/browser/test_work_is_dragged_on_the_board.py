"""Work dragged on the dispatch board opens the form of a click, the engineer filled in; so does the keyboard."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import FloatRect, Locator, Page, expect

from domain.plan import Stage
from tests.browser.house import House
from tests.browser.visitors import Visitors
from tests.pages.making import MadeCase


async def _to_assign(house: House) -> MadeCase:
    made = house.case("Stands still since this morning")
    made.change(stage=Stage.DISPATCH)
    made.offer("assign_engineer", due_in=0.4)
    return await house.project(made)


async def _place(one: Locator) -> FloatRect:
    found = await one.bounding_box()
    assert found is not None
    return found


async def _drag(page: Page, piece: Locator, onto: Locator, *, escape: bool = False) -> None:
    await piece.evaluate("piece => piece.scrollIntoView({ block: 'center' })")  # at an edge the page would go along
    begins, ends = await _place(piece), await _place(onto)
    await page.mouse.move(begins["x"] + 30, begins["y"] + 12)
    await page.mouse.down()
    await page.mouse.move(begins["x"] + 60, begins["y"] + 30)
    # of a row that is taller than the window the part beside the piece is in sight
    height = min(max(ends["y"] + 12, begins["y"] + 12), ends["y"] + ends["height"] - 4)
    await page.mouse.move(ends["x"] + 20, height, steps=4)
    await expect(page.locator("td.is-over")).to_have_count(1)
    if escape:
        await page.keyboard.press("Escape")
    await page.mouse.up()


async def test_a_drop_offers_the_engineer_and_assigns_nothing_by_itself(visitors: Visitors, house: House) -> None:
    made, before = await _to_assign(house), len(house.engine.completions)
    page = await visitors.window("dan")
    await page.goto("/dispatch")
    piece = page.locator(f'[data-piece="{made.case_id}.assign_engineer"]').first
    target = page.locator('tr[data-to="tom"] td').nth(2)
    await _drag(page, piece, target, escape=True)
    assert "task=" not in page.url
    await _drag(page, piece, target)
    await page.wait_for_url("**to=tom**")
    assert house.engine.completions[before:] == []
    button = page.get_by_role("button", name="Assign to Tom Hale")
    await expect(button).to_be_focused()
    await page.keyboard.press("Enter")
    await page.wait_for_url("**said=assigned**")
    ((case_id, activity, sent),) = house.engine.completions[before:]
    assert (case_id, activity, sent["outcome"]) == (made.case_id, "assign_engineer", {"engineer": "tom"})


async def test_a_visit_dropped_on_another_day_asks_how_the_customer_was_told(visitors: Visitors, house: House) -> None:
    made, before = house.case("Stands still since this morning"), len(house.engine.signals)
    at = made.now + timedelta(minutes=5)
    made.change(stage=Stage.RESOLVE, engineer="wei", appointment=at)
    made.offer("site_visit", due_in=2, assignee="wei")
    await house.project(made)
    page = await visitors.window("dan")
    await page.goto(f"/dispatch?week={at.astimezone(ZoneInfo('Asia/Shanghai')).date()}")  # on days off another is shown
    piece = page.locator(f'td [data-piece="{made.case_id}.site_visit"]')
    here = await piece.evaluate("piece => piece.closest('td').cellIndex")
    target = page.locator('tr[data-to="wei"] td').nth(0 if here > 1 else 3)
    await _drag(page, piece, target)
    await page.wait_for_url("**day=**")
    day = page.url.partition("day=")[2][:10]
    value = await page.locator('input[name="reschedule.appointment"]').input_value()
    assert value.startswith(day)
    await expect(page.get_by_label("How the customer was told")).to_be_visible()
    assert house.engine.signals[before:] == []


async def test_the_same_is_done_by_keyboard_and_without_scripts(visitors: Visitors, house: House) -> None:
    made = await _to_assign(house)
    page = await visitors.window("dan", javascript=False)
    await page.goto("/dispatch")
    await page.locator(f'[data-piece="{made.case_id}.assign_engineer"] a').first.press("Enter")
    await page.get_by_role("button", name="Assign to Wei Shen").press("Enter")
    await page.wait_for_url("**said=assigned**")
    assert house.engine.completions.pop()[2]["outcome"] == {"engineer": "wei"}


async def test_a_row_beyond_the_window_is_reached_at_its_edge(visitors: Visitors, house: House) -> None:
    made = await _to_assign(house)
    page = await visitors.window("dan")
    await page.set_viewport_size({"width": 1280, "height": 420})
    await page.goto("/dispatch")
    piece = page.locator(f'[data-piece="{made.case_id}.assign_engineer"]').first
    target = page.locator('tr[data-to="tom"] td').nth(2)
    await piece.scroll_into_view_if_needed()
    begins, ends = await _place(piece), await _place(target)
    await page.mouse.move(begins["x"] + 30, begins["y"] + 12)
    await page.mouse.down()
    assert ends["y"] > 420, "it lies beyond the window"
    for step in range(200):
        if ends["y"] < 340:
            break
        await page.mouse.move(begins["x"] + 60, 400 + step % 2)
        ends = await _place(target)
    await page.mouse.move(ends["x"] + 20, ends["y"] + 12, steps=4)
    await expect(page.locator("td.is-over")).to_have_count(1)
    await page.mouse.up()
    await page.wait_for_url("**to=tom**")
