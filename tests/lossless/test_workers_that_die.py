"""A worker killed before, during and after a task's activity: the task waits on, and its completion counts once."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from temporalio.client import Client

from domain.case import Result
from domain.events import EventKind
from tests.lossless.witness import (
    REACHED,
    check_whole,
    completes,
    completes_when_waiting,
    ended,
    noted,
    offered,
    taken,
    tells,
    until,
    waiting,
)
from tests.support.real_server import RealServer, WorkerProcess, worker_beside
from tests.support.scene import Memory, Scene

CONTACT = "contact_customer"
MENDED_WITHIN = 300
"""Seconds: what a killed worker was doing is tried again once its own time is up, a document after two minutes."""
Opener = Callable[..., Awaitable[Scene]]

HOW_TO_DIE = {
    "before": {"local_only": "1"},
    "during": {"hangs_in": CONTACT},
    "after": {},
}


async def dies(scene: Scene, worker: WorkerProcess, folder: Path, when: str) -> None:
    """Kills the worker before, during or after the activity of the first contact."""

    async def there() -> bool:
        return (folder / f"inside-{CONTACT}").exists() if when == "during" else CONTACT in await waiting(scene)

    await until(f"{CONTACT} to die {when}", there)
    if when == "after":
        await asyncio.sleep(0.5)  # handed over by now; nothing shows that
    worker.kill()


@pytest.mark.parametrize("when", HOW_TO_DIE)
async def test_a_completion_counts_with_every_worker_dead(
    *, real_server: RealServer, client: Client, queue: str, memory: Memory, open_case: Opener, tmp_path: Path, when: str
) -> None:
    worker = await WorkerProcess(real_server, tmp_path, queue, **HOW_TO_DIE[when]).start()
    scene = await open_case()
    await dies(scene, worker, tmp_path, when)
    assert await completes(scene, CONTACT, REACHED, "entered while no worker lived")
    assert not await completes(scene, CONTACT, REACHED, "entered again")
    async with worker_beside(client, queue, memory):
        await offered(scene, "remote_diagnosis")
        await tells(scene, "withdraw", reason="Enough")
        assert (await ended(scene)).result is Result.WITHDRAWN
        assert taken(await check_whole(scene)) == {"entered while no worker lived": 1}


async def test_a_deadline_passes_when_the_worker_died_inside_the_task(
    real_server: RealServer, client: Client, queue: str, memory: Memory, open_case: Opener, tmp_path: Path
) -> None:
    worker = await WorkerProcess(real_server, tmp_path, queue, **HOW_TO_DIE["during"]).start()
    scene = await open_case(ends_in=3)
    await dies(scene, worker, tmp_path, "during")
    async with worker_beside(client, queue, memory):
        await noted(scene, EventKind.BREACHED)
        task = await offered(scene, CONTACT, after=CONTACT)
        assert (task.activity_id, task.escalation_level) == (f"{CONTACT}~2", 1)
        assert await completes(scene, f"{CONTACT}~2", REACHED, "late")
        await offered(scene, "remote_diagnosis")
        await tells(scene, "withdraw", reason="Enough")
        await ended(scene)
        assert taken(await check_whole(scene)) == {"late": 1}


@pytest.mark.races
async def test_cases_run_to_their_end_while_workers_are_killed(
    real_server: RealServer, client: Client, queue: str, open_case: Opener, tmp_path: Path
) -> None:
    cases, kills = 24, 11
    scenes = [await open_case() for _ in range(cases)]
    work = asyncio.gather(*(solved_remotely(scene) for scene in scenes))
    chance = random.Random(kills)
    worker = await WorkerProcess(real_server, tmp_path, queue).start()
    for _ in range(kills):
        await asyncio.sleep(chance.uniform(0.2, 1.5))
        worker.kill()
        worker = await WorkerProcess(real_server, tmp_path, queue).start()
    await work
    for scene in scenes:
        assert (await ended(scene, within=MENDED_WITHIN)).result is Result.RESOLVED
        assert taken(await check_whole(scene)) == {
            f"{key} done": 1 for key in (CONTACT, "remote_diagnosis", "acceptance", "settlement", "follow_up")
        }
    worker.kill()


async def solved_remotely(scene: Scene) -> None:
    """Works a case that is solved from a distance to its end, without asking any worker how far it is."""
    solved = {"result": "solved", "findings": "The guard was not closed"}
    accepted = {
        "decision": "accepted",
        "checks": "Runs at full speed",
        "signed_by": "Chen Yu",
        "signature": "electronic",
        "evidence": "Signature on the tablet",
    }
    settled = {"cost_list": "Handed over: no costs", "payment": "nothing_due"}
    happy = {"reached": "yes", "satisfaction": 5, "feedback": "Quick"}
    steps = [(CONTACT, REACHED), ("remote_diagnosis", solved), ("acceptance", accepted)]
    for key, outcome in [*steps, ("follow_up", happy), ("settlement", settled)]:
        await completes_when_waiting(scene, key, outcome, f"{key} done", within=MENDED_WITHIN)
