"""Replaying histories strictly, for audits and tests; no workflow imports this."""

from workflows.replaying.findings import Wording, findings_of, story_findings
from workflows.replaying.kept import Kept, audit
from workflows.replaying.replay import Refusal, Replayed, replay, replays
from workflows.replaying.story import Story

__all__ = [
    "Kept",
    "Refusal",
    "Replayed",
    "Story",
    "Wording",
    "audit",
    "findings_of",
    "replay",
    "replays",
    "story_findings",
]
