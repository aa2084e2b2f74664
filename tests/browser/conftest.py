"""One Chromium and one house for each process of tests; every test looks at it with windows of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from tests.browser.house import ORDINARY, House, fill, opened_house
from tests.browser.visitors import Visitors
from tests.pages.looks import launched
from tests.platform.product import Product

_HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests here drive a browser, in the loop that the browser lives in."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house with ordinary work on every page."""
    async with opened_house(tmp_path_factory.mktemp("house")) as house:
        await fill(house, ORDINARY)
        yield house


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def kept_windows(chromium: Browser, house: House) -> AsyncIterator[dict[str | None, Page]]:
    """Windows for those who only look, by who is signed in."""
    windows: dict[str | None, Page] = {}
    yield windows
    for page in windows.values():
        await page.context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visitors(chromium: Browser, house: House, kept_windows: dict[str | None, Page]) -> AsyncIterator[Visitors]:
    """People who look at the house: a window each; at the end no page of theirs complained."""
    visitors = Visitors(chromium, house, kept_windows)
    yield visitors
    await visitors.leave()
    assert visitors.complaints == []


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The whole product, engine and worker included, with its people and without any case."""
    product = Product(tmp_path_factory.mktemp("clicked") / "home", "--no-sample-data")
    try:
        yield product.start(within=240)
    finally:
        product.stop()
