"""What cannot be fixed on the spot is promised for a date, which is the deadline of the case from then on (M5, M6)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.clocks import Budget
from domain.plan import Plan
from tests.support.people import accepted, acknowledged
from tests.support.people_field_service import (
    LABOUR,
    PAID_SERVICE,
    at_the_centre_and_back,
    coming_back,
    handed_over,
    inspected_at_the_centre,
    installed,
    investigated,
    on_the_card,
    promised,
    repaired_at_the_centre,
    stays,
    taken_back,
    visit_agreed,
)
from tests.support.scene import person
from tests.workflows.conftest import Opener
from tests.workflows.field_service.ends import result_of


@pytest.mark.clause("M5", "M6", "M7")
async def test_what_was_taken_back_is_repaired_brought_back_and_installed_by_the_promised_date(
    open_request: Opener,
) -> None:
    scene = await open_request()
    await at_the_centre_and_back(scene)
    assert (await scene.event("promise_ended")).data["ended_as"] == "kept"
    await on_the_card(scene)
    await accepted(scene)
    assert await result_of(scene) == "resolved"


@pytest.mark.clause("M5")
async def test_the_promised_date_is_the_deadline_of_everything_until_it_is_fixed(open_request: Opener) -> None:
    scene = await open_request()
    await visit_agreed(scene)
    await investigated(scene, "later")
    date = await promised(scene)
    assert (await scene.state()).promised_for == date
    await handed_over(scene)
    await inspected_at_the_centre(scene)
    assert (await scene.task("workshop_repair")).due_at == date
    assert (await scene.event("promised", "workshop_repair")).data["source"] == "M6"
    await repaired_at_the_centre(scene)
    assert (await scene.task("agree_installation")).due_at == date


@pytest.mark.clause("M5", "X1")
async def test_a_promised_date_that_passes_is_reminded_of_escalated_and_can_still_be_done(open_request: Opener) -> None:
    scene = await open_request()
    await taken_back(scene)
    await inspected_at_the_centre(scene)
    date = (await scene.task("workshop_repair")).due_at
    assert date
    await scene.advance(seconds=(date - await scene.now()).total_seconds() + 1)
    assert (await scene.event("reminded", "workshop_repair")).at < date
    late = await scene.task("workshop_repair")
    assert (late.escalation_level, late.first_due_at) == (1, date)
    assert (await scene.task("acknowledge_breach")).role == "service_manager"
    await repaired_at_the_centre(scene)
    call = await scene.task("agree_installation")
    assert call.due_at and call.due_at > await scene.now(), "a date that has passed is nothing to work towards"
    await coming_back(scene)
    await installed(scene)
    promises = (await scene.state()).promises
    assert [one.ended_as for one in promises] == ["missed", "kept"], "the second one was given in the call"
    await on_the_card(scene)
    await accepted(scene)
    await acknowledged(scene)
    assert await result_of(scene) == "resolved"


@pytest.mark.clause("X4", "M5")
async def test_moving_the_promised_date_is_a_new_promise_told_to_the_customer(open_request: Opener) -> None:
    scene = await open_request()
    await taken_back(scene)
    await inspected_at_the_centre(scene)
    date = (await scene.task("workshop_repair")).due_at
    assert date
    later = date + timedelta(days=2)
    fields = {"task": "workshop_repair", "reason": "The relay is on its way", "told": "Call to Chen Yu"}
    await scene.say("reschedule", by=person("engineer"), appointment=later.isoformat(), **fields)
    moved = await scene.event("date_promised")
    assert (moved.data["replaces"], moved.data["told"]) == (date.isoformat(), "Call to Chen Yu")
    assert (await scene.task("workshop_repair")).due_at == later
    promises = (await scene.state()).promises
    assert [(one.promised_for, one.ended_as) for one in promises] == [(date, "moved"), (later, None)]


@pytest.mark.clause("X4", "M5")
async def test_a_pause_for_the_customer_does_not_move_the_promised_date(open_request: Opener) -> None:
    scene = await open_request()
    await taken_back(scene)
    await inspected_at_the_centre(scene)
    await repaired_at_the_centre(scene)
    date = (await scene.task("agree_installation")).due_at
    until = await scene.now() + timedelta(days=1)
    await scene.say("pause", reason="The customer is at a fair", until=until.isoformat())
    await scene.advance(days=1, seconds=2)
    assert (await scene.task("agree_installation")).due_at == date == (await scene.state()).promised_for


@pytest.mark.clause("X4", "M5")
async def test_a_pause_that_outlasts_the_promised_date_gives_time_to_agree_another(open_request: Opener) -> None:
    scene = await open_request()
    await taken_back(scene)
    await inspected_at_the_centre(scene)
    await repaired_at_the_centre(scene)
    await scene.task("agree_installation")
    until = await scene.now() + timedelta(days=10)
    await scene.say("pause", reason="The customer is at a fair", until=until.isoformat())
    await scene.advance(days=10, seconds=2)
    call = await scene.task("agree_installation")
    assert call.due_at and call.due_at > await scene.now()
    assert call.escalation_level == 0
    given = [event for event in await scene.events("promised") if event.task == "agree_installation"]
    assert len(given) == 2, "once before the pause and once after it"
    await coming_back(scene)
    await installed(scene)
    assert [one.ended_as for one in (await scene.state()).promises] == ["missed", "kept"]


@pytest.mark.clause("M5", "X1")
async def test_whatever_the_case_waits_for_is_late_when_the_promised_date_passes(open_request: Opener) -> None:
    scene = await open_request()
    await visit_agreed(scene)
    await investigated(scene, "later")
    date = await promised(scene, days=0.1)
    await handed_over(scene)
    inspection = await scene.task("centre_inspection")
    assert inspection.due_at == date, "its own two business days would end after the promise"
    await scene.advance(seconds=(date - await scene.now()).total_seconds() + 1)
    assert (await scene.event("breached", "centre_inspection")).data["level"] == 1
    assert (await scene.task("acknowledge_breach")).about == "centre_inspection"
    await inspected_at_the_centre(scene, costs=[LABOUR], **PAID_SERVICE)
    asked = await scene.task("confirm_plan")
    assert asked.due_at and asked.due_at > await scene.now(), "a date that has passed is nothing to work towards"


@pytest.mark.clause("M5", "X4")
async def test_a_later_promise_gives_a_step_its_own_time_back(open_request: Opener) -> None:
    scene = await open_request()
    await visit_agreed(scene)
    await investigated(scene, "later")
    date = await promised(scene, days=1)
    await handed_over(scene)
    assert (await scene.task("centre_inspection")).due_at == date
    later = date + timedelta(days=20)
    fields = {"task": "centre_inspection", "reason": "The board is made to order", "told": "Call to Chen Yu"}
    await scene.say("reschedule", by=person("engineer"), appointment=later.isoformat(), **fields)
    moved = await scene.event("date_promised")
    assert (moved.data["replaces"], moved.data["told"]) == (date.isoformat(), "Call to Chen Yu")
    inspection = await scene.task("centre_inspection")
    assert inspection.due_at and date < inspection.due_at < later, "its own two business days"
    await inspected_at_the_centre(scene)
    assert (await scene.task("workshop_repair")).due_at == later


@pytest.mark.clause("X4", "M6")
async def test_an_appointment_after_the_promised_date_is_a_new_promise(open_request: Opener) -> None:
    scene = await open_request()
    await taken_back(scene)
    await inspected_at_the_centre(scene)
    await repaired_at_the_centre(scene)
    date = (await scene.state()).promised_for
    assert date
    at = date + timedelta(days=1)
    await coming_back(scene, appointment=at)
    assert (await scene.task("install_again")).due_at == at + timedelta(hours=2)
    assert (await scene.state()).promised_for == at
    assert (await scene.event("date_promised")).data["reason"] == "agreed with the customer"
    await scene.advance(seconds=(at - await scene.now()).total_seconds() + 3600)
    await installed(scene)
    assert (await scene.event("promise_ended")).data["ended_as"] == "kept"


@pytest.mark.clause("M5", "M6")
async def test_the_plan_can_mean_repaired_by_the_promised_date(open_request: Opener, plan: Plan) -> None:
    rule = plan.rule("agree_installation")
    assert rule.within == "promised"
    assert rule.ours, "the plan says that this is its own reading"
    other = {**plan.tasks, "agree_installation": rule.model_copy(update={"within": Budget.parse("2 bd")})}
    scene = await open_request(plan=plan.model_copy(update={"tasks": other}))
    await taken_back(scene)
    await inspected_at_the_centre(scene)
    date = (await scene.state()).promised_for
    await repaired_at_the_centre(scene)
    call = await scene.task("agree_installation")
    assert (await scene.event("promise_ended")).data["ended_as"] == "kept"
    assert call.due_at != date


@pytest.mark.clause("M5")
async def test_a_promise_for_the_past_is_refused(open_request: Opener) -> None:
    scene = await open_request()
    await visit_agreed(scene)
    await investigated(scene, "later")
    await promised(scene, days=-1)
    assert "after the promise" in (await scene.event("outcome_refused", "promise_date")).data["reason"]
    await promised(scene)
    await scene.task("hand_over")


@pytest.mark.clause("M5")
async def test_what_the_work_on_the_spot_cannot_solve_is_promised_too(open_request: Opener) -> None:
    scene = await open_request()
    await visit_agreed(scene)
    await investigated(scene)
    await scene.do("site_repair", result="part_missing", missing_parts="Contactor 25 A, 1")
    date = await promised(scene)
    await stays(scene)
    assert (await scene.task("await_parts")).due_at == date
    await scene.do("await_parts", result="arrived")
    await coming_back(scene)
    await installed(scene)
    await on_the_card(scene)
    await scene.task("acceptance")
