"""A reset: the read side shows the new run, and people go on with the tasks of that one."""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import Client

from api.actions.completion import complete_task
from api.engine import TemporalEngine
from api.parts import Parts
from api.rights import Person
from api.scanning import Scanner
from core.keys import open_keys
from core.settings import load
from core.tracking import TrackingLinks
from domain.clocks import Pace
from domain.events import EventKind
from domain.plan import Duty, read_plans
from store.files import open_files
from store.histories import projections_of
from store.queries.tasks import find_task
from store.rebuild import clear_projection, rebuild
from store.sessions import Database
from store.tables import CaseRow
from tests.lossless.stored import Stored, pages_equal_the_case, rows
from tests.lossless.witness import (
    COMPLEX,
    REACHED,
    completes_when_waiting,
    ended,
    offered,
    record_of,
    taken,
    tells,
    until,
)
from tests.support.real_server import RealServer, open_on, worker_beside
from tests.support.scene import EPOCH, Scene

CONTACT = "contact_customer"
WEI = Person(
    user_id="wei",
    name="Wei Li",
    roles=frozenset({"customer_service"}),
    duties={Duty.DESK: frozenset({"customer_service"})},
)


@pytest.fixture
async def parts(real_server: RealServer, client: Client, database: Database, tmp_path: Path) -> Parts:
    """What the API's actions need, on the real server and a real database."""
    settings = load(home=tmp_path, temporal_address=real_server.address, session_secret="s" * 40)
    return Parts(
        settings=settings,
        database=database,
        engine=TemporalEngine(settings, client),
        files=open_files(settings),
        scanner=Scanner(settings),
        plans=read_plans(settings.plans_dir),
        pace=Pace(epoch=EPOCH),
        tracking=TrackingLinks(settings.secret()),
        keys=cache(partial(open_keys, settings)),
    )


async def reset(scene: Scene, workflow_task: int) -> str:
    """Resets the case to the end of a workflow task, counted from 0, -1 the last; returns the new run's id."""
    history = await scene.handle.fetch_history()
    ends = [e.event_id for e in history.events if e.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED]
    answer = await scene.client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=scene.client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=scene.case_id),
            reason="taken back by an operator",
            workflow_task_finish_event_id=ends[workflow_task],
            request_id=str(uuid4()),
        )
    )
    return answer.run_id


async def shown_run(database: Database, scene: Scene, run_id: str) -> None:
    """Waits until the pages show a run."""

    async def look() -> bool:
        async with database.reading() as session:
            stored = await session.execute(select(CaseRow.run_id).where(CaseRow.case_id == scene.case_id))
            return stored.scalar() == run_id

    await until(f"page of run {run_id}", look)


async def test_pages_show_the_new_run_and_its_tasks_can_be_done(
    client: Client, queue: str, database: Database, stored: Stored, parts: Parts
) -> None:
    async with worker_beside(client, queue, stored):
        scene = await open_on(client, queue, stored)
        await offered(scene, CONTACT)
        await complete_task(parts, WEI, f"{scene.case_id}.{CONTACT}", REACHED, "before-the-reset")
        await offered(scene, "remote_diagnosis")
        run = await reset(scene, 0)
        await shown_run(database, scene, run)
        await pages_equal_the_case(scene, database)
        assert set(await scene.open_tasks()) == {CONTACT}
        done = await complete_task(parts, WEI, f"{scene.case_id}.{CONTACT}", REACHED, "after-the-reset")
        assert not done.repeated
        await offered(scene, "remote_diagnosis")
        assert taken(await record_of(client, scene.case_id)) == {"after-the-reset": 1}
        await tells(scene, "withdraw", reason="Enough")
        await ended(scene)
        await pages_equal_the_case(scene, database)
        written = await projections_of(await client.get_workflow_handle(scene.case_id).fetch_history())
        before = await rows(database)
        async with database.session() as session:
            await clear_projection(session)
        await rebuild(database, written)
        assert await rows(database) == before


async def test_pages_show_the_new_run_when_it_has_nothing_to_do_at_once(
    client: Client, queue: str, database: Database, stored: Stored
) -> None:
    """Reset to a quiet moment, in which a task waits and everything is written: nothing would be written by itself."""
    async with worker_beside(client, queue, stored):
        scene = await open_on(client, queue, stored)
        await offered(scene, CONTACT)
        await pages_equal_the_case(scene, database)
        quiet = await workflow_tasks(scene)
        await completes_when_waiting(scene, CONTACT, REACHED, "contacted")
        await offered(scene, "remote_diagnosis")
        await completes_when_waiting(scene, "remote_diagnosis", COMPLEX, "diagnosed")
        await offered(scene, "assign_engineer")
        run = await reset(scene, quiet - 1)
        await shown_run(database, scene, run)
        await pages_equal_the_case(scene, database)
        assert set(await scene.open_tasks()) == {CONTACT}
        record = await record_of(client, scene.case_id)
        assert not [event for event in record if event.kind is EventKind.COMPLETED]
        await tells(scene, "withdraw", reason="Enough")
        await ended(scene)


async def workflow_tasks(scene: Scene) -> int:
    """Waits until the case rests and returns how many workflow tasks it has had."""

    async def look() -> int | None:
        events = (await scene.handle.fetch_history()).events
        ended = events[-1].event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED
        return sum(e.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED for e in events) if ended else None

    return await until("quiet moment", look)


async def test_a_task_that_waits_again_is_not_shown_as_sent_in(
    client: Client, queue: str, database: Database, stored: Stored, parts: Parts
) -> None:
    async with worker_beside(client, queue, stored):
        scene = await open_on(client, queue, stored)
        await offered(scene, CONTACT)
        await complete_task(parts, WEI, f"{scene.case_id}.{CONTACT}", REACHED, f"{scene.case_id}-before")
        await offered(scene, "remote_diagnosis")
        await shown_run(database, scene, await reset(scene, 0))
        await pages_equal_the_case(scene, database)
        async with database.reading() as session:
            view = await find_task(session, f"{scene.case_id}.{CONTACT}")
        await tells(scene, "withdraw", reason="Enough")
        await ended(scene)
    assert view
    assert view.submitted_at is None
