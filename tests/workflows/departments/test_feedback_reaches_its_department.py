"""Feedback is recorded, sorted and forwarded (Q4), gets a service mode (Q5), and each task its department (Q1, Q2)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.people import acceptance_refused, decided, followed_up, no_answer
from tests.support.people_departments import (
    advised,
    at_the_customers,
    closed_by_departments,
    document_updated,
    guided,
    issue_assessed,
    issue_forwarded,
    mode_picked,
    not_solved,
    recorded,
    served,
    trained,
    visit_agreed,
    visited_for_service,
)
from tests.support.scene import Scene
from tests.workflows.conftest import Opener


async def roles(scene: Scene) -> dict[str, str]:
    """The role of every task so far."""
    return {key: task.role for key, task in (await scene.tasks()).items()}


@pytest.mark.clause("Q1", "Q2", "Q3", "Q4", "Q5", "Q7")
async def test_technical_support_goes_from_the_call_to_the_archive(open_feedback: Opener) -> None:
    scene = await open_feedback(subject="technical_support")
    await recorded(scene)
    await mode_picked(scene, "consultation")
    await advised(scene)
    await closed_by_departments(scene)
    assert (await scene.end()).result == "resolved"
    assert await roles(scene) == {
        "record_feedback": "sales",
        "choose_mode": "production_after_sales",
        "consultation": "technical",
        "acceptance": "production_after_sales",
        "bring_receipt": "production_after_sales",
        "store_receipt": "finance",
        "follow_up": "sales",
    }
    state = scene.memory.case(scene.case_id)
    assert (state.work_order, state.resolution) == ("QP-2026-000001", "consultation")
    assert state.feedback and state.feedback.subject == "technical_support"
    assert state.application.subject == "technical_support"


@pytest.mark.clause("Q1")
async def test_production_gives_technical_support_where_the_plan_says_so(open_feedback: Opener) -> None:
    scene = await open_feedback({"technical_support": None})
    await served(scene, "technical_support", "consultation")
    assert (await scene.task("consultation")).role == "production_after_sales"


@pytest.mark.clause("Q4")
async def test_feedback_is_forwarded_at_once_counted_from_the_call(open_feedback: Opener) -> None:
    scene = await open_feedback(applied_ago=timedelta(minutes=5))
    task, state = await scene.task("record_feedback"), await scene.state()
    assert task.due_at == state.applied_at + timedelta(minutes=15)
    await recorded(scene)
    assert (await scene.task("choose_mode")).role == "production_after_sales"
    assert "forwarding" in (await scene.state()).instants


@pytest.mark.clause("Q2", "Q3")
async def test_training_on_site_is_a_visit_with_a_record_of_who_attended(open_feedback: Opener) -> None:
    scene = await open_feedback(subject="training")
    await recorded(scene, "training")
    await mode_picked(scene, "remote_guidance")
    refused = await scene.event("outcome_refused", "choose_mode")
    assert "on-site training is a visit" in refused.data["reason"]
    await mode_picked(scene, "visit")
    await visit_agreed(scene)
    visit = await scene.task("service_visit")
    assert (visit.role, (await scene.state()).appointment) == (
        "production_after_sales",
        visit.due_at - timedelta(hours=4) if visit.due_at else None,
    )
    await visited_for_service(scene)
    await trained(scene)
    await scene.task("acceptance")
    assert (await scene.tasks())["training_record"].outcome == {
        "topics": "Daily care of the press", "trainer": "Zhao Gang", "attendees": ["Chen Yu", "Wu Min"], "hours": 3,
        "attachments": [],
    }  # fmt: skip


@pytest.mark.clause("Q2", "Q3")
async def test_a_document_is_updated_by_the_technical_department(open_feedback: Opener) -> None:
    scene = await open_feedback(subject="document_update")
    await served(scene, "document_update", "remote_guidance")
    await guided(scene)
    assert (await scene.task("update_document")).role == "technical"
    await document_updated(scene)
    await scene.task("acceptance")


@pytest.mark.clause("Q2")
async def test_a_document_that_is_right_is_explained_instead(open_feedback: Opener) -> None:
    scene = await open_feedback()
    await served(scene, "document_update", "consultation")
    await advised(scene)
    await scene.do("update_document", result="right_as_it_is", number="OM-100", explanation="Table 4 has the value")
    await scene.task("acceptance")


@pytest.mark.clause("Q2", "Q1")
async def test_a_quality_issue_is_found_forwarded_and_assessed_until_nothing_is_open(open_feedback: Opener) -> None:
    scene = await open_feedback(subject="quality_issue")
    await served(scene, "quality_issue", "consultation")
    await advised(scene)
    await issue_forwarded(scene)
    assert (await scene.task("assess_quality_issue")).about == "forward_quality_issue"
    await issue_assessed(scene, "more_needed")
    await issue_forwarded(scene, key="forward_quality_issue-2")
    await issue_assessed(scene, "confirmed", key="assess_quality_issue-2")
    await scene.task("acceptance")
    departments = await roles(scene)
    assert (departments["forward_quality_issue-2"], departments["assess_quality_issue-2"]) == (
        "production_after_sales",
        "technical",
    )


@pytest.mark.clause("Q5", "Q3")
@pytest.mark.parametrize("mode", ["consultation", "remote_guidance"])
async def test_what_one_mode_does_not_solve_takes_another(open_feedback: Opener, mode: str) -> None:
    scene = await open_feedback()
    await served(scene, "technical_support", mode)
    await not_solved(scene, mode)
    await mode_picked(scene, "visit", key="choose_mode-2")
    await visit_agreed(scene)
    await visited_for_service(scene)
    await scene.task("acceptance")
    assert (await scene.state()).resolution == "visit"


@pytest.mark.clause("Q3", "X3")
async def test_a_visit_that_does_not_solve_it_goes_to_the_general_manager(open_feedback: Opener) -> None:
    scene = await open_feedback()
    await served(scene, "technical_support", "visit")
    await visit_agreed(scene)
    await visited_for_service(scene, "unsolved")
    assert (await scene.task("special_case")).reason == "A visit did not solve it"
    await decided(scene, "go_on")
    await mode_picked(scene, "remote_guidance", key="choose_mode-2")
    await guided(scene)
    await scene.task("acceptance")


@pytest.mark.clause("Q3", "X10")
async def test_a_customer_who_is_never_there_is_decided_about(open_feedback: Opener) -> None:
    scene = await open_feedback()
    await served(scene, "training", "visit")
    for number in ("", "-2", "-3"):
        await visit_agreed(scene, key=f"arrange_visit{number}")
        await visited_for_service(scene, "nobody_there", key=f"service_visit{number}")
    await scene.do("decide_on_absence", decision="end_unresolved", reason="Three visits in vain")
    assert (await scene.end()).result == "unresolved"


@pytest.mark.clause("X10", "Q3")
async def test_a_customer_who_does_not_answer_is_tried_again_after_a_decision(open_feedback: Opener) -> None:
    scene = await open_feedback()
    await served(scene, "technical_support", "consultation")
    await no_answer(scene, "consultation")
    await scene.do("decide_on_absence", decision="keep_trying", reason="He is back on Monday")
    await advised(scene, key="consultation-2")
    await scene.task("acceptance")


@pytest.mark.clause("X3", "Q5")
async def test_the_general_manager_can_send_someone_at_once(open_feedback: Opener) -> None:
    scene = await open_feedback()
    await recorded(scene)
    await scene.task("choose_mode")
    await scene.say("escalate", reason="The customer's line stands still")
    await decided(scene, "route", route="visit")
    await visit_agreed(scene)
    assert (await scene.tasks())["choose_mode"].status == "obsolete"
    await visited_for_service(scene)
    await scene.task("acceptance")


@pytest.mark.clause("X5")
async def test_a_customer_who_withdraws_leaves_nothing_open(open_feedback: Opener) -> None:
    scene = await open_feedback()
    await at_the_customers(scene)
    await scene.task("training_record")
    await scene.say("withdraw", reason="The machine is sold")
    assert (await scene.end()).result == "withdrawn"
    assert await scene.open_tasks() == {}


@pytest.mark.clause("Q7", "R8")
async def test_a_customer_who_refuses_the_result_is_served_again(open_feedback: Opener) -> None:
    scene = await open_feedback()
    await served(scene, "technical_support", "consultation")
    await advised(scene)
    await acceptance_refused(scene, "It still stops")
    await mode_picked(scene, "remote_guidance", key="choose_mode-2")
    await guided(scene)
    await scene.do(
        "acceptance-2",
        decision="accepted",
        checks="Runs",
        signed_by="Chen Yu",
        signature="electronic",
        evidence="Slip 9",
    )
    await scene.task("bring_receipt")
    await followed_up(scene)
