"""A real change behind `workflow.patched`: what ran before goes on, and without the patch it would not."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment

from core.history_json import history_of_json
from domain.actions import ActionStatus
from domain.events import EventKind
from tests.goldens.before_patches import FOLDER, RECORDED, answering
from tests.support.action_scene import Written, opened_action
from tests.support.strict_replay import replay_differences
from tests.workflows.conftest import skipping_server
from workflows.replaying import Wording, findings_of, replay

VERSIONS = Path(__file__).parents[1] / "goldens"
RELEASED = sorted(VERSIONS.glob("[0-9]*/*.json"))


def history(file: Path) -> WorkflowHistory:
    return history_of_json(file.read_bytes(), file.stem)


def test_every_patch_has_a_history_of_before() -> None:
    assert sorted(file.stem for file in FOLDER.glob("*.json")) == sorted(RECORDED)


def test_the_golden_histories_of_every_release_are_kept() -> None:
    """From 1.0 on: `python -m tests.goldens.keep VERSION` puts those of the day of the release aside."""
    changelog = (VERSIONS.parents[1] / "CHANGELOG.md").read_text("utf-8")
    released = re.findall(r"^## \[?([1-9]\d*\.\d+(?:\.\d+)?)\b", changelog, re.MULTILINE)
    assert {file.parent.name for file in RELEASED} == set(released)


async def test_what_every_released_version_ran_replays() -> None:
    found = {f"{file.parent.name} {file.stem}": findings_of(await replay(history(file))) for file in RELEASED}
    assert {name: findings for name, findings in found.items() if findings} == {}


@pytest.mark.parametrize("patch", RECORDED)
async def test_what_ran_before_a_patch_replays_through_its_old_branch(patch: str) -> None:
    before = history(FOLDER / f"{patch}.json")
    assert not any(event.HasField("marker_recorded_event_attributes") for event in before.events)
    assert findings_of(await replay(before, sandboxed=True)) == ()


@pytest.mark.parametrize("patch", RECORDED)
async def test_without_the_patch_it_would_stand_still_and_the_audit_says_where(patch: str) -> None:
    with answering(patch, answer=True):
        (finding, *_) = findings_of(await replay(history(FOLDER / f"{patch}.json")))
    assert Wording.STANDS_STILL in finding.what
    assert finding.place.startswith("event ")
    assert finding.recorded != finding.found


@pytest.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    async with skipping_server() as env:
        yield env


async def test_a_new_action_is_reminded_before_each_of_its_deadlines(skipping: WorkflowEnvironment) -> None:
    written = Written()
    async with opened_action(skipping, written) as action:
        await action.step("carry_out_action")
        await action.clock.advance(action.handle, timedelta(days=20))
        await action.do("carry_out_action", "engineer", done="At last")
        await action.verify("effective")
        assert await action.handle.result() is ActionStatus.EFFECTIVE
        after = await action.handle.fetch_history()
    kinds = [event.kind for event in written.writes[-1].state.events if event.task == "carry_out_action"]
    breaches = kinds.count(EventKind.BREACHED)
    assert breaches >= 2
    assert kinds.count(EventKind.REMINDED) >= breaches, "a reminder precedes every deadline"
    assert any(event.HasField("marker_recorded_event_attributes") for event in after.events)
    assert await replay_differences(after, sandboxed=True) == []
