"""What people say in the same moment: a withdrawal or a decision is not undone by what a step brings in afterwards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from tests.support.people import (
    COVERED,
    FREIGHT,
    LINE,
    NOT_COVERED,
    at_the_factory,
    contacted,
    decided,
    dispatched,
    factory_found,
    finished,
    followed_up,
    instructed,
    replaced,
    returned,
    settled,
    solved_remotely,
    visited,
)
from tests.support.scene import Memory, Scene, activities_of_a_scene, person
from tests.support.skipping_clock import SkippingClock
from tests.workflows.conftest import QUEUE, Opener, hold_against_the_rules
from workflows import WORKFLOWS, runner


@asynccontextmanager
async def staffed(env: WorkflowEnvironment, memory: Memory) -> AsyncIterator[None]:
    """A worker for as long as the block lasts; without its cache, so that it goes on where another one stopped."""
    activities = activities_of_a_scene(env.client, memory)
    async with Worker(
        env.client,
        task_queue=QUEUE,
        workflows=WORKFLOWS,
        activities=activities,
        workflow_runner=runner(),
        max_cached_workflows=0,
    ):
        yield


@pytest.mark.clause("X5", "X12")
async def test_a_customer_who_withdrew_first_has_withdrawn_whatever_is_accepted_then(
    skipping: WorkflowEnvironment, memory: Memory
) -> None:
    async with staffed(skipping, memory):
        scene = await Scene.open(skipping.client, QUEUE, memory, SkippingClock(skipping))
        await contacted(scene)
        await solved_remotely(scene)
        await scene.task("acceptance")
        await scene.rest()
    await scene.say("withdraw", reason="Bought another one")
    await scene.submit(
        "acceptance",
        by=person("customer_service"),
        decision="accepted",
        checks="x",
        signed_by="C",
        signature="electronic",
        evidence="e",
    )
    async with staffed(skipping, memory):
        assert (await scene.end()).result == "withdrawn"
        await hold_against_the_rules(scene, WORKFLOWS)


@pytest.mark.clause("X3")
async def test_a_decided_replacement_is_not_undone_by_a_call_entered_in_the_same_moment(
    skipping: WorkflowEnvironment, memory: Memory
) -> None:
    async with staffed(skipping, memory):
        scene = await Scene.open(skipping.client, QUEUE, memory, SkippingClock(skipping))
        await scene.say("escalate", reason="Third failure of this machine")
        await scene.task("special_case")
        await scene.rest()
    now = await scene.now()
    await scene.submit("special_case", by=person("general_manager"), decision="replace", reason="Third failure")
    await scene.submit("contact_customer", by=person("customer_service"), reached="yes", requirement="Repair")
    async with staffed(skipping, memory):
        await scene.task("send_replacement")
        assert (await scene.state()).resolution == "replacement"
        assert now <= await scene.now()


@pytest.mark.clause("X1", "X3")
async def test_a_question_asked_when_a_late_task_is_done_reaches_the_panel(open_case: Opener) -> None:
    scene = await open_case()
    await at_the_factory(scene)
    for _ in range(20):
        if "special_case" in await scene.open_tasks():
            break
        await scene.advance(hours=24)
    await factory_found(scene, "not_repairable")
    await scene.rest()
    asked = [task for task in (await scene.open_tasks()).values() if task.kind == "special_case"]
    assert ["cannot repair" in (task.reason or "") for task in asked] == [True]
    assert (await scene.state()).special_case_open


@pytest.mark.clause("X1")
async def test_the_panel_keeps_what_is_still_late_when_one_of_two_late_tasks_is_done(open_case: Opener) -> None:
    scene = await open_case()
    await contacted(scene)
    await solved_remotely(scene)
    await scene.do(
        "acceptance", decision="accepted", checks="x", signed_by="Chen Yu", signature="electronic", evidence="e"
    )
    for _ in range(30):
        tasks = await scene.open_tasks()
        if all(tasks[key].escalation_level > 1 for key in ("settlement", "follow_up")):
            break
        await scene.advance(hours=12)
    await followed_up(scene)
    await scene.rest()
    special = (await scene.open_tasks())["special_case"]
    assert "settle" in (special.reason or "")
    await settled(scene)
    await scene.rest()
    assert "special_case" not in await scene.open_tasks()


@pytest.mark.clause("X1")
async def test_a_case_is_not_filed_before_a_missed_deadline_is_acknowledged(open_case: Opener) -> None:
    scene = await open_case()
    await scene.task("contact_customer")
    await scene.advance(hours=12, minutes=1)
    await scene.task("acknowledge_breach")
    await contacted(scene)
    await solved_remotely(scene)
    await finished(scene)
    await scene.rest()
    assert ((await scene.state()).stage, list(await scene.open_tasks())) == ("archive", ["acknowledge_breach"])
    await scene.do("acknowledge_breach", measures="A second person answers the phone in the mornings")
    assert (await scene.end()).result == "resolved"


@pytest.mark.clause("X3", "X9")
async def test_costs_waived_in_advance_stay_waived(open_case: Opener) -> None:
    scene = await open_case()
    await dispatched(scene, "on_site")
    await scene.say("escalate", reason="Good will")
    await decided(scene, "waive_cost")
    await visited(scene, costs=[FREIGHT], **NOT_COVERED)
    await scene.task("confirm_plan")
    assert [line.payer for line in (await scene.state()).costs] == ["company"]


@pytest.mark.clause("R8", "X5")
async def test_what_the_company_bears_is_still_settled_after_a_withdrawal(open_case: Opener) -> None:
    scene = await open_case()
    await at_the_factory(scene)
    await factory_found(scene, "repaired", costs=[LINE], **COVERED)
    await scene.task("return_item")
    await scene.say("withdraw", reason="Bought another one")
    await returned(scene, key="return_item-2")
    await settled(scene)
    assert (await scene.end()).result == "withdrawn"
    assert [line.text for line in scene.memory.case(scene.case_id).costs] == ["Blade set, 2"]


@pytest.mark.clause("X5")
@pytest.mark.parametrize(("found", "then"), [("kept", "withdrawn"), ("with_us", "return_item")])
async def test_an_item_on_its_way_is_looked_for_before_the_case_ends(open_case: Opener, found: str, then: str) -> None:
    scene = await open_case()
    await dispatched(scene, "factory_return")
    await instructed(scene)
    await scene.task("factory_receipt")
    await scene.say("withdraw", reason="Bought another one")
    await scene.do("locate_item", result=found, told_by="Call to Chen Yu")
    if then == "return_item":
        await returned(scene)
    assert (await scene.end()).result == "withdrawn"


@pytest.mark.clause("R3")
async def test_a_replacement_decided_before_registration_still_has_a_work_order(open_case: Opener) -> None:
    scene = await open_case()
    await scene.task("contact_customer")
    await scene.say("escalate", reason="Recall of this model")
    await decided(scene, "replace")
    await replaced(scene)
    await finished(scene)
    assert (await scene.end()).result == "replaced"
    assert scene.memory.case(scene.case_id).work_order


@pytest.mark.clause("R6", "X10")
async def test_a_visit_that_met_nobody_leads_to_a_new_appointment_and_at_last_to_a_decision(open_case: Opener) -> None:
    scene = await open_case()
    await dispatched(scene, "on_site")
    for number in range(1, 4):
        key = "site_visit" if number == 1 else f"site_visit-{number}"
        await scene.do(key, result="nobody_there")
        if number < 3:
            soon = (await scene.now() + timedelta(days=1)).isoformat()
            await scene.do(f"engineer_call-{number + 1}", reached="yes", method="on_site", appointment=soon)
    await scene.do("decide_on_absence", decision="end_unresolved", reason="Moved away")
    assert (await scene.end()).result == "unresolved"


@pytest.mark.clause("X4", "R6")
async def test_a_pause_does_not_move_an_appointment_and_a_new_one_is_on_record_with_who_agreed_it(
    open_case: Opener,
) -> None:
    scene = await open_case()
    appointment = await scene.now() + timedelta(days=3)
    await dispatched(scene, "on_site", appointment=appointment)
    before = await scene.task("site_visit")
    assert before.due_at == appointment + timedelta(hours=2)
    await scene.say("pause", reason="Away", until=(await scene.now() + timedelta(days=1)).isoformat())
    await scene.advance(hours=25)
    assert (await scene.task("site_visit")).due_at == before.due_at
    moved = appointment + timedelta(days=2)
    engineer = person("engineer", "wang.lei")
    await scene.say(
        "reschedule", by=engineer, task="site_visit", appointment=moved.isoformat(), reason="Fair", told="Call"
    )
    await scene.rest()
    assert (await scene.task("site_visit")).due_at == moved + timedelta(hours=2)
    event = (await scene.events("rescheduled"))[0]
    assert (event.actor.user, event.data["told"]) == ("wang.lei", "Call")
