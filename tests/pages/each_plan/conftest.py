"""The whole product with its people, worked in Chromium: what the clicked cases of all plans share."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import async_playwright

from tests.pages.desks import Desks
from tests.pages.each_plan.parts import Opened
from tests.pages.looks import ARGUMENTS, CHROMIUM
from tests.platform.product import Product


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The whole product with its people and without any case."""
    product = Product(tmp_path_factory.mktemp("clicked") / "home", "--no-sample-data")
    try:
        yield product.start()
    finally:
        product.stop()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    file = tmp_path / "type plate.png"
    Image.new("RGB", (640, 480), "#7a8c99").save(file)
    return file


@pytest.fixture
def open_desks(product: Product) -> Opened:
    """Everybody's browsers; afterwards nobody saw a page that complained, was too wide or spoke the code's words."""

    @asynccontextmanager
    async def opened(*on_the_way: str) -> AsyncIterator[Desks]:
        assert shutil.which(CHROMIUM), "these tests need Debian's Chromium: apt-get install chromium fonts-noto-cjk"
        async with async_playwright() as playwright:
            chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            try:
                desks = Desks(chromium, product.address, product.home, on_the_way)
                yield desks
                assert sorted(set(desks.complaints)) == []
            finally:
                await chromium.close()

    return opened
