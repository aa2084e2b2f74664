"""The week on the dispatch board has room for a name of usual length at every width of a desk: no word is broken."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import ViewportSize

from domain.plan import Stage
from tests.browser.house import House
from tests.browser.visitors import Visitors

_NAME = "Caseificio Immaginario"
_BROKEN = """(piece) => {
  const text = piece.querySelector("span").firstChild, words = [...text.data.matchAll(/\\S+/g)];
  return words.filter((word) => {
    const range = document.createRange();
    range.setStart(text, word.index);
    range.setEnd(text, word.index + word[0].length);
    return new Set([...range.getClientRects()].map((one) => one.top)).size > 1;
  }).map((word) => word[0]);
}"""
"""The words of a name that stand in more than one line."""


@pytest.mark.parametrize("width", [1024, 1180, 1280, 1440, 1600])
async def test_a_day_has_room_for_a_name(visitors: Visitors, house: House, width: int) -> None:
    made = house.case("Stands still since this morning")
    asked = made.state.application
    named = asked.model_copy(update={"customer": asked.customer.model_copy(update={"name": _NAME})})
    at = made.now + timedelta(minutes=5)
    made.change(application=named, stage=Stage.RESOLVE, engineer="wei", appointment=at)
    made.offer("site_visit", due_in=2, assignee="wei")
    await house.project(made)
    page = await visitors.window("dan")
    await page.set_viewport_size(ViewportSize(width=width, height=900))
    await page.goto(f"/dispatch?week={at.astimezone(ZoneInfo('Asia/Shanghai')).date()}")  # on days off another is shown
    piece = page.locator(f'td [data-piece="{made.case_id}.site_visit"]')
    assert await piece.locator("span").first.inner_text() == _NAME
    assert await piece.evaluate(_BROKEN) == []
