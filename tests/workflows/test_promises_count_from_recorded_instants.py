"""The documented deadlines: what each counts from, and the exact timeout that stands in the history."""

from __future__ import annotations

from datetime import timedelta

import pytest

from activities.calendars import national_calendar
from domain.clocks import Anchor, DeadlineRequest, Pace, promise
from domain.clocks.deadline import years_needed
from tests.support.people import (
    accepted,
    assigned,
    complex_issue,
    contacted,
    dispatched,
    instructed,
    received,
    solved_remotely,
)
from tests.support.scene import EPOCH, Scene, rapid_response
from tests.workflows.conftest import Opener


async def counted(scene: Scene, key: str) -> tuple[str, timedelta]:
    """From which instant a task's deadline counts, and how long after it; the timeout is what is left of that."""
    task = await scene.task(key)
    promised, offered = await scene.event("promised", key), await scene.event("offered", key)
    assert task.due_at
    assert (await scene.timeouts())[key] == task.due_at - offered.at
    anchor = Anchor.model_validate(promised.data["deadline"]["request"]["anchor"])
    assert anchor.at == (await scene.state()).instants[anchor.name]
    return anchor.name, task.due_at - anchor.at


@pytest.mark.clause("R3")
async def test_the_first_contact_is_due_twelve_hours_after_the_application(open_case: Opener) -> None:
    scene = await open_case()
    assert await counted(scene, "contact_customer") == ("application", timedelta(hours=12))


@pytest.mark.clause("R3")
async def test_hours_that_passed_before_the_case_was_opened_count(open_case: Opener) -> None:
    scene = await open_case(applied_ago=timedelta(hours=2))
    assert await counted(scene, "contact_customer") == ("application", timedelta(hours=12))
    assert timedelta(hours=9, minutes=59) < (await scene.timeouts())["contact_customer"] <= timedelta(hours=10)


@pytest.mark.clause("R3", "X1")
async def test_an_application_that_is_too_old_is_late_at_once_and_can_still_be_served(open_case: Opener) -> None:
    scene = await open_case(applied_ago=timedelta(days=3))
    late = await scene.task("acknowledge_breach")
    assert late.about == "contact_customer"
    assert (await scene.timeouts())["contact_customer"] == timedelta(milliseconds=1)
    await contacted(scene)
    assert not (await scene.tasks())["contact_customer"].done.kept  # type: ignore[union-attr]
    await scene.task("remote_diagnosis")


@pytest.mark.clause("R5")
async def test_the_call_is_due_thirty_minutes_after_the_assignment_happened(open_case: Opener) -> None:
    scene = await open_case()
    await contacted(scene)
    await complex_issue(scene)
    assignment = await scene.task("assign_engineer")
    happened = await scene.now() - timedelta(minutes=10)
    await scene.do(assignment.key, engineer="wang.lei", happened_at=happened)
    assert await counted(scene, "engineer_call") == ("assignment", timedelta(minutes=30))
    assert timedelta(minutes=19) < (await scene.timeouts())["engineer_call"] <= timedelta(minutes=20)


@pytest.mark.clause("R6")
async def test_the_visit_is_due_in_the_window_that_begins_with_the_appointment(open_case: Opener) -> None:
    scene = await open_case()
    appointment = await scene.now() + timedelta(days=4, hours=3)
    await dispatched(scene, "on_site", appointment=appointment)
    visit = await scene.task("site_visit")
    assert visit.due_at == appointment + timedelta(hours=2)
    assert (await scene.timeouts())["site_visit"] == visit.due_at - (await scene.event("offered", "site_visit")).at


@pytest.mark.clause("R6")
async def test_a_plan_without_a_window_makes_the_appointment_itself_the_deadline(open_case: Opener) -> None:
    plan = rapid_response()
    visit = plan.tasks["site_visit"].model_copy(update={"window": None})
    scene = await open_case(plan=plan.model_copy(update={"tasks": {**plan.tasks, "site_visit": visit}}))
    appointment = await scene.now() + timedelta(days=4, hours=3)
    await dispatched(scene, "on_site", appointment=appointment)
    assert (await scene.task("site_visit")).due_at == appointment


@pytest.mark.clause("R7")
async def test_the_factory_has_five_business_days_from_the_receipt(open_case: Opener) -> None:
    scene = await open_case()
    await dispatched(scene, "factory_return")
    await instructed(scene)
    arrived = await scene.now() - timedelta(hours=30)
    await received(scene, "factory_receipt", happened_at=arrived)
    name, _ = await counted(scene, "factory_inspection")
    assert name == "receipt"
    plan = rapid_response()
    asked = DeadlineRequest(anchor=Anchor(name="receipt", at=arrived), budget="5 bd", calendar=plan.calendar)
    expected = promise(asked, national_calendar(plan.calendar, years_needed(asked)))
    inspection = await scene.task("factory_inspection")
    assert inspection.due_at == expected.due_at
    assert inspection.due_at.astimezone(arrived.tzinfo).strftime("%H:%M") == "09:30", "17:30 in Shanghai"


@pytest.mark.clause("R9")
async def test_the_follow_up_is_due_a_day_after_the_signature(open_case: Opener) -> None:
    scene = await open_case()
    await contacted(scene)
    await solved_remotely(scene)
    signed = await scene.now() - timedelta(hours=5)
    await accepted(scene, happened_at=signed)
    assert (await scene.state()).instants["signature"] == signed
    assert await counted(scene, "follow_up") == ("completion", timedelta(hours=24))


@pytest.mark.clause("R9")
async def test_a_plan_can_count_the_follow_up_from_the_work(open_case: Opener) -> None:
    plan = rapid_response()
    plan = plan.model_copy(update={"choices": plan.choices.model_copy(update={"completion_of_service": "work"})})
    scene = await open_case(plan=plan)
    await contacted(scene)
    solved = await scene.now() - timedelta(minutes=30)
    await scene.do("remote_diagnosis", result="solved", findings="Guard open", happened_at=solved)
    await accepted(scene)
    await scene.task("follow_up")
    assert (await scene.state()).instants["completion"] == solved


@pytest.mark.clause("R9", "R8")
async def test_a_plan_can_count_the_follow_up_from_settlement(open_case: Opener) -> None:
    plan = rapid_response()
    plan = plan.model_copy(update={"choices": plan.choices.model_copy(update={"completion_of_service": "settlement"})})
    scene = await open_case(plan=plan)
    await contacted(scene)
    await solved_remotely(scene)
    await accepted(scene)
    await scene.task("settlement")
    assert "follow_up" not in await scene.tasks()
    paid = await scene.now() - timedelta(hours=1)
    await scene.do("settlement", cost_list="No costs", payment="nothing_due", happened_at=paid)
    await scene.task("follow_up")
    assert (await scene.state()).instants["completion"] == paid


async def test_a_faster_clock_shortens_the_timeouts_and_nothing_else(open_case: Opener) -> None:
    scene = await open_case(pace=Pace(epoch=EPOCH, speed=3600))
    await contacted(scene)
    await complex_issue(scene)
    await assigned(scene)
    call, offered = await scene.task("engineer_call"), await scene.event("offered", "engineer_call")
    assert call.due_at == (await scene.state()).instants["assignment"] + timedelta(minutes=30)
    timeout = (await scene.timeouts())["engineer_call"]
    assert timeout <= timedelta(seconds=0.5)
    assert abs(timeout * 3600 - max(call.due_at - offered.at, timedelta(seconds=3.6))) < timedelta(seconds=4)
