"""Advances the time-skipping server exactly, whatever user tasks are open.

The server holds time still while any activity is started, and gives a lock back for each that ends: so nothing may end
while time is unlocked. The clock stops a moment before every instant at which something is due and lets the rest pass
in real time.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import EventType, PendingActivityState
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.testservice.v1 import LockTimeSkippingRequest, SleepRequest, UnlockTimeSkippingRequest
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
_UNDER_WAY = (EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED, EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED)


class SkippingClock:
    """The clock of one time-skipping server."""

    def __init__(self, env: WorkflowEnvironment) -> None:
        self._env = env
        self._service = env.client.test_service

    async def now(self) -> datetime:
        """The server's present instant, UTC."""
        return (await self._env.get_current_time()).astimezone(UTC)

    async def settle(self, handle: Handle, quiet: int = 3) -> None:
        """Waits until the workflow rests: no workflow task under way, no short activity running, the history still."""
        seen, same = 0, 0
        for _ in range(800):
            events = (await handle.fetch_history()).events
            busy = events[-1].event_type in _UNDER_WAY or _short_activity_open(events)
            same = same + 1 if len(events) == seen and not busy else 0
            seen = len(events)
            if same >= quiet:
                return
            await asyncio.sleep(_STEP)
        raise TimeoutError("the workflow never came to rest")

    async def advance(self, handle: Handle, by: timedelta) -> None:
        """Moves time on, stopping just before every instant at which something happens."""
        target, waited = await self.now() + by, 0
        while True:
            await self.settle(handle)
            now, stops = await self.now(), await self._stops(handle)
            if any(stop <= now + _NEAR for stop in stops) and waited < 400:
                waited += 1
                await asyncio.sleep(_STEP)
                continue
            if now >= target:
                return
            waited = 0
            await self._skip(handle, min([stop - _BEFORE for stop in stops if stop > now] + [target]))

    async def _stops(self, handle: Handle) -> list[datetime]:
        due: dict[int, datetime] = {}
        for event in (await handle.fetch_history()).events:
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

    async def _skip(self, handle: Handle, target: datetime) -> None:
        seconds = (target - await self.now()).total_seconds()
        if seconds <= 0:
            return
        pending = (await handle.describe()).raw_description.pending_activities
        locks = sum(p.state == PendingActivityState.PENDING_ACTIVITY_STATE_STARTED for p in pending)
        for _ in range(locks):
            await self._service.unlock_time_skipping(UnlockTimeSkippingRequest())
        try:
            wait = Duration(seconds=int(seconds), nanos=int(seconds % 1 * 1e9))
            await asyncio.wait_for(self._service.unlock_time_skipping_with_sleep(SleepRequest(duration=wait)), 10)
        finally:
            for _ in range(locks):
                await self._service.lock_time_skipping(LockTimeSkippingRequest())


def _ended_id(event: HistoryEvent) -> int:
    attributes = _ENDED.get(event.event_type)
    if attributes is None:
        return 0
    ended = getattr(event, attributes)
    return int(getattr(ended, "scheduled_event_id", 0) or getattr(ended, "started_event_id", 0))


def _short_activity_open(events: Any) -> bool:
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
