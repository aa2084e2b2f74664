"""Pauses (X4): only clocks that wait for the customer stop, the time left is kept, new promises are on record."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.support.people import contacted, dispatched, solved_remotely
from tests.support.scene import Scene
from tests.support.ways import walk_to
from tests.workflows.conftest import Opener


async def paused(scene: Scene, **for_: float) -> datetime:
    """Pauses the case for some time and returns when it resumes by itself."""
    until = await scene.now() + timedelta(**for_)
    await scene.say("pause", reason="The customer is at a fair", until=until.isoformat())
    await scene.rest()
    return until


@pytest.mark.clause("X4")
async def test_a_pause_keeps_the_time_left_and_ends_by_itself(open_case: Opener) -> None:
    scene = await open_case()
    first = await scene.task("contact_customer")
    await scene.advance(hours=4)
    until = await paused(scene, days=3)
    resting = (await scene.tasks())["contact_customer"]
    assert (resting.status, (await scene.state()).status) == ("suspended", "suspended")
    suspended = await scene.event("suspended", "contact_customer")
    assert timedelta(hours=7, minutes=59) < timedelta(seconds=suspended.data["seconds_left"]) < timedelta(hours=8)
    await scene.advance(days=3, seconds=2)
    task = await scene.task("contact_customer")
    (hold,) = (await scene.state()).holds
    assert (await scene.state()).status == "active"
    assert hold.ends and until <= hold.ends < until + timedelta(seconds=2)
    assert first.due_at and task.due_at == first.due_at + (hold.ends - hold.begins)
    promised = await scene.event("promised", "contact_customer")
    assert promised.data["replaces"] == first.due_at.isoformat()
    assert task.first_due_at == task.due_at, "the promise that counts is the new one"


@pytest.mark.clause("X4")
async def test_a_pause_can_be_ended_before_its_date(open_case: Opener) -> None:
    scene = await open_case()
    first = await scene.task("contact_customer")
    await paused(scene, days=30)
    await scene.advance(hours=20)
    await scene.say("resume", reason="Back earlier")
    task = await scene.task("contact_customer")
    assert task.due_at and first.due_at
    assert timedelta(hours=20) <= task.due_at - first.due_at < timedelta(hours=20, seconds=10)
    assert (await scene.event("case_resumed")).data["reason"] == "Back earlier"
    await contacted(scene)
    done = (await scene.tasks())["contact_customer"].done
    assert done and done.kept


@pytest.mark.clause("X4")
@pytest.mark.parametrize("name", ["assign_engineer", "site_repair", "workshop_inspection", "factory_inspection"])
async def test_clocks_of_colleagues_and_of_the_factory_go_on(open_case: Opener, name: str) -> None:
    scene = await open_case()
    await walk_to(scene, name)
    before = await scene.task(name)
    await paused(scene, days=2)
    after = await scene.task(name)
    assert (after.due_at, after.activity_id) == (before.due_at, before.activity_id)


@pytest.mark.clause("X4", "X3")
async def test_a_special_case_is_not_held_up_by_a_pause(open_case: Opener) -> None:
    scene = await open_case()
    await walk_to(scene, "special_case")
    await paused(scene, days=2)
    assert (await scene.task("special_case")).status == "ready"
    await scene.do("special_case", decision="end", end_as="unresolved", reason="Agreed with the customer")
    assert (await scene.end()).result == "unresolved"


@pytest.mark.clause("X4", "R6")
async def test_a_pause_does_not_move_an_appointment_that_lies_behind_it(open_case: Opener) -> None:
    scene = await open_case()
    appointment = await scene.now() + timedelta(days=2)
    await dispatched(scene, "on_site", appointment=appointment)
    await scene.task("site_visit")
    await paused(scene, days=1)
    await scene.advance(days=1, seconds=2)
    assert (await scene.task("site_visit")).due_at == appointment + timedelta(hours=2)


@pytest.mark.clause("X4", "R6")
async def test_an_appointment_that_falls_into_a_pause_is_agreed_anew(open_case: Opener) -> None:
    scene = await open_case()
    appointment = await scene.now() + timedelta(days=1)
    await dispatched(scene, "on_site", appointment=appointment)
    first = (await scene.task("site_visit")).due_at
    await paused(scene, days=5)
    await scene.advance(days=5, seconds=2)
    visit, promised = await scene.task("site_visit"), await scene.event("promised", "site_visit")
    assert first and promised.data["replaces"] == first.isoformat()
    assert promised.data["deadline"]["request"]["anchor"]["name"] == "resumption"
    assert visit.due_at and visit.due_at - await scene.now() > timedelta(hours=3), "time to agree another one"
    assert visit.escalation_level == 0


@pytest.mark.clause("X4", "R6")
async def test_an_appointment_is_moved_as_a_new_promise_told_to_the_customer(open_case: Opener) -> None:
    scene = await open_case()
    appointment = await scene.now() + timedelta(days=2)
    await dispatched(scene, "on_site", appointment=appointment)
    await scene.task("site_visit")
    moved = appointment + timedelta(days=1)
    await scene.say(
        "reschedule", task="site_visit", appointment=moved.isoformat(), reason="Snow", told="Call to Chen Yu"
    )
    promised = None
    for _ in range(3):
        promised = await scene.event("promised", "site_visit")
    visit = await scene.task("site_visit")
    window = timedelta(hours=2)
    assert promised and promised.data["replaces"] == (appointment + window).isoformat()
    assert visit.due_at == moved + window
    assert (await scene.event("rescheduled", "site_visit")).data["told"] == "Call to Chen Yu"
    assert (await scene.timeouts())["site_visit~2"] > timedelta(days=2, hours=23)


@pytest.mark.clause("X1", "X4")
async def test_a_moved_appointment_is_reminded_of_again(open_case: Opener) -> None:
    scene = await open_case()
    appointment = await scene.now() + timedelta(days=2)
    await dispatched(scene, "on_site", appointment=appointment)
    await scene.task("site_visit")
    await scene.advance(days=1, hours=20)
    first = await scene.event("reminded", "site_visit")
    moved = appointment + timedelta(days=9)
    await scene.say(
        "reschedule", task="site_visit", appointment=moved.isoformat(), reason="Snow", told="Call to Chen Yu"
    )
    await scene.task("site_visit")
    await scene.advance(days=8)
    again = [event for event in await scene.events("reminded") if event.task == "site_visit"]
    assert again[0].at == first.at
    assert len(again) == 2, "a reminder precedes the moved deadline as well"
    assert again[-1].data["due_at"] == (moved + timedelta(hours=2)).isoformat()


@pytest.mark.clause("X4")
async def test_what_begins_during_a_pause_waits_for_its_end(open_case: Opener) -> None:
    scene = await open_case()
    await walk_to(scene, "site_repair")
    await paused(scene, days=2)
    await scene.do("site_repair", result="solved", work_done="Bearing replaced", instructions="Grease weekly")
    await scene.rest()
    assert (await scene.tasks())["acceptance"].status == "created"
    await scene.say("resume")
    acceptance = await scene.task("acceptance")
    assert acceptance.due_at and acceptance.due_at > await scene.now()


@pytest.mark.clause("X4")
async def test_pauses_that_do_not_apply_are_refused(open_case: Opener) -> None:
    scene = await open_case()
    await scene.task("contact_customer")
    await scene.say("resume")
    assert "not paused" in (await scene.event("message_refused")).data["reason"]
    yesterday = await scene.now() - timedelta(days=1)
    await scene.say("pause", reason="x", until=yesterday.isoformat())
    assert "has passed" in (await scene.event("message_refused")).data["reason"]
    await paused(scene, days=1)
    await scene.say("pause", reason="x", until=(await scene.now() + timedelta(days=2)).isoformat())
    assert "already" in (await scene.event("message_refused")).data["reason"]


@pytest.mark.clause("X4", "X2")
async def test_months_of_pauses_leave_the_time_that_was_left(open_case: Opener) -> None:
    scene = await open_case()
    await contacted(scene)
    await solved_remotely(scene)
    first = await scene.task("acceptance")
    for _ in range(3):
        await scene.advance(hours=1)
        await paused(scene, days=30)
        await scene.advance(days=30, seconds=2)
        await scene.task("acceptance")
    last = await scene.task("acceptance")
    assert first.due_at and last.due_at
    assert last.due_at - first.due_at > timedelta(days=85)
    assert last.due_at > await scene.now()
    assert (last.escalation_level, len((await scene.state()).holds)) == (0, 3)
