"""One real server for all tests of a process, another for those that kill it."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

from store.migrations import upgrade
from store.sessions import Database
from tests.lossless.stored import Stored
from tests.support.real_server import RealServer, open_on
from tests.support.scene import Memory, Scene

_QUEUES = itertools.count(1)
Opener = Callable[..., Awaitable[Scene]]


@pytest.fixture(scope="session")
def real_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """A server that nobody kills."""
    server = RealServer(tmp_path_factory.mktemp("engine"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def mortal_server(tmp_path: Path) -> Iterator[RealServer]:
    """A server of the test's own, to be killed."""
    server = RealServer(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
async def client(real_server: RealServer) -> Client:
    return await real_server.connect()


@pytest.fixture
def queue() -> str:
    """A task queue of the test's own, so that a worker of another test never takes its work."""
    return f"test-{next(_QUEUES)}"


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def open_case(client: Client, queue: str, memory: Memory) -> Opener:
    """Opens cases on the real server; the test brings the worker."""

    async def opened(*, ends_in: float | None = None, speed: float = 1.0, **how: Any) -> Scene:
        """`ends_in` puts the application so far back that the first contact is due in so many real seconds."""
        return await open_on(client, queue, memory, ends_in=ends_in, speed=speed, **how)

    return opened


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of the newest schema, to be copied."""
    file = tmp_path_factory.mktemp("migrated") / "aftercare.db"
    upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
async def database(migrated: Path, tmp_path: Path) -> AsyncIterator[Database]:
    """A database of the test's own."""
    shutil.copy(migrated, tmp_path / "aftercare.db")
    opened = Database(f"sqlite:///{tmp_path / 'aftercare.db'}")
    yield opened
    await opened.dispose()


@pytest.fixture
def stored(database: Database) -> Stored:
    """The read side in the database of the test."""
    return Stored(database)
