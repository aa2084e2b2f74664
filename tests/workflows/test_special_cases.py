"""Special cases (X3): put to the general manager beside the open tasks; the decision steers the case."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.people import (
    accepted,
    agreed,
    assigned,
    at_the_factory,
    confirmed,
    contacted,
    decided,
    factory_found,
    finished,
    in_the_workshop,
    instructed,
    received,
    replaced,
    returned,
    solved_remotely,
)
from tests.support.scene import Scene, person
from tests.support.ways import walk_to
from tests.workflows.conftest import Opener


async def escalated(scene: Scene) -> None:
    await scene.say("escalate", reason="The customer asks for the manager", by=person("engineer"))
    await scene.task("special_case")


@pytest.mark.clause("X3")
async def test_the_open_tasks_stay_open_and_keep_their_clocks(open_case: Opener) -> None:
    scene = await open_case()
    await walk_to(scene, "engineer_call")
    before = await scene.task("engineer_call")
    await escalated(scene)
    during = await scene.task("engineer_call")
    assert (during.activity_id, during.due_at) == (before.activity_id, before.due_at)
    assert (await scene.state()).special_case_open
    await decided(scene, "go_on")
    await scene.rest()
    after = await scene.task("engineer_call")
    assert (after.activity_id, after.due_at) == (before.activity_id, before.due_at)
    assert not (await scene.state()).special_case_open
    opened = (await scene.events("special_case_opened"))[0]
    assert (opened.actor.role, opened.data["reason"]) == ("engineer", "The customer asks for the manager")


@pytest.mark.clause("X3")
async def test_the_case_goes_on_meanwhile_but_is_not_archived_undecided(open_case: Opener) -> None:
    scene = await open_case()
    await contacted(scene)
    await escalated(scene)
    await solved_remotely(scene)
    await finished(scene)
    await scene.rest()
    assert ((await scene.state()).stage, list(await scene.open_tasks())) == ("archive", ["special_case"])
    await decided(scene, "go_on")
    assert (await scene.end()).result == "resolved"


@pytest.mark.clause("X3")
async def test_another_way_interrupts_the_step_and_counts_from_the_decision(open_case: Opener) -> None:
    scene = await open_case()
    await walk_to(scene, "assign_engineer")
    await scene.advance(days=5)
    if "special_case" not in await scene.open_tasks():
        await escalated(scene)
    await decided(scene, "route", route="on_site")
    again = await scene.task("assign_engineer-2")
    assert (await scene.tasks())["assign_engineer"].status == "obsolete"
    assert again.due_at and again.due_at > await scene.now()
    await scene.do(again.key, engineer="wang.lei")
    await agreed(scene, "on_site")
    await scene.task("site_visit")


@pytest.mark.clause("X3", "R7")
async def test_a_decided_return_needs_no_engineer(open_case: Opener) -> None:
    scene = await open_case()
    await walk_to(scene, "remote_diagnosis")
    await escalated(scene)
    await decided(scene, "route", route="factory_return")
    await instructed(scene)
    await received(scene, "factory_receipt")
    await factory_found(scene, "repaired")
    await returned(scene)
    await finished(scene)
    assert (await scene.end()).result == "resolved"


@pytest.mark.clause("X3", "R5", "R7")
async def test_an_item_at_the_factory_is_received_again_when_the_workshop_is_to_repair_it(open_case: Opener) -> None:
    scene = await open_case()
    await at_the_factory(scene)
    await scene.advance(days=4)
    await escalated(scene)
    await decided(scene, "route", route="delivery")
    await agreed(scene, "delivery", key="engineer_call-2")
    await received(scene)
    inspection = await scene.task("workshop_inspection")
    assert inspection.due_at and inspection.due_at > await scene.now()
    assert (await scene.state()).item_with_us == "workshop"


@pytest.mark.clause("X3", "R7")
async def test_another_try_at_the_factory_counts_from_the_decision(open_case: Opener) -> None:
    scene = await open_case()
    await at_the_factory(scene)
    await scene.advance(days=4)
    await factory_found(scene, "not_repairable")
    await decided(scene, "route", route="factory_return")
    again = await scene.task("factory_inspection-2")
    promised = await scene.event("promised", again.key)
    assert promised.data["deadline"]["request"]["anchor"]["name"] == "offered"
    assert "factory_receipt-2" not in await scene.tasks()


@pytest.mark.clause("X3", "X12")
async def test_a_replacement_keeps_the_item_and_ends_as_replaced(open_case: Opener) -> None:
    scene = await open_case()
    await in_the_workshop(scene)
    await escalated(scene)
    await decided(scene, "replace")
    await scene.rest()
    assert (await scene.tasks())["workshop_inspection"].status == "obsolete"
    await replaced(scene)
    await finished(scene)
    assert (await scene.end()).result == "replaced"
    assert "return_item" not in scene.memory.tasks(scene.case_id)


@pytest.mark.clause("X3", "X9")
@pytest.mark.parametrize(
    ("decision", "more", "owed"), [("waive_cost", {}, 0), ("share_cost", {"company_share": 50}, 43)]
)
async def test_a_decision_on_costs_leaves_the_steps_alone(
    open_case: Opener, decision: str, more: dict[str, Any], owed: int
) -> None:
    scene = await open_case()
    await at_the_factory(scene)
    await factory_found(scene, "needs_consent")
    await confirmed(scene)
    before = await scene.task("factory_repair")
    await escalated(scene)
    await decided(scene, decision, **more)
    await scene.rest()
    assert (await scene.task("factory_repair")).activity_id == before.activity_id
    assert (await scene.state()).customer_owes() == owed
    assert sum(line.amount for line in (await scene.state()).costs) == 86


@pytest.mark.clause("X3", "X12")
@pytest.mark.parametrize("ending", ["rejected", "unresolved"])
async def test_an_end_by_decision_says_how(open_case: Opener, ending: str) -> None:
    scene = await open_case()
    await walk_to(scene, "site_visit")
    await escalated(scene)
    await decided(scene, "end", end_as=ending)
    assert (await scene.end()).result == ending
    assert (await scene.event("decided")).data["end_as"] == ending


@pytest.mark.clause("X3")
async def test_a_second_escalation_adds_its_reason_to_the_open_one(open_case: Opener) -> None:
    scene = await open_case()
    await scene.task("contact_customer")
    await escalated(scene)
    await scene.say("escalate", reason="And now the press rings")
    await scene.rest()
    assert [key for key in await scene.tasks() if key.startswith("special_case")] == ["special_case"]
    reason = (await scene.task("special_case")).reason
    assert reason == "The customer asks for the manager; And now the press rings"
    assert (await scene.event("special_case_opened")).data["joins"] == "special_case"


@pytest.mark.clause("X3")
async def test_a_case_can_be_put_to_the_panel_again_after_a_decision(open_case: Opener) -> None:
    scene = await open_case()
    await scene.task("contact_customer")
    await escalated(scene)
    await decided(scene, "go_on")
    await scene.say("escalate", reason="It got worse")
    assert (await scene.task("special_case-2")).role == "general_manager"


@pytest.mark.clause("X3")
async def test_a_route_without_saying_which_is_refused_and_asked_again(open_case: Opener) -> None:
    scene = await open_case()
    await walk_to(scene, "special_case")
    await decided(scene, "route")
    assert "route" in (await scene.event("outcome_refused", "special_case")).data["reason"]
    assert (await scene.task("special_case")).activity_id == "special_case~2"


@pytest.mark.clause("X3", "R8")
async def test_a_decision_while_two_tasks_are_open_ends_both(open_case: Opener) -> None:
    scene = await open_case()
    await contacted(scene)
    await solved_remotely(scene)
    await accepted(scene)
    await scene.task("settlement")
    await scene.task("follow_up")
    await escalated(scene)
    await decided(scene, "route", route="on_site")
    await assigned(scene)
    tasks = await scene.tasks()
    assert [tasks[key].status for key in ("settlement", "follow_up")] == ["obsolete", "obsolete"]
