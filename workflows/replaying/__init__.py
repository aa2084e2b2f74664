"""Replaying histories strictly, for audits and tests; no workflow imports this."""

from workflows.replaying.findings import Wording, findings_of, story_findings
from workflows.replaying.replay import Refusal, Replayed, replay, replays
from workflows.replaying.story import Story

__all__ = ["Refusal", "Replayed", "Story", "Wording", "findings_of", "replay", "replays", "story_findings"]
