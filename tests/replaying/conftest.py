"""A running system for audits: a real engine, a database, and cases that are open and closed."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from temporalio.client import Client
from typer.testing import CliRunner, Result

from activities.projection import CaseProjection
from cli import app
from core.keys.master import ensure_master_keys
from core.settings import Settings, load
from core.signing import ensure_signing_keys
from domain.tasks import TASKS
from store.migrations import upgrade
from store.sessions import Database
from tests.support.real_server import RealServer, open_on, worker_beside
from tests.support.scene import Memory, Scene

_QUEUES = itertools.count(1)


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """One real server for all audits of a process; each test has cases of its own."""
    server = RealServer(tmp_path_factory.mktemp("engine"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with keys that sign and seal."""
    folder = tmp_path / "home"
    folder.mkdir()
    ensure_signing_keys(folder)
    ensure_master_keys(folder)
    return folder


@pytest.fixture
def settings(home: Path) -> Settings:
    """Settings of the home."""
    return load(home=home)


@dataclass
class House:
    """A running system: its settings, its engine, a task queue with a worker, its database, and cases on it."""

    settings: Settings
    client: Client
    queue: str
    database: Database
    memory: Memory
    started: list[str] = field(default_factory=list)

    async def open(self) -> Scene:
        """Opens a case and has its customer contacted."""
        scene = await open_on(self.client, self.queue, self.memory)
        self.started.append(scene.case_id)
        await scene.do("contact_customer", reached="yes", requirement="A new blade")
        await scene.task("remote_diagnosis")
        return await self.written(scene)

    async def closed(self) -> Scene:
        """Opens a case and has it withdrawn."""
        scene = await self.open()
        await scene.say("withdraw", reason="It works again")
        await scene.end()
        return await self.written(scene)

    async def written(self, scene: Scene) -> Scene:
        """Waits until the case does nothing but wait for people, and everything is written."""
        calm = 0
        for _ in range(400):
            described = (await scene.handle.describe()).raw_description
            working = [one for one in described.pending_activities if one.activity_type.name not in TASKS]
            calm = 0 if working or described.HasField("pending_workflow_task") else calm + 1
            if calm == 3:
                return scene
            await asyncio.sleep(0.05)
        raise AssertionError("the case does not come to rest")

    async def listed(self) -> None:
        """Waits until the engine's list, which lags behind, says of every case and action what became of it."""
        told, true = {}, {}
        for _ in range(200):
            told = {one.id: one.status async for one in self.client.list_workflows(f"TaskQueue = '{self.queue}'")}
            true = {name: (await self.client.get_workflow_handle(name).describe()).status for name in self.started}
            if true.items() <= told.items():
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"the engine lists {told}, and {true} is true")

    async def audit(self, *arguments: str, address: str | None = None) -> Result:
        """Runs a command of the auditor beside the worker, in a thread."""
        environment = {"AFTERCARE_TEMPORAL_ADDRESS": address or self.settings.temporal_address}
        line = ["audit", *arguments, "--home", str(self.settings.home)]
        return await asyncio.to_thread(lambda: CliRunner(env=environment).invoke(app, line))


@pytest.fixture
async def house(settings: Settings, engine: RealServer) -> AsyncIterator[House]:
    """A running system of the test's own; open cases end with the test."""
    settings = settings.model_copy(update={"temporal_address": engine.address})
    upgrade(settings.database_url)
    database, client, memory = Database(settings.database_url), await engine.connect(), Memory()
    queue = f"audit-{next(_QUEUES)}"
    replacing: dict[str, Callable[..., object]] = {"project_case": CaseProjection(database).project_case}
    async with worker_beside(client, queue, memory, replacing=replacing):
        yield House(settings, client, queue, database, memory)
    async for one in client.list_workflows(f"TaskQueue = '{queue}' AND ExecutionStatus = 'Running'"):
        await client.get_workflow_handle(one.id).terminate()
    await database.dispose()
