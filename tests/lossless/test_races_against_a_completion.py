"""A pause, a withdrawal, a deadline that passes and a decision, each at the same moment as a completion.

Whoever completed the task and was told yes is on record, once; whoever was told no is not, and can do it again.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from temporalio.client import Client

from domain.case import Result
from domain.events import Event, EventKind
from tests.lossless.witness import REACHED, check_whole, completes, ended, noted, offered, taken, tells
from tests.support.real_server import worker_beside
from tests.support.scene import Memory, Scene

CONTACT = "contact_customer"
AT_ONCE = 8
ROUNDS = pytest.mark.parametrize("rounds", [5, pytest.param(200, marks=pytest.mark.races)])
Opener = Callable[..., Awaitable[Scene]]
Round = Callable[[Scene, float], Awaitable[bool]]
Check = Callable[[list[Event], bool], None]


class Start:
    """When the completion starts, in seconds after what it races: later when it was first, earlier when it was not.

    So half of the rounds go either way, on a quick machine and on a busy one.
    """

    def __init__(self, seed: int) -> None:
        self._chance, self._late = random.Random(seed), 0.02

    def next(self) -> float:
        """Returns the next start, somewhere around the balance."""
        return self._late * self._chance.uniform(0.3, 1.7)

    def learn(self, first: bool) -> None:
        """Moves the balance."""
        self._late = min(max(self._late * (1.25 if first else 0.8), 0.001), 5)


async def play(open_case: Opener, rounds: int, one: Round, check: Check, **how: float) -> None:
    """Plays rounds, several at once, each completing at nearly the moment of what it races, and ends each case.

    Then every record and history is checked. In many rounds both sides must have been first at times.
    """
    turn, start = asyncio.Semaphore(AT_ONCE), Start(rounds)

    async def played() -> tuple[Scene, bool]:
        async with turn:
            scene = await open_case(**how)
            first = await one(scene, start.next())
            start.learn(first)
            await tells(scene, "withdraw", reason="The customer found another way")
            assert (await ended(scene)).result is Result.WITHDRAWN
            return scene, first

    told = await asyncio.gather(*(played() for _ in range(rounds)))
    for scene, first in told:
        check(await check_whole(scene), first)
    assert rounds < 100 or {first for _, first in told} == {True, False}


async def side_by_side(late: float, completion: Awaitable[bool], other: Awaitable[object]) -> bool:
    """Starts both, the completion `late` seconds after the other; returns whether it was told yes."""

    async def then() -> bool:
        await asyncio.sleep(late)
        return await completion

    told, _ = await asyncio.gather(then(), other)
    return told


@ROUNDS
async def test_a_pause_at_the_same_moment(
    client: Client, queue: str, memory: Memory, open_case: Opener, rounds: int
) -> None:
    async def one(scene: Scene, late: float) -> bool:
        await offered(scene, CONTACT)
        until = (await scene.now() + timedelta(days=2)).isoformat()
        first = await side_by_side(
            late,
            completes(scene, CONTACT, REACHED, "first"),
            scene.say("pause", reason="On holiday", until=until),
        )
        if not first:
            await scene.say("resume")
            again = await offered(scene, CONTACT, after=CONTACT)
            assert await completes(scene, again.activity_id or "", REACHED, "second")
        return first

    def check(record: list[Event], first: bool) -> None:
        assert taken(record) == {"first" if first else "second": 1}
        assert sum(event.kind is EventKind.CASE_PAUSED for event in record) == 1

    async with worker_beside(client, queue, memory):
        await play(open_case, rounds, one, check)


@ROUNDS
async def test_a_withdrawal_at_the_same_moment(
    client: Client, queue: str, memory: Memory, open_case: Opener, rounds: int
) -> None:
    async def one(scene: Scene, late: float) -> bool:
        await offered(scene, CONTACT)
        return await side_by_side(
            late,
            completes(scene, CONTACT, REACHED, "first"),
            scene.say("withdraw", reason="Bought another one"),
        )

    def check(record: list[Event], first: bool) -> None:
        assert taken(record) == ({"first": 1} if first else {})

    async with worker_beside(client, queue, memory):
        await play(open_case, rounds, one, check)


@ROUNDS
async def test_a_deadline_at_the_same_moment(
    client: Client, queue: str, memory: Memory, open_case: Opener, rounds: int
) -> None:
    async def one(scene: Scene, late: float) -> bool:
        task = await offered(scene, CONTACT)
        assert task.due_at
        left = (task.due_at - await scene.now()).total_seconds()
        await asyncio.sleep(max(left - 0.1 + late, 0))
        first = await completes(scene, CONTACT, REACHED, "first")
        if not first:
            again = await offered(scene, CONTACT, after=CONTACT)
            assert again.escalation_level == 1
            assert await completes(scene, again.activity_id or "", REACHED, "second")
        return first

    def check(record: list[Event], first: bool) -> None:
        assert taken(record) == {"first" if first else "second": 1}
        assert sum(event.kind is EventKind.BREACHED for event in record) == (not first)

    async with worker_beside(client, queue, memory):
        await play(open_case, rounds, one, check, ends_in=3.0)


@ROUNDS
async def test_a_withdrawal_and_a_decision_at_the_same_moment(
    client: Client, queue: str, memory: Memory, open_case: Opener, rounds: int
) -> None:
    """A decision that was taken is on record, but never brings a withdrawn case back."""

    async def one(scene: Scene, late: float) -> bool:
        await scene.say("escalate", reason="Asks for a new one")
        await offered(scene, "special_case")
        decision = {"decision": "replace", "reason": "Third failure"}
        return await side_by_side(
            late,
            completes(scene, "special_case", decision, "decided"),
            scene.say("withdraw", reason="Bought another one"),
        )

    def check(record: list[Event], first: bool) -> None:
        assert taken(record) == ({"decided": 1} if first else {})
        assert sum(event.kind is EventKind.DECIDED for event in record) == first

    async with worker_beside(client, queue, memory):
        await play(open_case, rounds, one, check)


async def test_five_completions_at_the_same_moment(
    client: Client, queue: str, memory: Memory, open_case: Opener
) -> None:
    async with worker_beside(client, queue, memory):
        for _ in range(4):
            scene = await open_case()
            await offered(scene, CONTACT)
            told = await asyncio.gather(*(completes(scene, CONTACT, REACHED, f"from-{number}") for number in range(5)))
            assert sum(told) == 1
            await noted(scene, EventKind.COMPLETED)
            assert not await completes(scene, CONTACT, REACHED, "on a task that ended")
            await tells(scene, "withdraw", reason="Enough")
            await ended(scene)
            assert taken(await check_whole(scene)) == {f"from-{told.index(True)}": 1}
