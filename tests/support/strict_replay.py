"""Replays histories strictly.

The engine's own replay accepts a changed deadline, a changed argument, even another final result. Here every activity
that the code schedules is held against the recorded one (type, id, arguments, timeouts), and so is the final result.
A local activity counts as a difference wherever it is, since none need show in the one history that is replayed: a run
that answers a query meanwhile takes up its answer a workflow task later than every replay does.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from google.protobuf.duration_pb2 import Duration
from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    Replayer,
    StartActivityInput,
    StartLocalActivityInput,
    UnsandboxedWorkflowRunner,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

from core.payloads import data_converter
from workflows import WORKFLOWS, runner

_TIMEOUTS = ("schedule_to_close_timeout", "start_to_close_timeout")


@dataclass
class Recorded:
    """What a history says was scheduled and returned."""

    activities: dict[str, list[HistoryEvent]] = field(default_factory=lambda: defaultdict(list))
    result: Payload | None = None

    @classmethod
    def of(cls, history: WorkflowHistory) -> Recorded:
        found = cls()
        for event in history.events:
            if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
                scheduled = event.activity_task_scheduled_event_attributes
                found.activities[scheduled.activity_type.name].append(event)
            elif event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED:
                (found.result,) = event.workflow_execution_completed_event_attributes.result.payloads
        return found


@dataclass
class Findings:
    """What differed between a history and its replay, in words; empty when nothing did."""

    recorded: Recorded
    differences: list[str] = field(default_factory=list)
    unsent: list[tuple[str, str | None, workflow.ActivityHandle[Any]]] = field(default_factory=list)

    def activity(self, given: StartActivityInput, handle: workflow.ActivityHandle[Any]) -> None:
        """Takes the next recorded activity of the same type (and id, where one was given) and compares."""
        waiting = self.recorded.activities[given.activity]
        event = next((event for event in waiting if given.activity_id in (None, _id(event))), None)
        if event is None:
            self.unsent.append((given.activity, given.activity_id, handle))
            return
        waiting.remove(event)
        scheduled = event.activity_task_scheduled_event_attributes
        name = f"activity {scheduled.activity_id} ({given.activity})"
        arguments = [_plain(payload) for payload in data_converter.payload_converter.to_payloads(given.args)]
        then = [_plain(payload) for payload in scheduled.input.payloads]
        self.compare(f"{name}: arguments", then, arguments)
        limits = {_length(getattr(scheduled, timeout)) for timeout in _TIMEOUTS} | {timedelta(0)}
        for timeout in _TIMEOUTS:
            set_now, recorded = getattr(given, timeout), _length(getattr(scheduled, timeout))
            # The server fills in a timeout that was left out with the other one.
            if (set_now is None and recorded not in limits) or (set_now is not None and set_now != recorded):
                self.compare(f"{name}: {timeout}", recorded, set_now)

    def local_activity(self, name: str) -> None:
        """Objects to a local activity."""
        self.differences.append(f"local activity {name}: its answer may have been taken up elsewhere in the run")

    def result(self, returned: Any) -> None:
        """Compares what the workflow returned with what it returned then."""
        if self.recorded.result is not None:
            (now,) = data_converter.payload_converter.to_payloads([returned])
            self.compare("result", _plain(self.recorded.result), _plain(now))

    def compare(self, what: str, recorded: Any, now: Any) -> None:
        """Notes the places at which two values differ."""
        found = differing(recorded, now)
        self.differences += [f"{what}{at}: recorded {then!r}, now {new!r}" for at, then, new in found]

    def close(self) -> list[str]:
        """Adds what was never matched and returns everything found."""
        left = [_id(event) for events in self.recorded.activities.values() for event in events]
        self.differences += [f"activity {name}: recorded, but not scheduled now" for name in left]
        # An activity that is cancelled within the same moment never reaches the engine.
        self.differences += [
            f"activity {key or kind}: scheduled now, but not recorded"
            for kind, key, handle in self.unsent
            if not handle.done()
        ]
        return self.differences


def differing(recorded: Any, now: Any, at: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Yields where two plain values differ, with both."""
    if isinstance(recorded, dict) and isinstance(now, dict):
        for key in sorted(recorded.keys() | now.keys()):
            yield from differing(recorded.get(key), now.get(key), f"{at}.{key}")
    elif isinstance(recorded, list) and isinstance(now, list) and len(recorded) == len(now):
        for number, (then, new) in enumerate(zip(recorded, now, strict=True)):
            yield from differing(then, new, f"{at}.{number}")
    elif recorded != now:
        yield at, recorded, now


