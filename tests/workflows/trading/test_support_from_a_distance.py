"""Support at the customer's time: by video in a temporary group, by telephone, by e-mail (T5, T6, T7)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.people import no_answer
from tests.support.people_trading import (
    closed,
    group_dissolved,
    group_opened,
    handed_over,
    session_held,
    solution_mailed,
    time_agreed,
)
from tests.support.scene import Scene
from tests.workflows.conftest import Opener
from tests.workflows.trading.scenes import at, counted, opened


async def in_the_group(open_case: Opener) -> Scene:
    scene = await at(open_case, "open_group")
    await group_opened(scene)
    return scene


@pytest.mark.clause("T5")
async def test_video_support_at_the_customers_time_in_a_group_that_is_dissolved_at_once(open_case: Opener) -> None:
    scene = await at(open_case, "open_group")
    appointment = (await scene.state()).appointment
    assert (await scene.task("open_group")).due_at == appointment, "the group stands when the session begins"
    await group_opened(scene)
    session = await scene.task("video_session")
    assert appointment
    assert session.due_at == appointment + timedelta(hours=1)
    group = (await scene.state()).support.group
    assert group
    assert "factory" in group.members
    assert group.dissolved_at is None
    await session_held(scene)
    assert await counted(scene, "dissolve_group") == ("5 min", "session", "T5")
    await group_dissolved(scene)
    await scene.task("acceptance")
    group = (await scene.state()).support.group
    assert group
    assert group.dissolved_at
    assert await closed(scene) == "resolved"


@pytest.mark.clause("T5")
async def test_a_group_is_dissolved_too_when_the_session_solved_nothing(open_case: Opener) -> None:
    scene = await in_the_group(open_case)
    await session_held(scene, result="unsolved")
    await group_dissolved(scene)
    assert (await scene.task("propose_solution-2")).role == "factory"


@pytest.mark.clause("T5", "X10")
async def test_a_missed_session_is_agreed_anew_and_the_group_stays(open_case: Opener) -> None:
    scene = await in_the_group(open_case)
    await session_held(scene, result="missed")
    await time_agreed(scene, key="agree_session-2")
    await session_held(scene, "video_session-2")
    assert "open_group-2" not in await scene.tasks()
    await scene.task("dissolve_group")


@pytest.mark.clause("T5", "X10")
async def test_after_the_third_missed_session_somebody_decides(open_case: Opener) -> None:
    scene = await in_the_group(open_case)
    await session_held(scene, result="missed")
    for number in (2, 3):
        await time_agreed(scene, key=f"agree_session-{number}")
        await session_held(scene, f"video_session-{number}", "missed")
    assert (await scene.task("decide_on_absence")).role == "sales_manager"
    await scene.do("decide_on_absence", decision="end_unresolved", reason="They do not call back")
    await group_dissolved(scene)
    assert (await scene.end()).result == "unresolved"


@pytest.mark.clause("T5", "X5")
async def test_a_customer_who_withdraws_leaves_no_group_behind(open_case: Opener) -> None:
    scene = await in_the_group(open_case)
    await scene.say("withdraw", reason="Bought another machine")
    await scene.task("dissolve_group")
    assert set(await scene.open_tasks()) == {"dissolve_group"}
    await group_dissolved(scene)
    assert (await scene.end()).result == "withdrawn"


@pytest.mark.clause("T5", "X4")
async def test_a_session_is_moved_by_a_new_promise(open_case: Opener) -> None:
    scene = await in_the_group(open_case)
    later = await scene.now() + timedelta(days=3)
    await scene.say(
        "reschedule", task="video_session", appointment=later.isoformat(), reason="Line down", told="Mail to Chen Yu"
    )
    await scene.rest()
    moved = await scene.task("video_session")
    assert moved.due_at == later + timedelta(hours=1)


@pytest.mark.clause("T6")
async def test_telephone_support_needs_no_group(open_case: Opener) -> None:
    scene = await opened(open_case)
    await handed_over(scene, "telephone")
    await time_agreed(scene)
    call = await scene.task("telephone_session")
    appointment = (await scene.state()).appointment
    assert appointment
    assert (call.role, call.due_at) == ("sales", appointment + timedelta(hours=1))
    assert (await scene.state()).support.technician == "Zhao Min"
    await session_held(scene, "telephone_session")
    assert await closed(scene) == "resolved"
    assert "open_group" not in scene.memory.tasks(scene.case_id)


@pytest.mark.clause("T7")
async def test_the_solution_is_mailed_immediately_and_asked_after(open_case: Opener) -> None:
    scene = await opened(open_case)
    await handed_over(scene, "email")
    assert await counted(scene, "email_solution") == ("15 min", "solution", "T7")
    await solution_mailed(scene)
    await scene.do("confirm_solved", result="solved", told_by="Mail of Chen Yu")
    assert await closed(scene) == "resolved"


@pytest.mark.clause("T7")
async def test_text_alone_has_a_reason(open_case: Opener) -> None:
    scene = await at(open_case, "email_solution")
    await solution_mailed(scene, attachments=[])
    assert "attachments" in (await scene.event("outcome_refused", "email_solution")).data["reason"]
    await solution_mailed(
        scene, attachments=[], pictures="text_alone", why_text_alone="One parameter, shown on its screen"
    )
    await scene.task("confirm_solved")


@pytest.mark.clause("T7")
async def test_a_mail_that_did_not_help_leads_to_another_solution(open_case: Opener) -> None:
    scene = await opened(open_case)
    await handed_over(scene, "email")
    await solution_mailed(scene)
    await scene.do("confirm_solved", result="unsolved", told_by="Call of Chen Yu")
    assert (await scene.task("propose_solution-2")).reason == "The first solution did not help: email"


@pytest.mark.clause("T7", "X10")
async def test_a_mail_that_nobody_answers_goes_on_by_decision(open_case: Opener) -> None:
    scene = await opened(open_case)
    await handed_over(scene, "email")
    await solution_mailed(scene)
    await no_answer(scene, "confirm_solved")
    await scene.do("decide_on_silence", decision="go_on", reason="Nothing more was heard")
    await scene.task("acceptance")
