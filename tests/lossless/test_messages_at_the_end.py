"""Messages while a case ends: acted on, recorded as refused, or not accepted; never accepted and forgotten."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

import pytest
from temporalio.client import Client

from domain.case import Result
from domain.events import Event, EventKind
from tests.lossless.witness import check_whole, ended, offered, tells
from tests.support.real_server import open_on, worker_beside
from tests.support.scene import Memory, Scene

AT_ONCE = 5


def answered(record: list[Event]) -> Counter[str]:
    """How often each message was acted on or refused, by its text or id."""
    acted = [event.data["text"] for event in record if event.kind is EventKind.INFORMATION_ADDED]
    refused = [event.data["id"] for event in record if event.kind is EventKind.MESSAGE_REFUSED]
    return Counter([*acted, *refused])


async def talks_until_closed(scene: Scene, pause: float) -> set[str]:
    """Adds information again and again until the case does not take it any more; returns what it took.

    It slows down bit by bit: a case whose record grows without a break has no moment in which to end.
    """
    taken: set[str] = set()
    for number in range(200):
        word = f"word-{number}"
        if not await tells(scene, "add_information", id=word, text=word):
            return taken
        taken.add(word)
        await asyncio.sleep(pause * 1.05**number)
    raise AssertionError("the case never closed")


@pytest.mark.parametrize("rounds", [3, pytest.param(200, marks=pytest.mark.races)])
async def test_none_is_accepted_and_forgotten(client: Client, queue: str, memory: Memory, rounds: int) -> None:
    turn, chance = asyncio.Semaphore(AT_ONCE), random.Random(rounds)

    async def one(pause: float) -> tuple[Scene, set[str]]:
        async with turn:
            scene = await open_on(client, queue, memory)
            await offered(scene, "contact_customer")
            await scene.say("withdraw", reason="Enough")
            accepted = await talks_until_closed(scene, pause)
            assert (await ended(scene)).result is Result.WITHDRAWN
            return scene, accepted

    async with worker_beside(client, queue, memory):
        spoken = await asyncio.gather(*(one(chance.uniform(0.01, 0.2)) for _ in range(rounds)))
        at_the_last_moment = 0
        for scene, accepted in spoken:
            record = await check_whole(scene)
            assert answered(record) == dict.fromkeys(accepted, 1)
            closed = next(event.no for event in record if event.kind is EventKind.CLOSED)
            at_the_last_moment += len(record) - closed
    assert rounds < 100 or at_the_last_moment > 0  # some came between the closing entry and the end of the run


async def test_a_copy_is_ignored_and_another_kind_of_message_is_refused_on_record(
    client: Client, queue: str, memory: Memory
) -> None:
    async with worker_beside(client, queue, memory):
        scene = await open_on(client, queue, memory)
        await offered(scene, "contact_customer")
        for _ in range(3):
            await scene.say("add_information", id="once", text="once")
        await scene.handle.signal("no_such_message", {"id": "x"})
        await scene.handle.signal("pause")
        await scene.say("withdraw", reason="Enough")
        await ended(scene)
        record = await check_whole(scene)
    assert [event.data["text"] for event in record if event.kind is EventKind.INFORMATION_ADDED] == ["once"]
    refused = [event.data["message"] for event in record if event.kind is EventKind.MESSAGE_REFUSED]
    assert refused == ["no_such_message", "pause"]
