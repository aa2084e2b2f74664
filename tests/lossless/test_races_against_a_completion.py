"""A pause, a withdrawal, a deadline that passes and a decision, each at the same moment as a completion.

Whoever completed the task and was told yes is on record, once; whoever was told no is not, and can do it again.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from temporalio.client import Client

from domain.case import Result
from domain.events import Event, EventKind
from tests.lossless.witness import REACHED, check_whole, completes, noted, offered, taken, tells
from tests.support.real_server import worker_beside
from tests.support.scene import Memory, Scene

CONTACT = "contact_customer"
AT_ONCE = 20
ROUNDS = pytest.mark.parametrize("rounds", [8, pytest.param(200, marks=pytest.mark.races)])
Opener = Callable[..., Awaitable[Scene]]
Round = Callable[[Scene, float], Awaitable[bool]]


async def play(open_case: Opener, rounds: int, one: Round, **how: float) -> Counter[bool]:
    """Plays rounds, many at once, each completing a little earlier or later than what it races.

    Counts how often the completion was first.
    """
    turn, chance = asyncio.Semaphore(AT_ONCE), random.Random(rounds)

    async def played(late: float) -> bool:
        async with turn:
            return await one(await open_case(**how), late)

    return Counter(await asyncio.gather(*(played(chance.uniform(-1, 1)) for _ in range(rounds))))


async def side_by_side(late: float, completion: Awaitable[bool], other: Awaitable[object]) -> bool:
    """Starts both; `late` seconds lie between them, the completion first when it is negative."""

    async def after(pause: float, work: Awaitable[bool | object]) -> bool | object:
        await asyncio.sleep(max(pause, 0))
        return await work

    told, _ = await asyncio.gather(after(late, completion), after(-late, other))
    return bool(told)


async def ends_withdrawn(scene: Scene) -> list[Event]:
    """Withdraws the case unless it is, waits for its end and returns the record once everything in it was checked."""
    await tells(scene, "withdraw", reason="The customer found another way")
    assert (await scene.end()).result is Result.WITHDRAWN
    return await check_whole(scene)


@ROUNDS
async def test_a_pause_at_the_same_moment(
    client: Client, queue: str, memory: Memory, open_case: Opener, rounds: int
) -> None:
    async def one(scene: Scene, late: float) -> bool:
        await offered(scene, CONTACT)
        until = (await scene.now() + timedelta(days=2)).isoformat()
        first = await side_by_side(
            late * 0.05,
            completes(scene, CONTACT, REACHED, "first"),
            scene.say("pause", reason="On holiday", until=until),
        )
        if not first:
            await scene.say("resume")
            again = await offered(scene, CONTACT, after=CONTACT)
            assert await completes(scene, again.activity_id or "", REACHED, "second")
        record = await ends_withdrawn(scene)
        assert taken(record) == {"first" if first else "second": 1}
        return first

    async with worker_beside(client, queue, memory):
        seen = await play(open_case, rounds, one)
    assert rounds < 100 or min(seen[True], seen[False]) > 0, seen


@ROUNDS
async def test_a_withdrawal_at_the_same_moment(
    client: Client, queue: str, memory: Memory, open_case: Opener, rounds: int
) -> None:
    async def one(scene: Scene, late: float) -> bool:
        await offered(scene, CONTACT)
        first = await side_by_side(
            late * 0.05,
            completes(scene, CONTACT, REACHED, "first"),
            scene.say("withdraw", reason="Bought another one"),
        )
        record = await ends_withdrawn(scene)
        assert taken(record) == ({"first": 1} if first else {})
        assert not await completes(scene, CONTACT, REACHED, "late")
        return first

    async with worker_beside(client, queue, memory):
        seen = await play(open_case, rounds, one)
    assert rounds < 100 or min(seen[True], seen[False]) > 0, seen


@ROUNDS
async def test_a_deadline_at_the_same_moment(
    client: Client, queue: str, memory: Memory, open_case: Opener, rounds: int
) -> None:
    async def one(scene: Scene, late: float) -> bool:
        task = await offered(scene, CONTACT)
        assert task.due_at
        left = (task.due_at - await scene.now()).total_seconds()
        await asyncio.sleep(max(left + late * 0.06, 0))
        first = await completes(scene, CONTACT, REACHED, "first")
        if not first:
            again = await offered(scene, CONTACT, after=CONTACT)
            assert again.escalation_level == 1
            assert await completes(scene, again.activity_id or "", REACHED, "second")
        record = await ends_withdrawn(scene)
        assert taken(record) == {"first" if first else "second": 1}
        breaches = [event for event in record if event.kind is EventKind.BREACHED]
        assert len(breaches) == (0 if first else 1)
        return first

    async with worker_beside(client, queue, memory):
        seen = await play(open_case, rounds, one, ends_in=3.0)
    assert rounds < 100 or min(seen[True], seen[False]) > 0, seen


@ROUNDS
async def test_a_withdrawal_and_a_decision_at_the_same_moment(
    client: Client, queue: str, memory: Memory, open_case: Opener, rounds: int
) -> None:
    """A decision that was taken is on record, but never brings a withdrawn case back."""

    async def one(scene: Scene, late: float) -> bool:
        await scene.say("escalate", reason="Asks for a new one")
        await offered(scene, "special_case")
        decision = {"decision": "replace", "reason": "Third failure"}
        first = await side_by_side(
            late * 0.05,
            completes(scene, "special_case", decision, "decided"),
            scene.say("withdraw", reason="Bought another one"),
        )
        record = await ends_withdrawn(scene)
        assert taken(record) == ({"decided": 1} if first else {})
        assert sum(event.kind is EventKind.DECIDED for event in record) == first
        return first

    async with worker_beside(client, queue, memory):
        seen = await play(open_case, rounds, one)
    assert rounds < 100 or min(seen[True], seen[False]) > 0, seen


@ROUNDS
async def test_five_completions_at_the_same_moment(
    client: Client, queue: str, memory: Memory, open_case: Opener, rounds: int
) -> None:
    async def one(scene: Scene, late: float) -> bool:
        await offered(scene, CONTACT)
        told = await asyncio.gather(*(completes(scene, CONTACT, REACHED, f"from-{number}") for number in range(5)))
        assert sum(told) == 1
        await noted(scene, EventKind.COMPLETED)
        assert not await completes(scene, CONTACT, REACHED, "on a task that ended")
        record = await ends_withdrawn(scene)
        assert taken(record) == {f"from-{told.index(True)}": 1}
        return True

    async with worker_beside(client, queue, memory):
        await play(open_case, rounds, one)
