"""A pause and what arrives in the same moment: the task is never left behind, and keeps the time it had left."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from temporalio import activity
from temporalio.client import Client

from activities.cancellation import Cancellation
from domain.case import CaseStatus, TaskState, TaskStatus
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
from tests.support.real_server import worker_beside
from tests.support.scene import Memory, Scene

CONTACT = "contact_customer"
Opener = Callable[..., Awaitable[Scene]]


async def in_days(scene: Scene, days: float) -> str:
    return (await scene.now() + timedelta(days=days)).isoformat()


async def ends(scene: Scene) -> None:
    await tells(scene, "withdraw", reason="Enough")
    await ended(scene)


async def shown(scene: Scene, key: str, right: Callable[[TaskState], bool]) -> TaskState:
    """Waits until the read side shows the task in the right state."""

    async def look() -> TaskState | None:
        task = scene.memory.tasks(scene.case_id).get(key)
        return task if task and right(task) else None

    return await until(f"{key} in the state looked for", look)


async def test_a_resume_in_the_same_moment(client: Client, queue: str, memory: Memory, open_case: Opener) -> None:
    async with worker_beside(client, queue, memory):
        scenes = [await open_case() for _ in range(4)]
        before = [await offered(scene, CONTACT) for scene in scenes]
    for scene in scenes:  # while no worker lives, so that both arrive in one moment
        await scene.say("pause", reason="On holiday", until=await in_days(scene, 2))
        await scene.say("resume")
    async with worker_beside(client, queue, memory):
        for scene, task in zip(scenes, before, strict=True):
            again = await offered(scene, CONTACT, after=CONTACT)
            state = await scene.state()
            (hold,) = state.holds
            assert state.status is CaseStatus.ACTIVE
            assert hold.ends
            assert hold.ends - hold.begins < timedelta(seconds=1)  # as it was said, not as it was heard of
            assert moved(task.due_at, again.due_at) == hold.ends - hold.begins
            assert await completes(scene, again.activity_id or "", REACHED, "after the pause")
            await offered(scene, "remote_diagnosis")
            await ends(scene)
            assert taken(await check_whole(scene)) == {"after the pause": 1}


async def test_a_deadline_in_a_pause_that_nobody_heard_of_is_no_breach(
    client: Client, queue: str, memory: Memory, open_case: Opener
) -> None:
    """Paused, due and resumed while no worker lived: the task has the time left that it had."""
    async with worker_beside(client, queue, memory):
        scene = await open_case(ends_in=6)
        before = await offered(scene, CONTACT)
    await scene.say("pause", reason="On holiday", until=await in_days(scene, 2))
    await until("end of the wait", lambda: _gone(scene))
    await asyncio.sleep(1)
    await scene.say("resume")
    async with worker_beside(client, queue, memory):
        again = await shown(scene, CONTACT, lambda task: task.due_at != before.due_at)
        (hold,) = (await scene.state()).holds
        assert hold.ends
        assert moved(before.due_at, again.due_at) == hold.ends - hold.begins
        assert (again.escalation_level, again.breached_at) == (0, None)
        await ends(scene)
        await check_whole(scene)


async def test_an_attempt_in_the_same_moment_leaves_the_task_paused_not_lost(
    client: Client, queue: str, memory: Memory, open_case: Opener
) -> None:
    async with worker_beside(client, queue, memory):
        scene = await open_case()
        await offered(scene, CONTACT)
    await scene.say("pause", reason="On holiday", until=await in_days(scene, 2))
    assert await completes(scene, CONTACT, {"reached": "no_answer"}, "nobody answered")
    async with worker_beside(client, queue, memory):
        await noted(scene, EventKind.ATTEMPTED)
        task = await shown(scene, CONTACT, lambda task: task.attempts == 1 and task.status is not TaskStatus.READY)
        assert task.status is TaskStatus.SUSPENDED
        await scene.say("resume")
        again = await offered(scene, CONTACT)
        await completes_when_waiting(scene, again.activity_id or "", REACHED, "reached")
        await offered(scene, "remote_diagnosis")
        await ends(scene)
        assert taken(await check_whole(scene)) == {"nobody answered": 1, "reached": 1}


async def test_a_deadline_that_passed_just_before_leaves_the_task_paused_not_lost(
    client: Client, queue: str, memory: Memory, open_case: Opener
) -> None:
    async with worker_beside(client, queue, memory):
        scene = await open_case(ends_in=6)
        await offered(scene, CONTACT)
    await until("end of the wait", lambda: _gone(scene))
    await scene.say("pause", reason="On holiday", until=await in_days(scene, 2))
    async with worker_beside(client, queue, memory):
        await noted(scene, EventKind.BREACHED)
        task = await shown(scene, CONTACT, lambda task: task.status is not TaskStatus.READY)
        assert task.status is TaskStatus.SUSPENDED
        await scene.say("resume")
        again = await offered(scene, CONTACT)
        assert await completes(scene, again.activity_id or "", REACHED, "late")
        await offered(scene, "remote_diagnosis")
        await ends(scene)
        assert taken(await check_whole(scene)) == {"late": 1}


async def _gone(scene: Scene) -> bool:
    return CONTACT not in await waiting(scene)


async def test_a_pause_counts_although_it_ended_before_the_wait_did(
    client: Client, queue: str, memory: Memory, open_case: Opener
) -> None:
    """The engine is slow to end the wait; by then the pause is over, and its length is still given back."""
    real = Cancellation(client)

    @activity.defn(name="report_cancellation")
    async def slow(activity_id: str) -> None:
        await asyncio.sleep(3)
        await real.report_cancellation(activity_id)

    async with worker_beside(client, queue, memory, replacing={"report_cancellation": slow}):
        scene = await open_case()
        before = await offered(scene, CONTACT)
        await scene.say("pause", reason="On holiday", until=await in_days(scene, 2))
        await noted(scene, EventKind.CASE_PAUSED)
        await asyncio.sleep(1)
        await scene.say("resume")
        again = await offered(scene, CONTACT, after=CONTACT)
        (hold,) = (await scene.state()).holds
        assert hold.ends
        assert moved(before.due_at, again.due_at) == hold.ends - hold.begins
        await ends(scene)
        await check_whole(scene)


def moved(before: datetime | None, after: datetime | None) -> timedelta:
    assert before
    assert after
    return after - before
