"""The server killed and restarted with its file: waits go on, and a deadline that passed meanwhile is a breach."""

from __future__ import annotations

import asyncio

from domain.case import Result
from domain.events import EventKind
from tests.lossless.witness import REACHED, check_whole, completes, ended, noted, offered, taken, tells
from tests.support.real_server import RealServer, open_on, worker_beside
from tests.support.scene import Memory, Scene

CONTACT = "contact_customer"


async def ends(scene: Scene) -> None:
    await tells(scene, "withdraw", reason="Enough")
    assert (await ended(scene)).result is Result.WITHDRAWN


async def test_tasks_wait_on_when_the_server_is_killed(mortal_server: RealServer, queue: str, memory: Memory) -> None:
    client = await mortal_server.connect()
    async with worker_beside(client, queue, memory):
        scenes = [await open_on(client, queue, memory) for _ in range(3)]
        for scene in scenes:
            await offered(scene, CONTACT)
        paused, one, other = scenes
        until = (await paused.now()).replace(year=2030).isoformat()
        await paused.say("pause", reason="On holiday", until=until)
        await noted(paused, EventKind.SUSPENDED)
        mortal_server.kill()
        entered = asyncio.create_task(completes(one, CONTACT, REACHED, "entered while the server was away"))
        await asyncio.sleep(0.5)
        mortal_server.start()
        assert await entered
        assert await completes(other, CONTACT, REACHED, "entered afterwards")
        await paused.say("resume")
        again = await offered(paused, CONTACT, after=CONTACT)
        assert await completes(paused, again.activity_id or "", REACHED, "entered after the pause")
        for scene in scenes:
            await offered(scene, "remote_diagnosis")
            await ends(scene)
        records = [taken(await check_whole(scene)) for scene in (one, other, paused)]
    assert records == [
        {"entered while the server was away": 1},
        {"entered afterwards": 1},
        {"entered after the pause": 1},
    ]


async def test_a_deadline_passes_while_worker_and_server_are_down(
    mortal_server: RealServer, queue: str, memory: Memory
) -> None:
    client = await mortal_server.connect()
    async with worker_beside(client, queue, memory):
        scene = await open_on(client, queue, memory, ends_in=4, speed=60)
        task = await offered(scene, CONTACT)
    mortal_server.kill()
    assert task.due_at
    await asyncio.sleep(max((scene.pace.real(task.due_at) - await scene.clock.now()).total_seconds() + 0.5, 0))
    mortal_server.start()
    client = await mortal_server.connect()
    async with worker_beside(client, queue, memory):
        breach = await noted(scene, EventKind.BREACHED)
        assert breach.data["due_at"] == task.due_at.isoformat()
        assert breach.at > task.due_at
        again = await offered(scene, CONTACT, after=CONTACT)
        assert again.first_due_at == task.due_at
        assert await completes(scene, again.activity_id or "", REACHED, "late but done")
        await offered(scene, "remote_diagnosis")
        await ends(scene)
        record = await check_whole(scene)
    assert taken(record) == {"late but done": 1}
    told = next(event for event in record if event.task == "acknowledge_breach" and event.kind is EventKind.OFFERED)
    assert told.data["role"] == "service_manager"