def _id(event: HistoryEvent) -> str:
    return event.activity_task_scheduled_event_attributes.activity_id


def _length(duration: Duration) -> timedelta:
    return duration.ToTimedelta()


def _plain(payload: Payload) -> Any:
    return json.loads(payload.data) if payload.data else None


def _interceptor(findings: Findings) -> Interceptor:
    class Outbound(WorkflowOutboundInterceptor):
        def start_activity(self, input: StartActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002
            handle = super().start_activity(input)
            findings.activity(input, handle)
            return handle

        def start_local_activity(self, input: StartLocalActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002
            findings.local_activity(input.activity)
            return super().start_local_activity(input)

    class Inbound(WorkflowInboundInterceptor):
        def init(self, outbound: WorkflowOutboundInterceptor) -> None:
            super().init(Outbound(outbound))

        async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002
            returned = await super().execute_workflow(input)
            findings.result(returned)
            return returned

    class Strict(Interceptor):
        def workflow_interceptor_class(self, input: WorkflowInterceptorClassInput) -> type[Inbound]:  # noqa: A002
            return Inbound

    return Strict()


async def replay_differences(
    history: WorkflowHistory,
    *,
    workflows: Sequence[type] = WORKFLOWS,
    sandboxed: bool = False,
) -> list[str]:
    """Replays a history and returns every difference, in words; an empty list means that it replays strictly.

    A replay is several times as fast outside the sandbox; `sandboxed` runs it as a worker does.
    """
    findings = Findings(Recorded.of(history))
    replayer = Replayer(
        workflows=workflows,
        data_converter=data_converter,
        interceptors=[_interceptor(findings)],
        workflow_runner=runner() if sandboxed else UnsandboxedWorkflowRunner(),
    )
    replayed = await replayer.replay_workflow(steadied(history), raise_on_replay_failure=False)
    if replayed.replay_failure:
        findings.differences.append(f"the engine refuses it: {replayed.replay_failure}")
        return findings.differences
    return findings.close()


def steadied(history: WorkflowHistory) -> WorkflowHistory:
    """Returns the history as the real server would have written it down.

    The time-skipping server answers some queries by a workflow task of their own and schedules it the moment that the
    one before ends. A replay takes a workflow task without commands and one that is scheduled right behind it for one,
    and gives what the case did in both the instant of the later; the case saw two. So what arrived meanwhile is put
    before the second, as the real server does; where nothing did, the second gets the instant of the first.
    """
    events = [_copy(event) for event in history.events]
    moved: dict[int, int] = {}
    for at in range(1, len(events) - 1):
        if (events[at - 1].event_type, events[at].event_type) != (_COMPLETED, _SCHEDULED):
            continue
        started = next((n for n in range(at + 1, len(events)) if events[n].event_type == _STARTED), None)
        if started is None:
            continue
        if started == at + 1:
            events[started].event_time.CopyFrom(events[at - 2].event_time)
            continue
        meanwhile = [*events[at + 1 : started], events[at]]
        for number, event in enumerate(meanwhile, at + 1):  # events count from one
            moved[event.event_id] = event.event_id = number
        events[at:started] = meanwhile
    for event in events:
        _renumber(event, moved)
    return WorkflowHistory(workflow_id=history.workflow_id, events=events)


_SCHEDULED = EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED
_STARTED = EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED
_COMPLETED = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED


def _copy(event: HistoryEvent) -> HistoryEvent:
    copied = HistoryEvent()
    copied.CopyFrom(event)
    return copied


def _renumber(event: HistoryEvent, moved: dict[int, int]) -> None:
    """Has an event name those that moved by their new numbers."""
    kind = event.WhichOneof("attributes")
    attributes = getattr(event, kind) if kind else event
    for named in ("scheduled_event_id", "started_event_id"):
        if getattr(attributes, named, 0) in moved:
            setattr(attributes, named, moved[getattr(attributes, named)])


def scheduled_tasks(events: Iterable[HistoryEvent]) -> dict[str, timedelta]:
    """Returns the timeout (real time) of every activity by its id, as the history has it."""
    return {
        _id(event): _length(event.activity_task_scheduled_event_attributes.schedule_to_close_timeout)
        for event in events
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
    }
