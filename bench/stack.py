"""What a benchmark runs on: the packaged Temporal server on a database file, a store file and one worker process."""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import psutil
from temporalio.client import Client

from bench.worker_process import NOTICES
from core import settings as configuration
from core.embedded import binaries, ports, temporal_server
from core.embedded.process import Child
from core.payloads import data_converter
from core.settings import Settings
from core.temporal import connect
from store import migrations

ROOT = Path(__file__).parents[1]
Notice = Callable[[str, str, str], None]
"""Called with workflow id, activity id and activity type of a user task that has just started."""


@dataclass
class Cpu:
    """Seconds of processor time that each process has used so far."""

    server: float
    worker: float
    driver: float

    def since(self, earlier: Cpu) -> Cpu:
        """Returns what was used between two readings."""
        return Cpu(self.server - earlier.server, self.worker - earlier.worker, self.driver - earlier.driver)


@dataclass
class Stack:
    """A running stack."""

    client: Client
    settings: Settings
    server: psutil.Process
    worker: psutil.Process
    home: Path
    listeners: list[Notice] = field(default_factory=list)

    def cpu(self) -> Cpu:
        """Reads the processor time used so far."""
        return Cpu(*(_used(process) for process in (self.server, self.worker, psutil.Process())))


def _used(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


@asynccontextmanager
async def started(**variables: str) -> AsyncIterator[Stack]:
    """Starts server and worker in a folder of its own, and stops them at the end. `variables` go to the worker."""
    with tempfile.TemporaryDirectory(prefix="aftercare-bench-") as folder:
        home = Path(folder)
        port = ports.free()
        settings = configuration.load(
            home=home,
            temporal_address=f"127.0.0.1:{port}",
            temporal_timeout=60.0,
            epoch=datetime(2026, 1, 1, tzinfo=UTC),
        )
        migrations.upgrade(settings.database_url)
        command = temporal_server.command(binaries.temporal(), home / "temporal.db", port=port, ui_port=None)
        engine = Child("engine", command, log=home / "engine.log", environment=os.environ)
        reading, writing = os.pipe()
        # byte code is kept as on any installed machine: the sandbox imports the workflow's modules for every case
        own = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(home / "bytecode"), NOTICES: str(writing)}
        environment = {**os.environ, **settings.as_environment(), **own, **variables}
        worker = Child(
            "worker",
            [sys.executable, "-m", "bench.worker_process"],
            log=home / "worker.log",
            environment=environment,
            inherit=[writing],
            announces=True,
        )
        engine.start()
        try:
            client = await connect(settings, identity="bench", converter=data_converter)
            worker.start()
            while not worker.ready():
                if not worker.alive:
                    sys.exit(f"the worker ended: {(home / 'worker.log').read_text()}")
                await asyncio.sleep(0.05)
            stack = Stack(client, settings, psutil.Process(engine.pid), psutil.Process(worker.pid), home)
            listening = asyncio.create_task(_listen(stack, reading))
            yield stack
            listening.cancel()
        finally:
            for child in (worker, engine):
                child.terminate()
                await asyncio.to_thread(_ended, child)
                child.kill()
            os.close(writing)
            if os.environ.get("BENCH_KEEP"):
                print((home / "worker.log").read_text()[-3000:])


def _ended(child: Child) -> None:
    try:
        psutil.Process(child.pid).wait(10)
    except (psutil.NoSuchProcess, psutil.TimeoutExpired):
        return


async def _listen(stack: Stack, pipe: int) -> None:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(pipe, "rb", buffering=0)
    )
    while line := await reader.readline():
        workflow_id, activity_id, kind = line.decode().split()
        for listener in stack.listeners:
            listener(workflow_id, activity_id, kind)
