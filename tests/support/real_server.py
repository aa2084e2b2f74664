"""The real server for tests: a packaged Temporal with its database file, which can be killed and come back."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker

from core.embedded import binaries, temporal_server
from core.embedded.ports import LOOPBACK, free
from core.embedded.process import Child
from core.payloads import data_converter
from core.temporal import ensure_search_attributes
from domain.clocks import Pace
from tests.support.scene import EPOCH, Memory, Scene, activities_of_a_scene
from workflows import WORKFLOWS, worker_runner

ROOT = Path(__file__).parents[2]
_START_WITHIN = 30.0


class WallClock:
    """The clock of a real server, for scenes."""

    async def now(self) -> datetime:
        """The present instant, UTC."""
        return datetime.now(UTC)


class RealServer:
    """One Temporal server with its database in a folder. Call `start` and `kill` from the main thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free()
        command = temporal_server.command(binaries.temporal(), folder / "temporal.db", port=self.port, ui_port=None)
        self._child = Child("engine", command, log=folder / "engine.log", environment=dict(os.environ))

    @property
    def address(self) -> str:
        """Host and port of the gRPC service."""
        return f"{LOOPBACK}:{self.port}"

    def start(self) -> None:
        """Starts the server on its database file and waits until it answers."""
        self._child.start()
        until = time.monotonic() + _START_WITHIN
        while not self._accepts():
            assert self._child.alive, f"the server ended: {self._child.last_words()}"
            assert time.monotonic() < until, "the server did not come up"
            time.sleep(0.02)

    def kill(self) -> None:
        """Ends the server as `kill -9` does."""
        self._child.kill()

    def _accepts(self) -> bool:
        try:
            socket.create_connection((LOOPBACK, self.port), timeout=0.2).close()
        except OSError:
            return False
        return True

    async def connect(self, identity: str = "test") -> Client:
        """A client with the search attributes of a case in place; waits for a server that has just started."""
        until = time.monotonic() + _START_WITHIN
        while True:
            try:
                client = await Client.connect(self.address, data_converter=data_converter, identity=identity)
                await ensure_search_attributes(client)
            except (RuntimeError, RPCError):
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(0.05)
            else:
                return client


class WorkerProcess:
    """A worker in a process of its own, to be killed."""

    def __init__(self, server: RealServer, folder: Path, queue: str, **how: str) -> None:
        """Describes the process; `how` is told to `tests/support/real_worker.py` as variables `WORKER_<NAME>`."""
        variables = {f"WORKER_{name.upper()}": value for name, value in how.items()}
        environment = {
            **os.environ,
            "WORKER_ADDRESS": server.address,
            "WORKER_QUEUE": queue,
            "WORKER_FOLDER": str(folder),
            **variables,
        }
        command = [sys.executable, "-m", "tests.support.real_worker"]
        log = folder / f"worker-{time.monotonic_ns()}.log"
        self._child = Child(
            "worker", command, log=log, environment={**environment, "PYTHONPATH": str(ROOT)}, announces=True
        )

    async def start(self) -> WorkerProcess:
        """Starts the process and waits until it polls."""
        self._child.start()
        until = time.monotonic() + _START_WITHIN
        while not self._child.ready():
            assert self._child.alive, f"the worker ended: {self._child.last_words()}"
            assert time.monotonic() < until, "the worker did not come up"
            await asyncio.sleep(0.02)
        return self

    def kill(self) -> None:
        """Ends the process as `kill -9` does."""
        assert not self._child.alive or self._child.pid, "never started"
        if self._child.alive:
            os.kill(self._child.pid, signal.SIGKILL)
        self._child.kill()


def activities_with(
    client: Client,
    memory: Memory,
    *,
    calendars: Any = None,
    replacing: Mapping[str, Callable[..., Any]] | None = None,
) -> list[Callable[..., Any]]:
    """The activities of a scene, some of them replaced, by name."""
    replacing = replacing or {}
    kept = [each for each in activities_of_a_scene(client, memory, calendars) if _name(each) not in replacing]
    return [*kept, *replacing.values()]


@asynccontextmanager
async def worker_beside(client: Client, queue: str, memory: Memory | None = None, **how: Any) -> AsyncIterator[Worker]:
    """A worker in this process; `how` as in `activities_with`."""
    async with Worker(
        client,
        task_queue=queue,
        workflows=WORKFLOWS,
        activities=activities_with(client, memory or Memory(), **how),
        workflow_runner=worker_runner(),
        max_concurrent_workflow_tasks=20,
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
        graceful_shutdown_timeout=timedelta(seconds=2),
    ) as worker:
        yield worker


def _name(defined: Callable[..., Any]) -> str:
    return str(getattr(defined, "__temporal_activity_definition").name)


async def open_on(
    client: Client, queue: str, memory: Memory, *, ends_in: float | None = None, speed: float = 1.0, **how: Any
) -> Scene:
    """Opens a case whose first contact, promised within 12 h, is due in `ends_in` real seconds."""
    pace = Pace(epoch=EPOCH, speed=speed)
    ago = timedelta(hours=12) - timedelta(seconds=ends_in * speed) if ends_in is not None else timedelta(0)
    return await Scene.open(client, queue, memory, WallClock(), pace=pace, applied_ago=ago, **how)
