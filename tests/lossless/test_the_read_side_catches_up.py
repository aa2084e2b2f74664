"""The database away while a case goes on; tables dropped and rebuilt from histories, or healed by the next write."""

from __future__ import annotations

import asyncio

import pytest
from temporalio.client import Client

from activities.work_orders import WorkOrders
from domain.case import Result, TaskStatus
from domain.events import EventKind
from store.histories import projections_of
from store.rebuild import clear_projection, rebuild
from store.sessions import Database
from store.tables import Base
from tests.lossless.stored import READ_SIDE, Stored, pages_equal_the_case, rows
from tests.lossless.witness import (
    COMPLEX,
    REACHED,
    check_whole,
    completes_when_waiting,
    ended,
    noted,
    offered,
    tells,
    until,
    waiting,
)
from tests.support.real_server import open_on, worker_beside
from tests.support.scene import Scene

CONTACT = "contact_customer"


@pytest.mark.parametrize("away", [3, pytest.param(60, marks=pytest.mark.races)])
async def test_a_case_goes_on_while_the_database_is_away(
    client: Client, queue: str, database: Database, stored: Stored, away: int
) -> None:
    async with worker_beside(client, queue, stored):
        scene = await open_on(client, queue, stored)
        late = await open_on(client, queue, stored, ends_in=5)
        await offered(scene, CONTACT)
        await offered(late, CONTACT)
        before = await rows(database)
        stored.failing = True
        await completes_when_waiting(scene, CONTACT, REACHED, "contacted")
        await completes_when_waiting(scene, "remote_diagnosis", COMPLEX, "diagnosed")
        await scene.say("escalate", reason="While nobody sees it")
        await until("task that came up meanwhile", lambda: _waits(scene, "assign_engineer", "special_case"))
        await until("deadline that passed meanwhile", lambda: _waits(late, f"{CONTACT}~2", "acknowledge_breach"))
        await asyncio.sleep(away)
        assert await rows(database) == before
        stored.failing = False
        await offered(scene, "assign_engineer")
        await noted(late, EventKind.BREACHED)
        for each in (scene, late):
            await pages_equal_the_case(each, database)
            await tells(each, "withdraw", reason="Enough")
            assert (await ended(each)).result is Result.WITHDRAWN
            await pages_equal_the_case(each, database)
            await check_whole(each)
    assert stored.tries > len(stored.writes[scene.case_id]) + len(stored.writes[late.case_id])


async def _waits(scene: Scene, *activity_ids: str) -> bool:
    return set(activity_ids) <= await waiting(scene)


async def test_dropped_tables_are_rebuilt_from_histories_with_the_same_rows(
    client: Client, queue: str, database: Database, stored: Stored
) -> None:
    numbers = WorkOrders(database).issue_work_order
    async with worker_beside(client, queue, stored, replacing={"issue_work_order": numbers}):
        closed, paused, late, plain = [
            await open_on(client, queue, stored, ends_in=ends_in) for ends_in in (None, None, 3, None)
        ]
        await completes_when_waiting(closed, CONTACT, REACHED, "contacted")
        await offered(closed, "remote_diagnosis")
        await tells(closed, "withdraw", reason="Enough")
        await ended(closed)
        until_then = (await paused.now()).replace(year=2030).isoformat()
        await paused.say("pause", reason="On holiday", until=until_then)
        await noted(paused, EventKind.SUSPENDED)
        await noted(late, EventKind.BREACHED)
        await offered(late, "acknowledge_breach")
        scenes = (closed, paused, late, plain)
        for scene in scenes:
            await pages_equal_the_case(scene, database)
        before = await rows(database)
        assert all(before[table] for table in ("case", "case_entry", "task", "event", "document"))

        await _drop_and_create(database)
        assert not any((await rows(database)).values())
        histories = [await scene.handle.fetch_history() for scene in scenes]
        written = [write for history in histories for write in await projections_of(history)]
        assert await rebuild(database, written) == len(scenes)
        assert await rows(database) == before

        await tells(late, "add_information", text="Written on top of what was rebuilt")
        await noted(late, EventKind.INFORMATION_ADDED)
        await pages_equal_the_case(late, database)
        for scene in scenes[1:]:
            await tells(scene, "withdraw", reason="Enough")
            await ended(scene)


async def _drop_and_create(database: Database) -> None:
    async with database.session() as session:
        connection = await session.connection()
        await connection.run_sync(lambda there: Base.metadata.drop_all(there, tables=READ_SIDE))
        await connection.run_sync(lambda there: Base.metadata.create_all(there, tables=READ_SIDE))


async def test_an_emptied_read_side_is_healed_by_the_next_write(
    client: Client, queue: str, database: Database, stored: Stored
) -> None:
    async with worker_beside(client, queue, stored):
        scene = await open_on(client, queue, stored)
        await completes_when_waiting(scene, CONTACT, REACHED, "contacted")
        await offered(scene, "remote_diagnosis")
        await pages_equal_the_case(scene, database)
        async with database.session() as session:
            await clear_projection(session)
        await tells(scene, "add_information", text="The first write after the loss")
        await pages_equal_the_case(scene, database)
        assert stored.tasks(scene.case_id)[CONTACT].status is TaskStatus.COMPLETED
        await tells(scene, "withdraw", reason="Enough")
        await ended(scene)
        await pages_equal_the_case(scene, database)
        await check_whole(scene)
