"""Replays histories strictly.

The engine's own replay accepts a changed deadline, a changed argument, even another final result: it holds kinds and
names of commands against the history and nothing else. Here every command that the code gives is compared with the
recorded one in all it says, and what the code tells the read side is kept, to be compared with what was archived.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory
from temporalio.runtime import Runtime, TelemetryConfig
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from core.payloads import data_converter
from workflows import WORKFLOWS, runner
from workflows.replaying.commands import Command
from workflows.replaying.story import Story
from workflows.replaying.strict import Divergence, Strict
from workflows.replaying.watching import Watched, noting

_LINES = re.compile(r'File "[^"]*?(workflows/(?!replaying)[^"]+|[^"/]+)", line (\d+), in (\w+)')


_MESSAGE = re.compile(r'message: ("(?:[^"\\]|\\.)*")')
_CODE = re.compile(r"^\[TMPRL\d+\]\s*")


@cache
def _quiet() -> Runtime:
    """An engine for replays that prints nothing: what it would log is in what is found."""
    return Runtime(telemetry=TelemetryConfig(logging=None))


@dataclass(frozen=True)
class Refusal:
    """The code cannot replay a history at all: a case that is open would stand still.

    `event_id` is the first recorded command that the code did not give, `recorded` what it is, `given` what the code
    asked for in its place, empty when it asked for nothing; `place` is the line of the workflow, where it is known,
    `words` those of the engine, or of what the code raised.
    """

    words: str
    event_id: int = 0
    recorded: str = ""
    given: str = ""
    place: str = ""
    raised: bool = False


@dataclass
class Replayed:
    """What came of one replay: nothing in `refusal`, `divergences` and `missing` says that it was strict."""

    history: WorkflowHistory
    workflow: str
    begun: bool = True
    """False when no workflow task is recorded yet: there was nothing to replay."""
    refusal: Refusal | None = None
    divergences: list[Divergence] = field(default_factory=list)
    missing: list[Command] = field(default_factory=list)
    """Recorded commands that the code never gave."""
    surplus: list[Command] = field(default_factory=list)
    """Commands of the code that nothing in the history answers to."""
    local: list[str] = field(default_factory=list)
    """Local activities: their answers may be taken up elsewhere in the run than in a replay."""
    writes: list[bytes] = field(default_factory=list)
    result: bytes | None = None

    def story(self) -> Story:
        """Returns the case as the code of today tells it."""
        return Story.of(self.writes, self.result)


async def replays(
    histories: AsyncIterable[WorkflowHistory], *, workflows: Sequence[type] = WORKFLOWS, sandboxed: bool = False
) -> AsyncIterator[Replayed]:
    """Replays clear histories one after another and yields what came of each.

    One that holds no completed workflow task has nothing to replay, and comes back at once.

    A replay is several times as fast outside the sandbox, which only looks for code that would not replay; `sandboxed`
    runs it as the tests do.
    """
    watched = Watched(runner() if sandboxed else UnsandboxedWorkflowRunner())
    current = _Under(WorkflowHistory("", []))
    at_once: list[Replayed] = []

    async def prepared() -> AsyncIterator[WorkflowHistory]:
        nonlocal current
        async for history in histories:
            coming = _Under(history)
            if not _has_begun(history):
                at_once.append(coming.ended(None))
                continue
            current, watched.heard = coming, coming.hear
            yield _with_an_end(history)

    replayer = Replayer(
        workflows=workflows,
        data_converter=data_converter,
        workflow_runner=watched,
        debug_mode=True,  # else two seconds without the processor, on a busy machine, would be held against the case
        interceptors=[noting(watched.places)],
        runtime=_quiet(),
    )
    async with replayer.workflow_replay_iterator(prepared()) as results:
        async for result in results:
            while at_once:
                yield at_once.pop(0)
            yield current.ended(result.replay_failure)
    for one in at_once:
        yield one


async def replay(
    history: WorkflowHistory, *, workflows: Sequence[type] = WORKFLOWS, sandboxed: bool = False
) -> Replayed:
    """Replays one clear history; see `replays`."""

    async def only() -> AsyncIterator[WorkflowHistory]:
        yield history

    found = [one async for one in replays(only(), workflows=workflows, sandboxed=sandboxed)]
    return found[0]


_COMPLETED = EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED


def _has_begun(history: WorkflowHistory) -> bool:
    return any(event.event_type == _COMPLETED for event in history.events)


def _with_an_end(history: WorkflowHistory) -> WorkflowHistory:
    """Returns a history that the engine's replay comes to an end with.

    It waits for ever for what follows the first workflow task where nothing does.
    """
    last = history.events[-1]
    if last.event_type != _COMPLETED or sum(event.event_type == _COMPLETED for event in history.events) > 1:
        return history
    following = HistoryEvent(event_id=last.event_id + 1, event_type=EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED)
    following.event_time.CopyFrom(last.event_time)
    following.workflow_task_scheduled_event_attributes.attempt = 1
    return WorkflowHistory(history.workflow_id, [*history.events, following])


class _Under:
    """One history while it is replayed."""

    def __init__(self, history: WorkflowHistory) -> None:
        self._history = history
        self._strict = Strict.of(history.events)
        self._raised = self._raised_at = ""

    def hear(self, act: Any, completion: Any, places: list[str]) -> None:
        """Takes the commands of an activation that the history answers to; what lies after its end is not compared."""
        if completion.HasField("failed"):
            self._raised, self._raised_at = _root_of(completion.failed.failure)
        elif act.is_replaying:
            self._strict.take(completion.successful.commands, places, act.history_length)

    def ended(self, failure: Exception | None) -> Replayed:
        """Says what came of it."""
        strict, events = self._strict, self._history.events
        kind = events[0].workflow_execution_started_event_attributes.workflow_type.name if events else ""
        begun = _has_begun(self._history)
        replayed = Replayed(self._history, kind, begun, divergences=strict.divergences, local=strict.local)
        replayed.writes, replayed.result = strict.writes, strict.result
        if failure is not None:
            replayed.refusal = refusal = self._refusal(failure)
            replayed.divergences = [one for one in strict.divergences if one.event_id < refusal.event_id]
        else:
            replayed.missing, replayed.surplus = strict.left(), list(strict.unsent.values())
        return replayed

    def _refusal(self, failure: Exception) -> Refusal:
        recorded, given = self._strict.first_mismatch()
        return Refusal(
            words=self._raised or _own_words(str(failure)),
            event_id=recorded.event_id if recorded else 0,
            recorded=recorded.label if recorded else "",
            given="" if self._raised or given is None else given.label,
            place=self._raised_at or (given.place if given else ""),
            raised=bool(self._raised),
        )


def _root_of(failure: Any) -> tuple[str, str]:
    """Returns what was raised first, in words, and the line of the workflow that did."""
    while failure.HasField("cause"):
        failure = failure.cause
    kind = failure.application_failure_info.type
    return (f"{kind}: {failure.message}" if kind else failure.message), _last_line(failure.stack_trace)


def _own_words(failure: str) -> str:
    """Returns what the engine says, without the structures it wraps that in."""
    inner = _MESSAGE.findall(failure)
    return _CODE.sub("", json.loads(inner[-1]) if inner else failure)


def _last_line(trace: str) -> str:
    """Returns the innermost line of a workflow in a traceback, as `workflows/case.py:12 in perform`."""
    found = [one for one in _LINES.findall(trace) if one[0].startswith("workflows/")] or _LINES.findall(trace)
    return "{}:{} in {}".format(*found[-1]) if found else ""
