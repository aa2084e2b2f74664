"""A confirmed quality issue leads to corrective and preventive actions that are followed to their end (Q8)."""

from __future__ import annotations

import pytest

from tests.support.people import accepted, followed_up
from tests.support.people_departments import (
    advised,
    closed_by_departments,
    issue_assessed,
    issue_forwarded,
    measures_checked,
    measures_done,
    receipt_brought,
    receipt_stored,
    served,
)
from tests.support.scene import Scene
from tests.workflows.conftest import Opener
from tests.workflows.test_deadlines_that_pass import until_due


async def an_issue(scene: Scene, verdict: str = "confirmed") -> None:
    """A quality issue found, forwarded and assessed."""
    await served(scene, "quality_issue", "consultation")
    await advised(scene)
    await issue_forwarded(scene)
    await issue_assessed(scene, verdict)


async def all_else_done(scene: Scene) -> None:
    """Everything after acceptance but the measures."""
    await accepted(scene)
    await receipt_brought(scene)
    await receipt_stored(scene)
    await followed_up(scene)


@pytest.mark.clause("Q8")
async def test_the_case_stays_open_until_its_measures_are_done_and_work(open_feedback: Opener) -> None:
    scene = await open_feedback(subject="quality_issue")
    await an_issue(scene)
    await all_else_done(scene)
    task = await scene.task("carry_out_measures")
    assert (task.role, task.about) == ("production_manager", "assess_quality_issue")
    await measures_done(scene)
    check = await scene.task("verify_measures")
    assert (check.role, check.about) == ("technical", "carry_out_measures")
    await measures_checked(scene)
    assert (await scene.end()).result == "resolved"
    told = scene.memory.tasks(scene.case_id)["verify_measures"].outcome
    assert told and told["reported_to"] == "General manager, monthly review"


@pytest.mark.clause("Q8")
async def test_measures_that_do_not_work_are_done_again(open_feedback: Opener) -> None:
    scene = await open_feedback(subject="quality_issue")
    await an_issue(scene)
    await all_else_done(scene)
    await measures_done(scene)
    await measures_checked(scene, "not_effective")
    again = await scene.task("carry_out_measures-2")
    assert again.reason == "Found not to work: Lot 8 drifts too"
    await measures_done(scene, key=again.key)
    await measures_checked(scene, key="verify_measures-2")
    assert (await scene.end()).result == "resolved"


@pytest.mark.clause("Q8", "X1")
async def test_measures_that_are_late_reach_management(open_feedback: Opener) -> None:
    scene = await open_feedback(subject="quality_issue")
    await an_issue(scene)
    await all_else_done(scene)
    await until_due(scene, "carry_out_measures")
    assert (await scene.task("acknowledge_breach")).role == "general_manager"
    assert (await scene.task("carry_out_measures")).is_open


@pytest.mark.clause("Q8")
async def test_an_issue_that_is_not_ours_needs_no_measures(open_feedback: Opener) -> None:
    scene = await open_feedback(subject="quality_issue")
    await an_issue(scene, "not_ours")
    await closed_by_departments(scene)
    assert (await scene.end()).result == "resolved"
    assert "carry_out_measures" not in scene.memory.tasks(scene.case_id)
