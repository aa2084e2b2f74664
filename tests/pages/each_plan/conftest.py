"""The whole product with its people, worked in Chromium: what the clicked cases of all plans share."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image

from tests.pages.desks import Desks
from tests.pages.each_plan.parts import Opened
from tests.pages.looks import launched
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
        async with launched() as chromium:
            desks = Desks(chromium, product.address, product.home, on_the_way)
            yield desks
            assert sorted(set(desks.complaints)) == []

    return opened
