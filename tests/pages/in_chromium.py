"""Tests of pages in a real browser: one Chromium for all of a process, an application and an address for each.

They run in the loop that the browser lives in, so what they open does, too.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser

from tests.pages.conftest import opened_app
from tests.pages.making import FakeEngine

IN_CHROMIUM = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def chromium(running_chromium: Browser) -> AsyncIterator[Browser]:
    """The browser without any window of an earlier test."""
    yield running_chromium
    for context in running_chromium.contexts:
        await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def app(tmp_path: Path, inhabited: bytes, engine: FakeEngine) -> AsyncIterator[FastAPI]:
    async with opened_app(tmp_path, inhabited, engine) as app:
        yield app


@pytest_asyncio.fixture(loop_scope="session")
async def address(app: FastAPI) -> AsyncIterator[str]:
    """Where the application is served."""
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells it by this flag alone
        await asyncio.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    app.state.live.stop()  # as the product's own server does: open pages follow their list
    server.should_exit = True
    await serving
