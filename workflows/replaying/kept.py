"""What somebody kept of a case, held against what its history makes of it when it is replayed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from temporalio.client import WorkflowHistory

from domain.record.comparing import differing
from domain.record.findings import Finding
from workflows.replaying.commands import plain
from workflows.replaying.findings import findings_of, story_findings
from workflows.replaying.replay import Replayed
from workflows.replaying.story import Story


@dataclass(frozen=True)
class Kept:
    """A case as an archive or the database has it; `source` is how findings call the keeper.

    `revision` is the write that the keeper had last, of an open case; `ended` says that the history must be whole.
    """

    source: str
    story: Story | None = None
    plan: Any = None
    revision: int | None = None
    ended: bool = False

    @classmethod
    def of(
        cls,
        source: str,
        case: Mapping[str, Any],
        tasks: Iterable[Mapping[str, Any]],
        events: Iterable[Mapping[str, Any]],
        result: Any = None,
        **more: Any,
    ) -> Kept:
        """Returns what was kept, all of it plain JSON."""
        by_key = {str(task["key"]): dict(task) for task in tasks}
        by_number = {int(event["no"]): dict(event) for event in events}
        return cls(source, Story(dict(case), by_key, by_number, result), **more)


def audit(replayed: Replayed, kept: Kept | None = None) -> tuple[Finding, ...]:
    """Returns everything found by a replay, and everything that was kept and that it does not confirm."""
    found = list(findings_of(replayed))
    if kept is None:
        return tuple(found)
    if kept.ended and not _has_ended(replayed.history):
        found.append(Finding(place="history", what="it ends before the case does: something was cut off"))
    if kept.plan is not None:
        differences = differing(kept.plan, plan_of(replayed.history), "plan")
        what = "the plan the case ran on, by its history, is another one"
        found += [
            Finding(place=f"{kept.source}: {d.place}", what=what, recorded=d.recorded, found=d.found)
            for d in differences
        ]
    if kept.story is not None and replayed.refusal is None:
        found += _of_story(kept, kept.story, replayed)
    return tuple(found)


def _of_story(kept: Kept, story: Story, replayed: Replayed) -> Sequence[Finding]:
    writes = _up_to(replayed.writes, kept.revision)
    if not writes:
        return [Finding(place=kept.source, what="the history tells of no such state of the case")]
    told = Story.of(writes, replayed.result)
    if story.result is None:
        told.result = None  # it keeps none: the case is open, or it is no archive
    return story_findings(story, told, kept.source)


def _up_to(writes: Sequence[bytes], revision: int | None) -> Sequence[bytes]:
    """Returns the writes up to the last one of a revision: what the keeper had while later ones were under way."""
    if revision is None:
        return writes
    at = max((n for n, write in enumerate(writes, 1) if plain(write)["revision"] == revision), default=0)
    return writes[:at]


def plan_of(history: WorkflowHistory) -> Any:
    """Returns the plan that a case was started with, plain JSON; None for a workflow that has none."""
    given = history.events[0].workflow_execution_started_event_attributes.input.payloads
    start = plain(given[0].data) if given else None
    return start.get("plan") if isinstance(start, dict) else None


def _has_ended(history: WorkflowHistory) -> bool:
    return bool(history.events) and history.events[-1].HasField("workflow_execution_completed_event_attributes")
