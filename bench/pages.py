"""Server time of every page with 100,000 cases and 500,000 tasks, beside the queries that it needs.

    python -m bench.pages [--database sqlite] [--cases 100000] [--rounds 30] [--only /cases] [--queries]

Every page is asked for in process, warm, by a person who sees everything. The queries are timed in the same requests
on PostgreSQL; on SQLite they are asked again of the bare driver right after each request, rows fetched included.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import event

from api.app import create_app
from api.signin import SESSION_COOKIE
from bench.pages_assets import weigh
from bench.pages_places import STRANGER, Places, find_places
from bench.pages_store import filled_database, session_of
from bench.table import show
from core import logging, memory
from core.settings import Settings
from store.sessions import Database
from tests.pages.making import PLANS, FakeEngine

_WARM = 3
_LATE = 50.0
"""Milliseconds within which 95 of 100 answers shall come."""


@dataclass
class Asked:
    """What the requests for one page took."""

    path: str
    whole: list[float] = field(default_factory=list)
    queries: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    """What it took of the processor, the database's thread included: other work on the machine does not change it."""
    statements: dict[str, float] = field(default_factory=dict)
    """The statements of the last request with their times."""
    count: int = 0
    size: int = 0


class Stopwatch:
    """Times the statements of a database: on PostgreSQL as they come; SQLite does most of its work as rows are read."""

    def __init__(self, database: Database) -> None:
        self.spent, self.count = 0.0, 0
        self.statements: dict[str, float] = {}
        self._asked: list[tuple[str, Any]] = []
        name = database.engines()[0].url.database
        self._bare = sqlite3.connect(f"file:{name}?mode=ro", uri=True) if database.is_sqlite else None
        for engine in database.engines():
            event.listen(engine, "before_cursor_execute", self._begin)
            event.listen(engine, "after_cursor_execute", self._end)

    def _begin(self, connection: Any, *_: object) -> None:
        connection.info["begun"] = time.perf_counter()

    def _end(self, connection: Any, _cursor: Any, statement: str, parameters: Any, *_: object) -> None:
        self._asked.append((statement, parameters))
        took = time.perf_counter() - connection.info["begun"]
        self.spent += took
        self.count += 1
        self.statements[f"{self.count} {statement}"] = took * 1000

    @contextmanager
    def running(self) -> Iterator[None]:
        """Begins at zero."""
        self.spent, self.count, self.statements, self._asked = 0.0, 0, {}, []
        yield
        if self._bare is not None:
            self._ask_again(self._bare)

    def _ask_again(self, bare: sqlite3.Connection) -> None:
        self.spent, self.statements = 0.0, {}
        for number, (statement, parameters) in enumerate(self._asked):
            if statement.startswith(("SELECT", "WITH")):
                begun = time.perf_counter()
                bare.execute(statement, parameters).fetchall()
                took = time.perf_counter() - begun
                self.spent += took
                self.statements[f"{number} {statement}"] = took * 1000


async def ask(client: httpx.AsyncClient, watch: Stopwatch, path: str, rounds: int) -> Asked:
    """Asks for a page again and again."""
    asked = Asked(path)
    answer = await client.get(path)
    for number in range(-_WARM, rounds):
        with watch.running():
            begun, used = time.perf_counter(), time.process_time()
            answer = await client.get(path)
            took, used = time.perf_counter() - begun, time.process_time() - used
        if answer.status_code != httpx.codes.OK:
            raise SystemExit(f"{path}: {answer.status_code} {answer.text[:300]}")
        if number >= 0:
            asked.whole.append(took * 1000)
            asked.queries.append(watch.spent * 1000)
            asked.processor.append(used * 1000)
    asked.count, asked.size, asked.statements = watch.count, len(answer.content), dict(watch.statements)
    return asked


def _p95(values: list[float]) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]


def tell(found: list[Asked], *, queries: bool) -> None:
    """Prints the table, the slowest page first."""
    rows = []
    for one in sorted(found, key=lambda one: -_p95(one.whole)):
        whole, needed = statistics.median(one.whole), statistics.median(one.queries)
        rows.append((
            one.path, f"{whole:.1f}", f"{_p95(one.whole):.1f}{' !' if _p95(one.whole) > _LATE else ''}", str(one.count),
            f"{needed:.1f}", f"{whole / needed:.1f}" if needed else "-",
            f"{statistics.median(one.processor):.1f}", f"{one.size / 1024:.0f}",
        ))  # fmt: skip
    heads = ("page", "p50 ms", "p95 ms", "queries", "of them ms", "ratio", "processor ms", "kB")
    show("Server time of every page", heads, rows)
    if queries:
        for one in found:
            for statement, took in sorted(one.statements.items(), key=lambda item: -item[1])[:4]:
                print(f"{one.path}: {took:.1f} ms: {' '.join(statement.split())[:1500]}")


async def measure(app: FastAPI, places: Places, rounds: int, only: str, without: str) -> list[Asked]:
    """Asks for every page, or those whose address contains `only`, and not those that contain `without`."""
    database: Database = app.state.parts.database
    watch = Stopwatch(database)
    found = []
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://bench.test") as client:
        for user, paths in places.items():
            client.cookies.clear()
            if user != STRANGER:
                client.cookies.set(SESSION_COOKIE, await session_of(database, user))
            for path in paths:
                if only in path and not (without and without in path):
                    asked = await ask(client, watch, path, rounds)
                    asked.path += "" if user in ("admin", STRANGER) else f" ({user})"
                    found.append(asked)
                    print(
                        f"{asked.path}: p50 {statistics.median(asked.whole):.1f} ms, "
                        f"processor {statistics.median(asked.processor):.1f} ms",
                        file=sys.stderr,
                        flush=True,
                    )
        if not only:
            weighed = await weigh(client, "/")
            rows = [(name, f"{plain / 1024:.1f}") for name, plain in weighed.items()]
            show(
                "Own assets of the first page", ("asset", "kB"), [*rows, ("all", f"{sum(weighed.values()) / 1024:.1f}")]
            )
    return found


async def main() -> None:
    """Reads the arguments, fills a database, measures, tells."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--only", default="", help="pages whose address contains this")
    parser.add_argument("--without", default="", help="leave out pages whose address contains this")
    parser.add_argument("--queries", action="store_true", help="print the slowest queries of each page")
    parser.add_argument("--keep", type=Path, help="a folder in which the filled SQLite file stays for the next time")
    given = parser.parse_args()
    logging.configure("warning")
    async with AsyncExitStack() as stack:
        home = Path(given.keep or stack.enter_context(tempfile.TemporaryDirectory(prefix="aftercare-bench-")))
        home.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - before anything is measured
        url = await stack.enter_async_context(filled_database(given.database, given.cases, datetime.now(UTC), home))
        settings = Settings(home=home, database_url=url, session_secret="only for measuring, and long enough for it")
        app = create_app(settings, engine=FakeEngine(), plans=PLANS)
        places = await find_places(app)
        memory.settle()
        print(
            f"{given.cases} cases, {given.database}, {given.rounds} rounds, load {os.getloadavg()[0]:.1f}", flush=True
        )
        tell(await measure(app, places, given.rounds, given.only, given.without), queries=given.queries)
        await app.state.parts.database.dispose()


if __name__ == "__main__":
    asyncio.run(main())
