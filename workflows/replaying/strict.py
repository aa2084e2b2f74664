"""Holds what running code asks of the engine against what a history recorded, field by field."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Any

from temporalio.api.history.v1 import HistoryEvent

from domain.record.comparing import Difference, differing
from workflows.replaying.commands import Command, given_command, plain, recorded_command
from workflows.replaying.story import PROJECT_CASE

_CANCELS = {"cancel timer": "timer", "cancel activity": "activity"}
_MILLISECOND = 0.001


@dataclass(frozen=True)
class Divergence:
    """One place at which code does otherwise than a history says.

    `command` is what was recorded (or given, where nothing was recorded), `event_id` where it stands in the history.
    """

    command: str
    event_id: int
    difference: Difference
    place: str = ""
    activity: str = ""
    of_case: bool = False
    """True for a place in what the read side was told of a case."""


@dataclass
class Strict:
    """Takes the commands of a replay as they are given; afterwards says what differed."""

    expected: dict[tuple[str, str], deque[Command]] = field(default_factory=lambda: defaultdict(deque))
    divergences: list[Divergence] = field(default_factory=list)
    writes: list[bytes] = field(default_factory=list)
    """The argument of each write of the read side that the code made, in order."""
    result: bytes | None = None
    """What the code returned."""
    local: list[str] = field(default_factory=list)
    given: list[Command] = field(default_factory=list)
    """The commands of the workflow task that is replayed now."""
    unsent: dict[tuple[str, str], Command] = field(default_factory=dict)
    """Given and not recorded (yet): what is cancelled in the same moment never reaches the engine."""
    recorded: list[Command] = field(default_factory=list)
    """Every command of the history, in order."""
    _task: int = 0
    _done: int = 0
    """Commands of the history that were met before the present workflow task."""
    _met: int = 0
    _activities: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Sequence[HistoryEvent]) -> Strict:
        """Returns what expects the commands of a history (clear payloads)."""
        strict = cls()
        for event in events:
            command = recorded_command(event)
            if command is not None:
                strict.recorded.append(command)
                strict.expected[command.identity].append(command)
        return strict

    def take(self, commands: Sequence[Any], places: Sequence[str], task: int) -> None:
        """Takes the commands of one activation; `places` are those of its activities, in order, `task` where it is."""
        if task != self._task:
            self._task, self.given, self._done = task, [], self._met
        told = iter(places)
        for one in commands:
            if one.HasField("schedule_activity"):
                self._activities[one.schedule_activity.seq] = one.schedule_activity.activity_id
            given = given_command(one, self._activities)
            if given is None:
                continue
            if given.activity:
                given.place = next(told, "")
            self.given.append(given)
            self._match(given)

    def _match(self, given: Command) -> None:
        kind, name = given.identity
        if given.activity == PROJECT_CASE:
            self.writes += given.payloads["arguments"]
        elif given.identity == ("end", "completed"):
            self.result = given.payloads["result"][0] if given.payloads["result"] else None
        elif kind == "local activity":
            self.local.append(given.label)
        cancels = _CANCELS.get(kind)
        if cancels and (never := self.unsent.pop((cancels, name), None)):
            self.given = [one for one in self.given if one is not never and one is not given]
            return
        waiting = self.expected.get(given.identity)
        if waiting:
            self._met += 1
            self._compare(waiting.popleft(), given)
        elif not cancels:  # whether a cancellation is recorded is the engine's to check: an ended wait needs none
            self.unsent[given.identity] = given

    def _compare(self, recorded: Command, given: Command) -> None:
        if recorded.activity != given.activity:
            self._note(recorded, given, Difference("type", recorded.activity, given.activity))
            return
        for name, then in recorded.values.items():
            now = given.values.get(name)
            if not _same(then, now) and not (recorded.defaults and _left_out(name, now, recorded)):
                self._note(recorded, given, Difference(name, then, now))
        for name in {**recorded.payloads, **given.payloads}:
            before, after = recorded.payloads.get(name), given.payloads.get(name)
            if before == after or (name == "summary" and before is None):
                continue  # a server that keeps no summaries shows none
            then_plain, now_plain = (_arguments(payloads) for payloads in (before, after))
            at = "" if name == "arguments" else name
            of_case = recorded.activity == PROJECT_CASE and not at
            for found in differing(then_plain, now_plain, at):
                self._note(recorded, given, found, of_case=of_case)

    def _note(self, recorded: Command, given: Command, difference: Difference, *, of_case: bool = False) -> None:
        self.divergences.append(
            Divergence(recorded.label, recorded.event_id, difference, given.place, recorded.activity, of_case)
        )

    def first_mismatch(self) -> tuple[Command | None, Command | None]:
        """Returns the first command of the present workflow task that is another one than recorded, with that one.

        The engine takes commands in their order, so the first one that does not fit is where code and history part.
        """
        for recorded, given in zip_longest(self.recorded[self._done :], self.given):
            if given is None or recorded is None or not _one_kind(recorded, given):
                return recorded, given
        return None, None

    def left(self) -> list[Command]:
        """Returns what was recorded and never given, in the order of the history."""
        return sorted((one for waiting in self.expected.values() for one in waiting), key=lambda one: one.event_id)


def _one_kind(recorded: Command, given: Command) -> bool:
    return recorded.identity == given.identity and recorded.activity == given.activity


def _same(then: Any, now: Any) -> bool:
    if isinstance(then, float) and isinstance(now, int | float):
        return abs(then - now) < _MILLISECOND
    return bool(then == now)


def _left_out(name: str, now: Any, recorded: Command) -> bool:
    """True for a value that code leaves to the server, where the record shows what the server makes of that."""
    if now:
        return False
    then = recorded.values[name]
    if name.endswith("_timeout"):
        # it fills in a timeout with another one, or with the run's
        others = [value for key, value in recorded.values.items() if key.endswith("_timeout") and key != name]
        return then in others or name not in ("schedule_to_close_timeout", "start_to_close_timeout")
    if name == "retries.maximum_interval":
        return _same(then, 100 * recorded.values["retries.initial_interval"])
    return name.startswith("retries.") and now in (0, None, 0.0)


def _arguments(payloads: list[bytes] | None) -> Any:
    values = [plain(payload) for payload in payloads or ()]
    return values[0] if len(values) == 1 else values
