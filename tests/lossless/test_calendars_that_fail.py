"""A calendar that fails: the deadline is provisional and says why, and nothing else stops."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from temporalio.client import Client

from domain.case import Result
from domain.clocks import CalendarSpec, WorkCalendar
from domain.events import EventKind
from tests.lossless.witness import COMPLEX, REACHED, check_whole, completes, ended, noted, offered, tells
from tests.support.real_server import open_on, worker_beside
from tests.support.scene import Memory


def no_calendar(spec: CalendarSpec, years: Iterable[int]) -> WorkCalendar:
    raise LookupError("the calendar's data file is damaged")


async def test_the_promise_is_provisional_and_the_case_goes_on(client: Client, queue: str, memory: Memory) -> None:
    async with worker_beside(client, queue, memory, calendars=no_calendar):
        scene = await open_on(client, queue, memory)
        contact = await offered(scene, "contact_customer")
        assert not contact.provisional  # twelve hours by the wall clock need no calendar
        assert await completes(scene, "contact_customer", REACHED, "contacted")
        diagnosis = await offered(scene, "remote_diagnosis")
        assert diagnosis.provisional
        assert diagnosis.due_at
        assert timedelta(0) < diagnosis.due_at - await scene.now() < timedelta(days=4)
        assert await completes(scene, "remote_diagnosis", COMPLEX, "diagnosed")
        await offered(scene, "assign_engineer")
        await tells(scene, "withdraw", reason="Enough")
        assert (await ended(scene)).result is Result.WITHDRAWN
        record = await check_whole(scene)
    promised = next(event for event in record if event.kind is EventKind.PROMISED and event.task == "remote_diagnosis")
    assert "the calendar could not be read" in str(promised.data["deadline"])


async def test_a_withdrawal_works_while_the_calendar_keeps_failing(client: Client, queue: str, memory: Memory) -> None:
    async with worker_beside(client, queue, memory, calendars=no_calendar):
        scene = await open_on(client, queue, memory)
        await offered(scene, "contact_customer")
        assert await completes(scene, "contact_customer", REACHED, "contacted")
        await tells(scene, "withdraw", reason="In the middle of computing the next deadline")
        assert (await ended(scene)).result is Result.WITHDRAWN
        await check_whole(scene)


async def test_the_promise_becomes_firm_when_the_calendar_is_back(client: Client, queue: str, memory: Memory) -> None:
    async with worker_beside(client, queue, memory, calendars=no_calendar):
        scene = await open_on(client, queue, memory)
        await offered(scene, "contact_customer")
        assert await completes(scene, "contact_customer", REACHED, "contacted")
        await offered(scene, "remote_diagnosis")
    async with worker_beside(client, queue, memory):
        await scene.say("recalculate", reason="The calendar is back")
        firm = await offered(scene, "remote_diagnosis", after="remote_diagnosis")
        assert not firm.provisional
        await tells(scene, "withdraw", reason="Enough")
        await ended(scene)
        record = await check_whole(scene)
    assert [event.data.get("reason") for event in record if event.kind is EventKind.PROMISED][
        -1
    ] == "The calendar is back"
    assert (await noted(scene, EventKind.WITHDRAWN)).data["reason"] == "Enough"
