"""One running product for the tests that leave it running: each start costs as much as a hundred requests."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.platform.product import Product, gone


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """`aftercare up` without any sample, sixty times as fast as the wall's clock; it stops cleanly at the end."""
    started = Product(tmp_path_factory.mktemp("up") / "home", "--speed", "60", "--no-sample-data").start()
    try:
        yield started
        processes = started.children
        assert started.send(signal.SIGTERM) == 0
        assert gone(processes)
    finally:
        started.stop()
