"""A case whose history the engine has dropped: its archive replays, is compared, and gives the database back."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import delete, update
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import ActivityEnvironment

from activities.archiving import Archiving
from core.keys import open_keys
from domain.record.archiving import ArchiveRound
from store.archives.places import open_archives
from store.files import open_files
from store.tables import CaseRow, TaskRow
from tests.replaying.conftest import House
from tests.support.scene import Scene


async def archived(house: House, scene: Scene) -> Path:
    """Has the product archive a case, and the engine drop it; returns the archive."""
    archives = open_archives(house.settings)
    async with open_keys(house.settings) as keys:
        files = open_files(house.settings)
        work = Archiving(house.settings, house.client, house.database, files, keys, archives)
        done = await ActivityEnvironment().run(work.archive_cases, ArchiveRound(cases=(scene.case_id,)))
    assert done.archived == (scene.case_id,), done
    run = WorkflowExecution(workflow_id=scene.case_id)
    request = DeleteWorkflowExecutionRequest(namespace=house.client.namespace, workflow_execution=run)
    for _ in range(120):  # the engine does it when it gets round to it
        try:
            await house.client.workflow_service.delete_workflow_execution(request)
            await scene.handle.fetch_history()
        except RPCError as gone:
            if gone.status is not RPCStatusCode.NOT_FOUND:
                raise
            break
        await asyncio.sleep(0.5)
    else:
        raise AssertionError("the engine keeps the case")
    return house.settings.home / "archive" / str(await archives.find(scene.case_id))


@pytest.mark.parametrize("command", ["replay", "compare"])
async def test_its_archive_answers_for_it(command: str, house: House) -> None:
    scene = await house.closed()
    file = await archived(house, scene)
    done = await house.audit(command, scene.case_id, "-j", "1")
    assert done.exit_code == 0, done.output
    assert (await house.audit("replay", str(file), "-j", "1")).exit_code == 0
    assert "1 case compared" in (await house.audit("compare", "-j", "1")).output, "found by its archive and its row"


async def test_the_database_comes_back_from_it(house: House) -> None:
    scene = await house.closed()
    await archived(house, scene)
    async with house.database.session() as session:
        await session.execute(delete(CaseRow).where(CaseRow.case_id == scene.case_id))
    lost = await house.audit("compare", "-j", "1")
    assert lost.exit_code == 1
    assert f"table case, row {scene.case_id}: the history has it, the database lacks it" in lost.output
    assert "1 case: 1 rebuilt" in (await house.audit("rebuild")).output
    assert (await house.audit("compare", "-j", "1")).exit_code == 0


async def test_a_row_that_was_doctored_after_the_end_is_named_by_replay_and_compare(house: House) -> None:
    scene = await house.closed()
    await archived(house, scene)
    async with house.database.session() as session:
        await session.execute(update(CaseRow).where(CaseRow.case_id == scene.case_id).values(result="resolved"))
        task = await session.get_one(TaskRow, f"{scene.case_id}.contact_customer")
        task.state = {**task.state, "role": "engineer"}
    compared = await house.audit("compare", scene.case_id, "--json", "-j", "1")
    places = {one["place"] for one in json.loads(compared.stdout)["findings"]}
    assert f"table case, row {scene.case_id}, column result" in places
    assert f"table task, row {scene.case_id}.contact_customer, column state.role" in places
    replayed = await house.audit("replay", scene.case_id, "-j", "1")
    assert "database: tasks.contact_customer.role" in replayed.output
