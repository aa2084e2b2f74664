"""What really happened: who was told yes, and what the record of the case says about it."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from domain.case import CaseEnd, TaskState
from domain.events import Event, EventKind, first_break
from domain.tasks import TASKS
from store.histories import projections_of
from tests.support.scene import SALT, Scene, person, rapid_response
from workflows.replaying import findings_of, replay

T = TypeVar("T")
REACHED: Mapping[str, Any] = {"reached": "yes", "requirement": "Repair the blade"}
COMPLEX: Mapping[str, Any] = {"result": "complex", "findings": "Bearing worn", "explanation": "An engineer rings"}
_PATIENCE = 60.0
ROLES = rapid_response().tasks
_KIND = re.compile("[-~]")
_TOLD = "acknowledge_breach"
_TAKEN = (EventKind.COMPLETED, EventKind.ATTEMPTED)


async def until(
    what: str, look: Callable[[], Awaitable[T | None]], within: float = _PATIENCE, every: float = 0.02
) -> T:
    """Waits until looking gives something."""
    async with asyncio.timeout(within + 5):
        for _ in range(int(within / every)):
            found = await look()
            if found:
                return found
            await asyncio.sleep(every)
    raise AssertionError(f"in {within:g} s there was no {what}")


async def offered(scene: Scene, key: str, *, after: str | None = None, within: float = _PATIENCE) -> TaskState:
    """Waits until the read side shows a task to do, under another activity id than `after`; asks no worker for it."""

    async def look() -> TaskState | None:
        task = scene.memory.tasks(scene.case_id).get(key)
        return task if task and task.status == "ready" and task.activity_id != after else None

    return await until(f"{key} (not {after}) in {scene.case_id}", look, within)


async def noted(scene: Scene, kind: str, *, within: float = _PATIENCE) -> Event:
    """Waits until the read side shows an event of a kind."""

    async def look() -> Event | None:
        return next((event for event in scene.memory.events(scene.case_id) if event.kind == kind), None)

    return await until(f"{kind} in {scene.case_id}", look, within)


async def ended(scene: Scene, *, within: float = _PATIENCE) -> CaseEnd:
    """Waits for the end of the case; who is told of a missed deadline acknowledges it, since the end waits for that."""
    handle = scene.client.get_workflow_handle(scene.case_id, result_type=CaseEnd)
    end = asyncio.create_task(asyncio.wait_for(handle.result(), within))
    while not end.done():
        for task in scene.memory.tasks(scene.case_id).values():
            if task.kind == _TOLD and task.status == "ready" and task.activity_id:
                await completes(scene, task.activity_id, {"measures": "Took over"}, f"{task.activity_id} acknowledged")
        await asyncio.wait([end], timeout=0.2)
    result: CaseEnd = await end
    return result


async def completes(scene: Scene, activity_id: str, outcome: Mapping[str, Any], submission: str) -> bool:
    """Completes a task by one call, as the API does; False when it is not waiting under that id."""
    now = (await scene.now()).isoformat()
    completion = {
        "outcome": dict(outcome),
        "submission_id": submission,
        "by": person(ROLES[_KIND.split(activity_id)[0]].role).model_dump(mode="json"),
        "entered_at": now,
        "happened_at": now,
    }
    handle = scene.client.get_async_activity_handle(workflow_id=scene.case_id, run_id=None, activity_id=activity_id)
    try:
        await handle.complete(completion)
    except RPCError as refused:
        if refused.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return True


async def tells(scene: Scene, signal: str, **fields: Any) -> bool:
    """Sends a message; False when the case is closed."""
    try:
        await scene.say(signal, **fields)
    except RPCError as refused:
        if refused.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return True


async def record_of(client: Client, case_id: str) -> list[Event]:
    """The record as the newest run wrote it, read from its history: it needs neither a worker nor a database."""
    events: dict[int, Event] = {}
    for write in await projections_of(await client.get_workflow_handle(case_id).fetch_history()):
        if write.projection.whole:
            events = {}
        events |= {event.no: event for event in write.projection.events}
    return [events[no] for no in sorted(events)]


def taken(record: list[Event]) -> Counter[str]:
    """How often each submission counted, acknowledgements of missed deadlines apart."""
    done = [event for event in record if event.kind in _TAKEN and _KIND.split(event.task or "")[0] != _TOLD]
    return Counter(event.data["submission_id"] for event in done)


async def check_whole(scene: Scene) -> list[Event]:
    """The record is unbroken and counts no submission twice, and the history replays strictly. Returns the record."""
    record = await record_of(scene.client, scene.case_id)
    assert first_break(record, SALT) is None
    assert all(times == 1 for times in taken(record).values()), taken(record)
    assert findings_of(await replay(await scene.handle.fetch_history(), sandboxed=True)) == ()
    return record


async def waiting(scene: Scene) -> set[str]:
    """The activity ids under which people's tasks wait, as the engine knows them; asks no worker."""
    pending = (await scene.handle.describe()).raw_description.pending_activities
    return {each.activity_id for each in pending if each.activity_type.name in TASKS}


async def completes_when_waiting(
    scene: Scene, activity_id: str, outcome: Mapping[str, Any], submission: str, *, within: float = _PATIENCE
) -> None:
    """Waits until the engine knows the activity, then completes it; whether a worker lives does not matter."""

    async def look() -> bool | None:
        return await completes(scene, activity_id, outcome, submission) or None

    await until(f"{activity_id} waiting in {scene.case_id}", look, within, every=0.05)
