"""Advances the time-skipping server exactly, whatever user tasks are open.

The server holds time still while any activity is started, and gives a lock back for each that ends: so nothing may end
while time is unlocked. The clock stops a moment before every instant at which something is due and lets the rest pass
in real time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import EventType, PendingActivityState
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.testservice.v1 import SleepRequest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

_BEFORE = timedelta(milliseconds=80)
_NEAR = timedelta(milliseconds=100)
_STEP = 0.02
Handle = WorkflowHandle[Any, Any]
_ENDED = {
    EventType.EVENT_TYPE_TIMER_FIRED: "timer_fired_event_attributes",
    EventType.EVENT_TYPE_TIMER_CANCELED: "timer_canceled_event_attributes",
    EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED: "activity_task_completed_event_attributes",
    EventType.EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT: "activity_task_timed_out_event_attributes",
    EventType.EVENT_TYPE_ACTIVITY_TASK_CANCELED: "activity_task_canceled_event_attributes",
    EventType.EVENT_TYPE_ACTIVITY_TASK_FAILED: "activity_task_failed_event_attributes",
}
_SCHEDULED = PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED
_UNDER_WAY = (EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED, EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED)


class SkippingClock:
    """The clock of one time-skipping server."""

    def __init__(self, env: WorkflowEnvironment) -> None:
        self._env = env
        self._service = env.client.test_service

    async def now(self) -> datetime:
        """The server's present instant, UTC."""
        return (await self._env.get_current_time()).astimezone(UTC)

    async def settle(self, handle: Handle, quiet: int = 3) -> Sequence[HistoryEvent]:
        """Waits until the workflow rests: no workflow task under way, no short activity running, the history still.

        Returns the history that it came to rest with.
        """
        seen, same = 0, 0
        for _ in range(800):
            events = (await handle.fetch_history()).events
            busy = events[-1].event_type in _UNDER_WAY or _short_activity_open(events)
            same = same + 1 if len(events) == seen and not busy else 0
            seen = len(events)
            if same >= quiet:
                return events
            await asyncio.sleep(_STEP)
        raise TimeoutError("the workflow never came to rest")

    async def advance(self, handle: Handle, by: timedelta) -> None:
        """Moves time on, stopping just before every instant at which something happens."""
        target, waited = await self.now() + by, 0
        while True:
            events = await self.settle(handle)
            now, stops = await self.now(), _stops(events)
            if any(stop <= now + _NEAR for stop in stops) and waited < 400:
                waited += 1
                await asyncio.sleep(_STEP)
                continue
            if now >= target:
                return
            pending = (await handle.describe()).raw_description.pending_activities
            about_to_start = any(p.attempt <= 1 and p.state == _SCHEDULED for p in pending)
            if about_to_start or len((await handle.fetch_history()).events) != len(events):
                await asyncio.sleep(_STEP)
                continue  # something happened since it rested
            waited = 0
            locks = sum(p.state == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED for p in pending)
            await self._skip(locks, min([stop - _BEFORE for stop in stops if stop > now] + [target]))

    async def _skip(self, locks: int, target: datetime) -> None:
        seconds = (target - await self.now()).total_seconds()
        if seconds <= 0:
            return
        # One sleep for each lock, and one for the lock of this client: the server takes every lock again by itself the
        # moment that the sleep ends. Unlocking and locking from here left a gap in which, on a busy machine, a deadline
        # could pass, give back its own lock as well, and let the clock run away by years.
        wait = Duration(seconds=int(seconds), nanos=int(seconds % 1 * 1e9))
        sleeps = (self._service.unlock_time_skipping_with_sleep(SleepRequest(duration=wait)) for _ in range(locks + 1))
        await asyncio.wait_for(asyncio.gather(*sleeps), 20)


def _stops(events: Iterable[HistoryEvent]) -> list[datetime]:
    """When something is due: a timer or a deadline that did not end yet."""
    due: dict[int, datetime] = {}
    for event in events:
        at = event.event_time.ToDatetime(tzinfo=UTC)
        if event.event_type == EventType.EVENT_TYPE_TIMER_STARTED:
            due[event.event_id] = at + event.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
        elif event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            left = event.activity_task_scheduled_event_attributes.schedule_to_close_timeout.ToTimedelta()
            if left:
                due[event.event_id] = at + left
        else:
            due.pop(_ended_id(event), None)
    return sorted(due.values())


def _ended_id(event: HistoryEvent) -> int:
    attributes = _ENDED.get(event.event_type)
    if attributes is None:
        return 0
    ended = getattr(event, attributes)
    return int(getattr(ended, "scheduled_event_id", 0) or getattr(ended, "started_event_id", 0))


def _short_activity_open(events: Iterable[HistoryEvent]) -> bool:
    """True while an activity that no person does (it has a start-to-close timeout) is not finished."""
    still_open: set[int] = set()
    for event in events:
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            limit = event.activity_task_scheduled_event_attributes.start_to_close_timeout.ToTimedelta()
            forever = event.activity_task_scheduled_event_attributes.schedule_to_close_timeout.ToTimedelta()
            if limit and (not forever or limit < forever):
                still_open.add(event.event_id)
        else:
            still_open.discard(_ended_id(event))
    return bool(still_open)
