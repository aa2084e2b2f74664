"""My work stays open: the page is told which tasks came, went or changed hands, while its reader is signed in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from api.live import Live
from store.assignments import claim
from tests.pages.making import MadeCase
from tests.pages.strict_client import Browser

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]
TASK = "C-0000000001.contact_customer"


class Stream:
    """A stream of events as a browser reads it: an ASGI call of our own, since a test client waits for its end."""

    def __init__(self) -> None:
        self.status = 0
        self.text = ""
        self.ended = asyncio.Event()
        self._more = asyncio.Event()

    async def send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.text += message.get("body", b"").decode()
        self._more.set()

    async def until(self, words: str) -> None:
        """Waits until the words were sent."""
        async with asyncio.timeout(20):
            while words not in self.text:
                self._more.clear()
                await self._more.wait()

    @property
    def events(self) -> list[dict[str, Any]]:
        """What was told of tasks, in order."""
        lines = [line.removeprefix("data: ") for line in self.text.splitlines() if line.startswith("data: ")]
        return [task for line in lines for task in json.loads(line)]


@asynccontextmanager
async def _following(app: FastAPI, browser: Browser, query: str = "") -> AsyncIterator[Stream]:
    stream, left = Stream(), asyncio.Event()
    cookies = "; ".join(f"{name}={value}" for name, value in browser.client.cookies.items())
    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "path": "/my-work/changes",
        "raw_path": b"/my-work/changes",
        "query_string": query.encode(), "root_path": "", "scheme": "http", "server": ("pages.test", 80),
        "client": ("127.0.0.1", 1), "state": {},
        "headers": [(b"cookie", cookies.encode()), (b"accept", b"text/event-stream"), (b"host", b"pages.test")],
    }  # fmt: skip
    asked = False

    async def receive() -> Any:
        nonlocal asked
        if not asked:
            asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await left.wait()
        return {"type": "http.disconnect"}

    async def call() -> None:
        await app(scope, receive, stream.send)
        stream.ended.set()

    task = asyncio.create_task(call())
    try:
        if stream.status == 0:
            await stream.until("retry:")
        yield stream
    finally:
        left.set()
        await asyncio.wait_for(task, 20)


@pytest.fixture(autouse=True)
def _looks_often(app: FastAPI) -> None:
    app.state.live = Live(app.state.parts.database, every=0.05)


async def test_a_new_task_and_one_that_somebody_else_took_are_told(
    app: FastAPI, browse: Browse, made_case: Make, project: Project
) -> None:
    lin, tom = await browse("lin"), await browse("tom")
    async with _following(app, lin) as to_lin, _following(app, tom) as to_tom:
        made = made_case(1)
        made.offer("contact_customer")
        await project(made)
        await to_lin.until(TASK)
        assert to_lin.events[-1]["here"] is True
        async with app.state.parts.database.session() as session:
            await claim(session, TASK, user="mei", by="mei", at=app.state.parts.now())
        await to_lin.until("Mei Zhou")
        told = to_lin.events[-1]
        assert (told["task"], told["here"], told["open"]) == (TASK, False, True)
    assert TASK not in to_tom.text, "it is not for engineers"


async def test_a_narrowed_list_is_told_of_what_fits_it(
    app: FastAPI, browse: Browse, made_case: Make, project: Project
) -> None:
    async with _following(app, await browse("lin"), "due=late") as late, _following(app, await browse("lin")) as all_of:
        made = made_case(1)
        made.offer("contact_customer", due_in=5)
        await project(made)
        await all_of.until(TASK)
        await late.until(TASK)
    assert [told["here"] for told in all_of.events][-1:] == [True]
    assert [told["here"] for told in late.events][-1:] == [False]


async def test_what_happened_since_the_page_was_made_is_told_at_once(
    app: FastAPI, browse: Browse, made_case: Make, project: Project
) -> None:
    since = (datetime.now(UTC) - timedelta(seconds=5)).isoformat().replace("+", "%2B")
    made = made_case(1)
    made.offer("contact_customer")
    await project(made)
    lin = await browse("lin")
    async with _following(app, lin, f"since={since}") as stream:
        await stream.until(TASK)
    answer = await lin.client.get(f"/my-work/changes?since={since}", headers={"Accept": "application/json"})
    assert [told["task"] for told in answer.json()] == [TASK]
    for nonsense in ("x", "2026-01-01", "9" * 400):
        assert (await lin.client.get("/my-work/changes", params={"since": nonsense})).status_code == 200


async def test_the_stream_ends_with_the_sign_in(app: FastAPI, browse: Browse) -> None:
    lin, mei = await browse("lin"), await browse("mei")
    async with _following(app, lin) as stream, _following(app, mei) as other:
        await lin.post("/sign-out", (await lin.get("/")).form("/sign-out"))
        await asyncio.wait_for(stream.ended.wait(), 20)
        assert not other.ended.is_set()
    assert (await lin.client.get("/my-work/changes", headers={"Accept": "text/event-stream"})).status_code == 401


async def test_every_stream_ends_when_the_process_stops(app: FastAPI, browse: Browse) -> None:
    async with _following(app, await browse("lin")) as stream:
        app.state.live.stop()
        await asyncio.wait_for(stream.ended.wait(), 20)


async def test_many_readers_cost_one_look(app: FastAPI, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = 0
    live: Live = app.state.live
    once = live._once

    async def counted() -> None:
        nonlocal looks
        looks += 1
        await once()

    monkeypatch.setattr(live, "_once", counted)
    lin = await browse("lin")
    began = asyncio.get_running_loop().time()
    async with _following(app, lin), _following(app, lin), _following(app, lin), _following(app, lin):
        await asyncio.sleep(0.5)
    took = asyncio.get_running_loop().time() - began
    assert 1 <= looks <= took / 0.05 + 1
