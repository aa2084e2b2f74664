"""Retention on the real engine: started by its schedule, ending what runs beside a case, removing histories."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from temporalio import workflow
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker

from activities.retention import Retention
from core import settings
from core.case_workflows import CaseWorkflows
from core.codec import sealing_converter
from core.keys import KeyRing, open_keys
from core.keys.master import ensure_master_keys
from domain.clocks import Pace
from domain.plan.retention import Retention as Kept
from store.archives.places import ArchiveFolder
from store.disk_files import DiskFiles
from store.erasing import Eraser, erasure_of
from store.erasing.keeping import Keeper
from store.migrations import upgrade
from store.projection import project
from store.sessions import Database
from store.tables import RetentionRunRow
from tests.store.making import RUN, case, number_of, whole
from tests.support.real_server import RealServer
from workflows import runner
from workflows.retention import EnforceRetention
from workflows.schedules import RETENTION, keep_retention

CASE, OTHER = number_of(71), number_of(72)


@workflow.defn(name="Waits", sandboxed=False)
class Waits:
    """Runs until it is ended."""

    @workflow.run
    async def run(self, name: str) -> str:
        await workflow.wait_condition(lambda: False)
        return name


@pytest.fixture
async def keys(tmp_path: Path) -> AsyncIterator[KeyRing]:
    ensure_master_keys(tmp_path)
    async with open_keys(settings.load(home=tmp_path)) as ring:
        yield ring


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite:///{tmp_path / 'aftercare.db'}"
    upgrade(url)
    opened = Database(url)
    yield opened
    await opened.dispose()


async def _until(ask: object, within: float = 40) -> None:
    end = asyncio.get_running_loop().time() + within
    while not await ask():  # type: ignore[operator]
        assert asyncio.get_running_loop().time() < end, "nothing came of it"
        await asyncio.sleep(0.3)


async def test_the_schedule_erases_what_is_due_and_ends_what_ran_beside_it(
    real_server: RealServer, keys: KeyRing, database: Database, tmp_path: Path
) -> None:
    client = await Client.connect(real_server.address, data_converter=sealing_converter(keys))
    closed = datetime.now(UTC) - timedelta(days=5)
    ended = {"status": "closed", "stage": "archive", "result": "resolved", "closed_at": closed}
    state = case(CASE, retention=Kept(personal_data="2 days"), **ended)
    await project(database, RUN, closed, whole().model_copy(update={"case": state}))
    pace, engine = Pace(epoch=datetime.now(UTC), speed=1000), CaseWorkflows(client)
    eraser = Eraser(database, DiskFiles(tmp_path / "files"), keys, engine, pace)
    keeper = Keeper(eraser, engine, ArchiveFolder(tmp_path / "archives"))
    worker = Worker(
        client,
        task_queue="retention",
        workflows=[EnforceRetention],
        activities=[Retention(keeper).enforce_retention],
        workflow_runner=runner(),
    )  # fmt: skip
    beside = await client.start_workflow(Waits.run, "x", id=f"{CASE}-paper-1", task_queue="nobody")
    other = await client.start_workflow(Waits.run, "x", id=f"{OTHER}-paper-1", task_queue="nobody")

    async def listed() -> bool:
        return len([one async for one in client.list_workflows(f'WorkflowId STARTS_WITH "{CASE}"')]) == 1

    await _until(listed)
    async with worker:
        await keep_retention(client, pace, "retention")
        await keep_retention(client, pace, "retention")  # again, it is the same one
        handle = client.get_schedule_handle(RETENTION)
        every = (await handle.describe()).schedule.spec.intervals[0].every
        assert every == timedelta(days=1) / 1000, "a day of the product's clock"
        await handle.trigger()

        async def erased() -> bool:
            async with database.reading() as session:
                found = await erasure_of(session, CASE)
            return found is not None and found.done

        await _until(erased)
    await client.get_schedule_handle(RETENTION).delete()
    assert (await beside.describe()).status is WorkflowExecutionStatus.TERMINATED
    assert (await other.describe()).status is WorkflowExecutionStatus.RUNNING
    await other.terminate()
    async with database.reading() as session:
        reports = (await session.execute(select(RetentionRunRow.report))).scalars().all()
    assert [CASE] in [report["erased"] for report in reports]


async def test_histories_of_a_case_are_removed_and_those_of_others_stay(real_server: RealServer, keys: KeyRing) -> None:
    client = await Client.connect(real_server.address, data_converter=sealing_converter(keys))
    engine, mine, theirs = CaseWorkflows(client), number_of(73), number_of(74)
    for workflow_id in (mine, f"{mine}-notice-1", theirs):
        handle = await client.start_workflow(Waits.run, "x", id=workflow_id, task_queue="nobody")
        await handle.terminate()

    async def listed() -> bool:
        return len([one async for one in client.list_workflows(f'WorkflowId STARTS_WITH "{mine}"')]) == 2

    await _until(listed)
    assert await engine.forget(mine) == 2

    async def gone() -> bool:
        try:
            await client.get_workflow_handle(mine).describe()
        except RPCError as refused:
            return refused.status is RPCStatusCode.NOT_FOUND
        return False

    await _until(gone)
    assert (await client.get_workflow_handle(theirs).describe()).id == theirs
    with pytest.raises(ValueError, match="is no case number"):
        await engine.forget("C-")
