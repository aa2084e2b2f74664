"""The first page somebody opens loads under 60 KB in all, as sent, and nothing from anybody else."""

from __future__ import annotations

import pytest
from playwright.async_api import Response

from tests.browser.house import House
from tests.browser.visitors import Visitors

_MOST = 60_000


@pytest.mark.parametrize(("user", "path"), [("lin", "/"), (None, "/sign-in"), (None, "/request/rapid-response")])
async def test_the_first_page_loads_under_60_kb(visitors: Visitors, house: House, user: str | None, path: str) -> None:
    page = await visitors.window(user, phone=True)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 - it marks what it is given
    await page.goto(path, wait_until="networkidle" if user is None else "load")
    foreign = [one.url for one in answers if not one.url.startswith((house.address, "data:", "blob:"))]
    assert foreign == []
    mine = [one for one in answers if one.ok and not one.url.startswith(("data:", "blob:"))]
    sizes = {one.url: (await one.request.sizes())["responseBodySize"] for one in mine}
    assert sum(sizes.values()) < _MOST, sizes
