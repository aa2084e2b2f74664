"""What a case's workflow told the read side: its state, its tasks, its record, and in the end its result."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from workflows.replaying.commands import plain

PROJECT_CASE = "project_case"


@dataclass
class Story:
    """A case as its writes tell it, all plain JSON: `case`, `tasks` by key, `events` by number, `result` once it ended.

    `runs_told` counts the writes that told everything anew, the first one included.
    """

    case: dict[str, Any] | None = None
    tasks: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: dict[int, dict[str, Any]] = field(default_factory=dict)
    result: Any = None

    @classmethod
    def of(cls, writes: Iterable[bytes], result: bytes | None) -> Story:
        """Returns the case after all of these writes, each the argument of `project_case` as it was handed over."""
        told = cls(result=plain(result) if result else None)
        for write in writes:
            told.take(plain(write))
        return told

    def take(self, write: dict[str, Any]) -> None:
        """Adds one write."""
        if write["whole"]:
            self.tasks, self.events = {}, {}
        self.case = write["case"]
        self.tasks |= {task["key"]: task for task in write["tasks"]}
        self.events |= {event["no"]: event for event in write["events"]}
