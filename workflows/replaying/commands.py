"""What a workflow asked of the engine, in one shape: as a history has it and as running code says it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from temporalio.api.common.v1 import Payload, RetryPolicy
from temporalio.api.history.v1 import HistoryEvent

_CHANGE_VERSION = "TemporalChangeVersion"
"""The search attribute that the engine's own library sets beside the marker of a patch."""


@dataclass
class Command:
    """One command. `identity` finds its counterpart, `label` names it for people.

    `values` are plain (durations in seconds), `payloads` the bytes of what was handed over, by name.
    """

    identity: tuple[str, str]
    label: str
    values: dict[str, Any] = field(default_factory=dict)
    payloads: dict[str, list[bytes]] = field(default_factory=dict)
    event_id: int = 0
    """Where a history has it; 0 for one that code gave now."""
    activity: str = ""
    """The type of the activity, where it is one."""
    place: str = ""
    """The line of the workflow that gave it, where that is known."""
    defaults: bool = False
    """True when the server fills in what was left out: an empty value on the other side says nothing then."""


def plain(payload: bytes) -> Any:
    """Returns what a payload holds; bytes that are no JSON as a word about their length."""
    if not payload:
        return None
    try:
        return json.loads(payload)
    except ValueError:
        return f"{len(payload)} bytes that are no JSON"


def recorded_command(event: HistoryEvent) -> Command | None:
    """Returns the command that an event of a history records, or None for an event that records none."""
    kind = event.WhichOneof("attributes")
    read = _RECORDED.get(kind or "")
    command = read(getattr(event, str(kind))) if read else None
    if command is None:
        return None
    command.event_id = event.event_id
    if event.user_metadata.HasField("summary"):
        command.payloads["summary"] = _data([event.user_metadata.summary])
    return command


def given_command(command: Any, activities: Mapping[int, str]) -> Command | None:
    """Returns a command that code gave now, None for one that leaves no trace; `activities` are ids by number."""
    kind = command.WhichOneof("variant")
    if kind in _WITHOUT_TRACE:
        return None
    if kind == "request_cancel_activity":
        name = activities.get(command.request_cancel_activity.seq, "")
        return Command(("cancel activity", name), f"cancellation of activity {name}")
    read = _GIVEN.get(kind or "")
    if read is None:
        return Command(("unknown", str(kind)), f"a command that no audit compares: {kind}")
    given = read(getattr(command, str(kind)))
    if command.user_metadata.HasField("summary"):
        given.payloads["summary"] = _data([command.user_metadata.summary])
    return given


_WITHOUT_TRACE = frozenset(
    {"respond_to_query", "cancel_signal_workflow", "request_cancel_local_activity", "request_cancel_nexus_operation"}
)


def _data(payloads: Iterable[Payload]) -> list[bytes]:
    return [payload.data for payload in payloads]


def _mapped(payloads: Mapping[str, Payload], *, without: str = "") -> dict[str, list[bytes]]:
    return {name: [payload.data] for name, payload in sorted(payloads.items()) if name != without}


def _seconds(duration: Any) -> float:
    return float(duration.seconds + duration.nanos / 1e9)


def _limits(message: Any, *names: str) -> dict[str, Any]:
    return {name: _seconds(getattr(message, name)) for name in names}


def _retries(policy: RetryPolicy) -> dict[str, Any]:
    return {
        "retries.initial_interval": _seconds(policy.initial_interval),
        "retries.backoff_coefficient": policy.backoff_coefficient,
        "retries.maximum_interval": _seconds(policy.maximum_interval),
        "retries.maximum_attempts": policy.maximum_attempts,
        "retries.not_for": list(policy.non_retryable_error_types),
    }


_ACTIVITY = ("schedule_to_close_timeout", "schedule_to_start_timeout", "start_to_close_timeout", "heartbeat_timeout")
_CHILD = ("workflow_execution_timeout", "workflow_run_timeout", "workflow_task_timeout")
_AGAIN = ("workflow_run_timeout", "workflow_task_timeout")


def _activity(kind: str, name: str, message: Any, arguments: Iterable[Payload]) -> Command:
    label = f"activity {name}" if name == kind or name.startswith((f"{kind}-", f"{kind}~")) else f"activity {kind}"
    values = {**_limits(message, *_ACTIVITY), **_retries(message.retry_policy)}
    return Command(
        ("activity", name), label, values, {"arguments": _data(arguments)}, activity=kind, defaults=True
    )  # fmt: skip


def _timer(name: str, message: Any) -> Command:
    return Command(("timer", name), "timer", {"length": _seconds(message.start_to_fire_timeout)})


def _attributes(fields: Mapping[str, Payload]) -> Command | None:
    shown = _mapped(fields, without=_CHANGE_VERSION)
    return Command(("search attributes", ""), "search attributes", payloads=shown) if shown else None


