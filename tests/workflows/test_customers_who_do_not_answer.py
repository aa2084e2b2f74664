"""A silent customer (X10): attempts on record, a limited number of them, then a decision, never an endless wait."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.people import agreed, contacted, dispatched, located, no_answer, visited
from tests.support.scene import rapid_response
from tests.support.ways import walk_to
from tests.workflows.conftest import Opener


@pytest.mark.clause("X10", "R3")
async def test_an_attempt_is_recorded_and_leaves_the_deadline_where_it_was(open_case: Opener) -> None:
    scene = await open_case()
    first = await scene.task("contact_customer")
    await scene.do("contact_customer", reached="no_answer", notes="Rang ten times")
    again = await scene.task("contact_customer")
    assert (again.attempts, again.activity_id, again.due_at) == (1, "contact_customer~2", first.due_at)
    attempted = await scene.event("attempted", "contact_customer")
    assert (attempted.data["attempt"], attempted.data["outcome"]["notes"]) == (1, "Rang ten times")


@pytest.mark.clause("X10")
async def test_a_plan_can_let_an_attempt_meet_the_clock(open_case: Opener) -> None:
    plan = rapid_response()
    plan = plan.model_copy(update={"attempts": plan.attempts.model_copy(update={"meets_clock": True})})
    scene = await open_case(plan=plan)
    first = await scene.task("contact_customer")
    await scene.do("contact_customer", reached="no_answer")
    again = await scene.task("contact_customer")
    assert again.due_at and first.due_at and again.due_at > first.due_at
    assert (await scene.event("promised", "contact_customer")).data["replaces"] == first.due_at.isoformat()


@pytest.mark.clause("X10")
@pytest.mark.parametrize("decision", ["keep_trying", "go_on", "end_unresolved"])
async def test_after_the_last_attempt_somebody_decides(open_case: Opener, decision: str) -> None:
    scene = await open_case()
    await no_answer(scene, "contact_customer")
    question = await scene.task("decide_on_silence")
    assert (question.role, question.about) == ("service_manager", "contact_customer")
    await scene.do("decide_on_silence", decision=decision, reason="The customer is on holiday")
    if decision == "keep_trying":
        again = await scene.task("contact_customer-2")
        assert again.due_at and again.offered_at and again.due_at - again.offered_at == timedelta(hours=12)
        await scene.do("contact_customer-2", reached="yes", requirement="Repair")
        await scene.task("remote_diagnosis")
    elif decision == "go_on":
        await scene.task("remote_diagnosis")
    else:
        assert (await scene.end()).result == "unresolved"


@pytest.mark.clause("X10", "R4")
async def test_a_diagnosis_that_reaches_nobody_can_go_on_to_dispatch(open_case: Opener) -> None:
    scene = await open_case()
    await contacted(scene)
    await no_answer(scene, "remote_diagnosis")
    await scene.do("decide_on_silence", decision="go_on", reason="Send an engineer")
    assignment = await scene.task("assign_engineer")
    assert assignment.due_at and assignment.due_at > await scene.now()


@pytest.mark.clause("X10", "R5", "R6")
@pytest.mark.parametrize("task", ["engineer_call", "confirm_plan", "receive_item", "factory_receipt"])
async def test_what_cannot_go_on_without_the_customer_is_tried_again_or_ended(open_case: Opener, task: str) -> None:
    scene = await open_case()
    await walk_to(scene, task)
    await no_answer(scene, task)
    assert (await scene.task("decide_on_absence")).about == task
    await scene.do("decide_on_absence", decision="keep_trying", reason="Another number was found")
    again = await scene.task(f"{task}-2")
    assert again.due_at and again.due_at > await scene.now()
    await no_answer(scene, again.key)
    await scene.do("decide_on_absence-2", decision="end_unresolved", reason="The firm has closed")
    if task in ("receive_item", "factory_receipt"):
        await located(scene, "kept")
    assert (await scene.end()).result == "unresolved"


@pytest.mark.clause("X10", "R6")
async def test_a_visit_that_met_nobody_leads_to_another_appointment_and_in_the_end_to_a_decision(
    open_case: Opener,
) -> None:
    scene = await open_case()
    await dispatched(scene, "on_site")
    for key in ("site_visit", "site_visit-2", "site_visit-3"):
        await scene.do(key, result="nobody_there", notes="Gate locked")
        if key != "site_visit-3":
            number = 2 if key == "site_visit" else 3
            await agreed(scene, "on_site", key=f"engineer_call-{number}")
    assert (await scene.task("decide_on_absence")).about == "site_visit-3"
    await scene.do("decide_on_absence", decision="keep_trying", reason="The gate has a bell now")
    await agreed(scene, "on_site", key="engineer_call-4")
    await visited(scene, key="site_visit-4")
    await scene.task("confirm_plan")


@pytest.mark.clause("X10", "R9")
async def test_a_customer_who_gives_no_feedback_does_not_hold_up_the_archive(open_case: Opener) -> None:
    scene = await open_case()
    await walk_to(scene, "follow_up")
    await scene.do("settlement", cost_list="No costs", payment="nothing_due")
    await no_answer(scene, "follow_up")
    await scene.do("decide_on_silence", decision="go_on", reason="Enough calls")
    assert (await scene.end()).result == "resolved"


@pytest.mark.clause("X8", "X10")
async def test_an_attempt_sent_twice_counts_once(open_case: Opener) -> None:
    scene = await open_case()
    await scene.do("contact_customer", reached="no_answer", submission="S-1")
    await scene.do("contact_customer", reached="no_answer", submission="S-1")
    assert (await scene.task("contact_customer")).attempts == 1
    assert "same submission" in (await scene.event("outcome_refused", "contact_customer")).data["reason"]
