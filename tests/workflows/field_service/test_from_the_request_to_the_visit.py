"""A request is registered at once, evaluated, assigned, and its visit agreed in advance (M1, M2, M3, M10)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.plan import Plan
from domain.tasks import TASKS
from tests.support.people import decided, no_answer
from tests.support.people_field_service import (
    called_ahead,
    evaluated,
    investigated,
    order_recorded,
    registered,
    sent,
    visit_agreed,
)
from tests.support.scene import person
from tests.workflows.conftest import Opener


@pytest.mark.clause("M1")
@pytest.mark.parametrize("channel", ["phone", "document", "email"])
async def test_a_call_or_a_document_is_registered_at_once_and_the_work_order_exists_from_then(
    open_request: Opener, channel: str
) -> None:
    scene = await open_request(channel=channel, applied_ago=timedelta(minutes=5))
    task = await scene.task("register_request")
    assert task.role == "service_desk"
    assert task.due_at == (await scene.state()).applied_at + timedelta(minutes=15)
    await registered(scene)
    assert (await scene.event("work_order_issued")).data["work_order"].startswith("MC-")
    assert (await scene.state()).work_order
    await scene.task("evaluate_fault")


@pytest.mark.clause("M1")
@pytest.mark.parametrize("task", ["register_request", "call_ahead", "confirm_visit"])
def test_whoever_answers_a_customer_reads_how_to_behave(task: str) -> None:
    assert "courteous whatever the customer's tone" in TASKS[task].guidance


@pytest.mark.clause("M2")
async def test_the_specialist_evaluates_the_fault_and_assigns_the_service_person(open_request: Opener) -> None:
    scene = await open_request()
    await registered(scene)
    assert (await scene.task("evaluate_fault")).role == "service_specialist"
    await evaluated(scene)
    assert (await scene.task("assign_engineer")).role == "service_specialist"
    await sent(scene)
    call = await scene.task("call_ahead")
    assert (call.role, call.assignee) == ("engineer", "shen.tao")


@pytest.mark.clause("M2")
async def test_who_assigns_is_a_setting_of_the_plan(open_request: Opener, plan: Plan) -> None:
    rule = plan.rule("assign_engineer")
    assert rule.ours, "the plan says that this is its own reading"
    dispatched = {**plan.tasks, "assign_engineer": rule.model_copy(update={"role": "dispatcher"})}
    scene = await open_request(plan=plan.model_copy(update={"tasks": dispatched}))
    await registered(scene)
    await evaluated(scene)
    assert (await scene.task("assign_engineer")).role == "dispatcher"


@pytest.mark.clause("M3")
async def test_the_agreed_time_is_the_deadline_of_the_visit(open_request: Opener) -> None:
    scene = await open_request()
    await registered(scene)
    await evaluated(scene)
    await sent(scene)
    at = await scene.now() + timedelta(days=3)
    await called_ahead(scene, appointment=at)
    visit = await scene.task("field_visit")
    assert visit.due_at == at + timedelta(hours=2)
    assert (await scene.event("completed", "call_ahead")).data["outcome"]["checked"] == "Trips after ten minutes"


@pytest.mark.clause("M3")
async def test_a_call_that_did_not_check_the_fault_further_is_refused(open_request: Opener) -> None:
    scene = await open_request()
    await registered(scene)
    await evaluated(scene)
    await sent(scene)
    await scene.do("call_ahead", reached="yes", appointment=(await scene.now() + timedelta(days=1)).isoformat())
    assert "checked" in (await scene.event("outcome_refused", "call_ahead")).data["reason"]
    await called_ahead(scene)
    await scene.task("field_visit")


@pytest.mark.clause("M3")
async def test_an_appointment_before_the_call_is_refused(open_request: Opener) -> None:
    scene = await open_request()
    await registered(scene)
    await evaluated(scene)
    await sent(scene)
    yesterday = await scene.now() - timedelta(days=1)
    await called_ahead(scene, appointment=yesterday)
    assert "after the call" in (await scene.event("outcome_refused", "call_ahead")).data["reason"]
    await scene.task("call_ahead")


@pytest.mark.clause("M3", "X10")
async def test_a_customer_who_cannot_be_reached_for_a_visit_is_decided_about(open_request: Opener) -> None:
    scene = await open_request()
    await registered(scene)
    await evaluated(scene)
    await sent(scene)
    await no_answer(scene, "call_ahead")
    await scene.do("decide_on_absence", decision="keep_trying", reason="Another number was found")
    await called_ahead(scene, key="call_ahead-2")
    await scene.task("field_visit")


@pytest.mark.clause("M4", "X10")
async def test_a_visit_that_met_nobody_leads_to_another_time_and_in_the_end_to_a_decision(
    open_request: Opener,
) -> None:
    scene = await open_request()
    await visit_agreed(scene)
    for number in (2, 3):
        await scene.do("field_visit" if number == 2 else "field_visit-2", result="nobody_there", notes="Gate locked")
        await called_ahead(scene, key=f"call_ahead-{number}")
    await scene.do("field_visit-3", result="nobody_there")
    assert (await scene.task("decide_on_absence")).about == "field_visit-3"
    await scene.do("decide_on_absence", decision="end_unresolved", reason="The firm has closed")
    assert (await scene.end()).result == "unresolved"


@pytest.mark.clause("M10")
async def test_an_order_from_the_app_is_dispatched_and_its_visit_confirmed_by_telephone(open_request: Opener) -> None:
    scene = await open_request(channel="app")
    prompt = await scene.task("record_order")
    assert (prompt.role, prompt.due_at) == ("dispatcher", (await scene.state()).applied_at + timedelta(minutes=15))
    await order_recorded(scene)
    await scene.event("work_order_issued")
    assert (await scene.task("assign_engineer")).role == "dispatcher"
    await sent(scene)
    assert (await scene.task("confirm_visit")).role == "service_specialist"
    await called_ahead(scene, key="confirm_visit")
    visit = await scene.task("field_visit")
    assert (visit.role, visit.assignee) == ("engineer", "shen.tao")
    assert "evaluate_fault" not in await scene.tasks()


@pytest.mark.clause("M10", "X4")
async def test_a_confirmed_visit_is_moved_by_agreement(open_request: Opener) -> None:
    scene = await open_request(channel="app")
    await order_recorded(scene)
    await sent(scene)
    await called_ahead(scene, key="confirm_visit")
    await scene.task("field_visit")
    later = await scene.now() + timedelta(days=4)
    fields = {"task": "field_visit", "appointment": later.isoformat(), "reason": "Power cut", "told": "Call to Chen Yu"}
    await scene.say("reschedule", by=person("service_specialist"), **fields)
    await scene.rest()
    assert (await scene.task("field_visit")).due_at == later + timedelta(hours=2)


@pytest.mark.clause("X3", "M2")
async def test_a_case_that_is_sent_to_the_customer_by_decision_gets_a_service_person_first(
    open_request: Opener,
) -> None:
    scene = await open_request()
    await scene.task("register_request")
    await scene.say("escalate", reason="The hospital stands still")
    await decided(scene, "route", route="field_service")
    await sent(scene)
    await called_ahead(scene)
    await investigated(scene)
    await scene.task("site_repair")
    assert (await scene.state()).work_order
