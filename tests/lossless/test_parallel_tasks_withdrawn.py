"""Three tasks side by side, of which first one and then all are withdrawn, with completions at the same moment."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping
from typing import Any

import pytest
from temporalio.client import Client

from domain.case import Result, TaskStatus
from domain.events import Event, EventKind
from tests.lossless.witness import (
    COMPLEX,
    REACHED,
    check_whole,
    completes,
    completes_when_waiting,
    ended,
    offered,
    taken,
    until,
    waiting,
)
from tests.support.real_server import open_on, worker_beside
from tests.support.scene import Memory, Scene

TO_THE_FACTORY: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("contact_customer", REACHED),
    ("remote_diagnosis", COMPLEX),
    ("assign_engineer", {"engineer": "wang.lei", "reason": "Nearest"}),
    ("engineer_call", {"reached": "yes", "method": "factory_return"}),
    ("return_instructions", {"address": "Factory road 1", "precautions": "Drain the oil", "told_by": "Mail"}),
    ("factory_receipt", {"result": "received", "condition": "Packed well"}),
)
REPAIRED = {"result": "repaired", "report": "Bearing replaced"}
SENT_BACK = {"carrier": "Collected by the customer"}
INFORMED = {"told": "Repair is under way", "told_by": "Mail to Chen Yu"}


async def at_the_factory(scene: Scene) -> None:
    """The factory inspects, the customer is to be kept informed, and the general manager is to decide."""
    for key, outcome in TO_THE_FACTORY:
        await completes_when_waiting(scene, key, outcome, key)
    await scene.say("escalate", reason="Asks for a new one")
    await until("three tasks side by side", lambda: _three(scene))


async def _three(scene: Scene) -> bool:
    return await waiting(scene) == {"factory_inspection", "progress_update", "special_case"}


@pytest.mark.parametrize("rounds", [3, pytest.param(60, marks=pytest.mark.races)])
async def test_one_then_all(client: Client, queue: str, memory: Memory, rounds: int) -> None:
    turn, chance = asyncio.Semaphore(8), random.Random(rounds)

    async def one(late: float) -> tuple[Scene, dict[str, bool]]:
        async with turn:
            scene = await open_on(client, queue, memory)
            await at_the_factory(scene)
            # The inspection is done: the customer need not be told of progress any more, while somebody tells them.
            done, told = await asyncio.gather(
                completes(scene, "factory_inspection", REPAIRED, "inspected"),
                _after(late, completes(scene, "progress_update", INFORMED, "informed")),
            )
            assert done
            await offered(scene, "return_item")
            decides = completes(scene, "special_case", {"decision": "go_on", "reason": "It works"}, "decided")
            decided, returned, _ = await asyncio.gather(
                _after(late, decides),
                _after(late, completes(scene, "return_item", SENT_BACK, "returned")),
                scene.say("withdraw", reason="Bought another one"),
            )
            if not returned:  # the item is still with us and goes back all the same
                again = await offered(scene, "return_item-2")
                await completes_when_waiting(scene, again.activity_id or "", SENT_BACK, "returned later")
            assert (await ended(scene)).result is Result.WITHDRAWN
            return scene, {"informed": told, "returned": returned, "decided": decided}

    async with worker_beside(client, queue, memory):
        for scene, told_yes in await asyncio.gather(*(one(chance.uniform(0, 0.06)) for _ in range(rounds))):
            check(scene, await check_whole(scene), told_yes)


def check(scene: Scene, record: list[Event], told_yes: Mapping[str, bool]) -> None:
    """Everything that was told yes is on record once, the rest is withdrawn, and nothing is left open."""
    expected = {key for key, _ in TO_THE_FACTORY} | {"inspected"} | {name for name, yes in told_yes.items() if yes}
    if not told_yes["returned"]:
        expected.add("returned later")
    assert taken(record) == dict.fromkeys(expected, 1)
    tasks = scene.memory.tasks(scene.case_id)
    assert not [task for task in tasks.values() if task.is_open]
    gone = {task.key for task in tasks.values() if task.status is TaskStatus.OBSOLETE}
    assert ("progress_update" in gone) != told_yes["informed"]
    assert ("special_case" in gone) != told_yes["decided"]
    assert sum(event.kind is EventKind.WITHDRAWN for event in record) == 1


async def _after(seconds: float, work: Any) -> bool:
    await asyncio.sleep(seconds)
    return bool(await work)
