"""A calendar that takes long to read: meanwhile the case hears everybody, and its history replays strictly."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import Client

from activities.calendar_data import CalendarQuestion
from activities.calendars import national_calendar
from domain.case import CaseState, Result
from domain.clocks import WorkCalendar
from domain.events import EventKind
from tests.lossless.witness import REACHED, check_whole, completes, ended, noted, offered, tells, until
from tests.support.real_server import open_on, worker_beside
from tests.support.scene import Memory, Scene

DIAGNOSIS = "remote_diagnosis"
"""The first step whose budget counts working hours."""
SECONDS = 4.0


class Slow:
    """The national calendar before its decrees, so that every promise can be made anew; `seconds` tells how slow."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        self.seconds, self.reading = seconds, 0

    @property
    def activities(self) -> dict[str, Callable[..., Any]]:
        """What replaces the activity of a worker."""

        @activity.defn(name="read_calendar")
        async def read_calendar(question: CalendarQuestion) -> WorkCalendar:
            self.reading += 1
            await asyncio.sleep(self.seconds())
            self.reading -= 1
            known = national_calendar(question.spec, question.years)
            awaited = tuple(year.model_copy(update={"published": False}) for year in known.years)
            return WorkCalendar(spec=question.spec, version=known.version, years=awaited)

        return {"read_calendar": read_calendar}


async def talks_and_asks(scene: Scene, chance: random.Random) -> None:
    """Adds information and looks at the state on the engine's side, as staff on the engine's own pages do."""
    for word in range(1000):
        await scene.say("add_information", text=f"word {word}")
        for _ in range(3):
            await asyncio.sleep(chance.uniform(0.005, 0.03))
            await scene.handle.query("state", result_type=CaseState)


@pytest.mark.parametrize("rounds", [4, pytest.param(100, marks=pytest.mark.races)])
async def test_what_is_said_and_asked_meanwhile_replays_strictly(
    client: Client, queue: str, memory: Memory, rounds: int
) -> None:
    chance, turn = random.Random(rounds), asyncio.Semaphore(4)
    slow = Slow(lambda: chance.uniform(0.0, 0.3))

    async def one() -> None:
        async with turn:
            scene = await open_on(client, queue, memory)
            talk = asyncio.create_task(talks_and_asks(scene, chance))
            await offered(scene, "contact_customer")
            assert await completes(scene, "contact_customer", REACHED, "contacted")
            task = await offered(scene, DIAGNOSIS)
            for renewal in range(3):
                await scene.say("recalculate", reason=f"renewal {renewal}")
                task = await offered(scene, DIAGNOSIS, after=task.activity_id)
            talk.cancel()
            await asyncio.wait([talk])
            await tells(scene, "withdraw", reason="Enough")
            assert (await ended(scene)).result is Result.WITHDRAWN
            await check_whole(scene)

    async with worker_beside(client, queue, memory, replacing=slow.activities):
        await asyncio.gather(*(one() for _ in range(rounds)))


async def test_a_withdrawal_meanwhile_is_heard_at_once_and_nothing_is_offered(
    client: Client, queue: str, memory: Memory
) -> None:
    slow = Slow(lambda: 1.0)
    async with worker_beside(client, queue, memory, replacing=slow.activities):
        scene = await open_on(client, queue, memory)
        await offered(scene, "contact_customer")
        assert await completes(scene, "contact_customer", REACHED, "contacted")

        async def reading() -> bool:
            return bool(slow.reading) and DIAGNOSIS in await scene.tasks()

        await until("reading for the diagnosis", reading)
        await tells(scene, "withdraw", reason="In the middle of reading")
        assert (await ended(scene)).result is Result.WITHDRAWN
        record = await check_whole(scene)
    diagnosis = [event.kind for event in record if event.task == DIAGNOSIS]
    assert diagnosis == [EventKind.OBSOLETE]


async def test_a_calendar_that_takes_seconds_holds_nobody_up(client: Client, queue: str, memory: Memory) -> None:
    once = [SECONDS]
    slow = Slow(lambda: once.pop() if once else 0.0)
    async with worker_beside(client, queue, memory, replacing=slow.activities):
        scene = await open_on(client, queue, memory)
        await scene.say("add_information", text="Heard while the calendar is read")
        await noted(scene, EventKind.INFORMATION_ADDED)
        await offered(scene, "contact_customer")
        assert slow.reading, "it was heard too late"
        assert await completes(scene, "contact_customer", REACHED, "contacted")
        await offered(scene, DIAGNOSIS)
        await tells(scene, "withdraw", reason="Enough")
        await ended(scene)
        record = await check_whole(scene)
    promised = next(event for event in record if event.kind is EventKind.PROMISED and event.task == DIAGNOSIS)
    assert "not published" in promised.data["deadline"]["reason"], "it could be read"