def _marker(name: str, details: Mapping[str, Any]) -> Command | None:
    if name == "core_patch":
        (told,) = details["patch-data"].payloads if "patch-data" in details else details["patch_id"].payloads
        data = plain(told.data)
        return _patch(str(data["id"] if isinstance(data, dict) else data))
    return Command(("local activity", ""), "local activity") if name == "core_local_activity" else None


def _patch(name: str) -> Command:
    return Command(("patch", name), f"patch {name}")


def _child(message: Any, timeouts: Any, arguments: Iterable[Payload]) -> Command:
    values = {"workflow_id": message.workflow_id, **_limits(timeouts, *_CHILD), **_retries(message.retry_policy)}
    payloads = {"arguments": _data(arguments), **_mapped(_fields_of(message.search_attributes))}
    name = getattr(message.workflow_type, "name", message.workflow_type)
    return Command(("child", name), f"child workflow {name}", values, payloads, defaults=True)


def _fields_of(attributes: Any) -> Mapping[str, Payload]:
    fields: Mapping[str, Payload] = getattr(attributes, "indexed_fields", attributes)
    return fields


def _signal(name: str, target: str, arguments: Iterable[Payload]) -> Command:
    return Command(("signal", name), f"signal {name}", {"to": target}, {"arguments": _data(arguments)})


def _again(kind: str, message: Any, arguments: Iterable[Payload]) -> Command:
    payloads = {"arguments": _data(arguments), **_mapped(_fields_of(message.search_attributes))}
    return Command(("end", "continued"), f"new run of {kind}", _limits(message, *_AGAIN), payloads, defaults=True)


def _ended(how: str, payloads: Iterable[Payload] = (), why: str = "") -> Command:
    return Command(("end", how), f"end of the workflow ({how})", {"why": why}, {"result": _data(payloads)})


_RECORDED: dict[str, Callable[[Any], Command | None]] = {
    "activity_task_scheduled_event_attributes": lambda e: _activity(
        e.activity_type.name, e.activity_id, e, e.input.payloads
    ),
    "timer_started_event_attributes": lambda e: _timer(e.timer_id, e),
    "timer_canceled_event_attributes": lambda e: Command(("cancel timer", e.timer_id), "cancellation of a timer"),
    "upsert_workflow_search_attributes_event_attributes": lambda e: _attributes(e.search_attributes.indexed_fields),
    "workflow_properties_modified_event_attributes": lambda e: Command(
        ("properties", ""), "properties", payloads=_mapped(e.upserted_memo.fields)
    ),
    "marker_recorded_event_attributes": lambda e: _marker(e.marker_name, e.details),
    "start_child_workflow_execution_initiated_event_attributes": lambda e: _child(e, e, e.input.payloads),
    "signal_external_workflow_execution_initiated_event_attributes": lambda e: _signal(
        e.signal_name, e.workflow_execution.workflow_id, e.input.payloads
    ),
    "request_cancel_external_workflow_execution_initiated_event_attributes": lambda e: Command(
        ("cancel workflow", e.workflow_execution.workflow_id), "cancellation of another workflow"
    ),
    "workflow_execution_completed_event_attributes": lambda e: _ended("completed", e.result.payloads),
    "workflow_execution_failed_event_attributes": lambda e: _ended("failed", why=e.failure.message),
    "workflow_execution_canceled_event_attributes": lambda e: _ended("cancelled", e.details.payloads),
    "workflow_execution_continued_as_new_event_attributes": lambda e: _again(
        e.workflow_type.name, e, e.input.payloads
    ),
}  # fmt: skip

_GIVEN: dict[str, Callable[[Any], Command]] = {
    "schedule_activity": lambda c: _activity(c.activity_type, c.activity_id, c, c.arguments),
    "schedule_local_activity": lambda c: Command(("local activity", ""), f"local activity {c.activity_type}"),
    "start_timer": lambda c: _timer(str(c.seq), c),
    "cancel_timer": lambda c: Command(("cancel timer", str(c.seq)), "cancellation of a timer"),
    "upsert_workflow_search_attributes": lambda c: _attributes(c.search_attributes.indexed_fields)
    or Command(("search attributes", ""), "search attributes"),
    "modify_workflow_properties": lambda c: Command(
        ("properties", ""), "properties", payloads=_mapped(c.upserted_memo.fields)
    ),
    "set_patch_marker": lambda c: _patch(c.patch_id),
    "start_child_workflow_execution": lambda c: _child(c, c, c.input),
    "signal_external_workflow_execution": lambda c: _signal(
        c.signal_name, c.child_workflow_id or c.workflow_execution.workflow_id, c.args
    ),
    "request_cancel_external_workflow_execution": lambda c: Command(
        ("cancel workflow", c.workflow_execution.workflow_id), "cancellation of another workflow"
    ),
    "complete_workflow_execution": lambda c: _ended("completed", [c.result] if c.HasField("result") else []),
    "fail_workflow_execution": lambda c: _ended("failed", why=c.failure.message),
    "cancel_workflow_execution": lambda c: _ended("cancelled", c.details),
    "continue_as_new_workflow_execution": lambda c: _again(c.workflow_type, c, c.arguments),
}  # fmt: skip
