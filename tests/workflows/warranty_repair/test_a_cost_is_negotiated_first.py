"""W2, W7, X9: outside the warranty the customer is spoken with and the cost agreed before any repair."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.support.people import decided, finished, followed_up, located, no_answer, received, returned
from tests.support.people_warranty_repair import (
    COSTS,
    NEW_COSTS,
    came_in,
    consented,
    determined,
    item_inspected,
    item_repaired,
    on_the_bench,
    re_inspected,
    talked,
    told_where_to,
    verified,
    verified_out_of_warranty,
)
from tests.support.scene import Scene
from tests.support.ways import published
from tests.workflows.conftest import Opener

PLAN = published("warranty-repair")


async def put_right(scene: Scene) -> None:
    """From the repair to the end."""
    await item_repaired(scene)
    await re_inspected(scene)
    await returned(scene)
    await finished(scene)


@pytest.mark.clause("W7", "X9")
@pytest.mark.parametrize(
    "facts",
    [
        {"warranty": "out"},
        {"conditions_of_use": "outside"},
        {"responsibility": "customer"},
    ],
    ids=str,
)
async def test_outside_the_warranty_the_cost_is_agreed_before_the_repair(
    open_case: Opener, facts: dict[str, str]
) -> None:
    scene = await open_case(plan=PLAN)
    await verified(scene, **facts)
    await determined(
        scene,
        responsibility=facts.get("responsibility", "product"),
        conditions_of_use=facts.get("conditions_of_use", "met"),
    )
    await talked(scene)
    await scene.task("confirm_plan")
    assert (await scene.state()).customer_owes() == Decimal("48.00")
    assert "repair_returned" not in await scene.tasks()
    await consented(scene)
    await told_where_to(scene)
    await received(scene)
    await item_inspected(scene)
    await put_right(scene)
    assert (await scene.end()).result == "resolved"
    state = scene.memory.case(scene.case_id)
    assert [consent.amount for consent in state.consents] == [Decimal("48.00")]
    talk = scene.memory.tasks(scene.case_id)["talk_to_customer"]
    assert talk.done and talk.done.happened_at <= state.consents[0].at, "the talk is on record first"


@pytest.mark.clause("W7", "X12")
async def test_a_customer_who_does_not_agree_gets_the_item_back_unrepaired(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await came_in(scene)
    await item_inspected(
        scene, "changed", responsibility="customer", conditions_of_use="met", proposal="New bearings", costs=COSTS
    )
    await talked(scene)
    await consented(scene, "declined")
    await returned(scene)
    await followed_up(scene)
    assert (await scene.end()).result == "declined"
    tasks = scene.memory.tasks(scene.case_id)
    assert "repair_returned" not in tasks
    state = scene.memory.case(scene.case_id)
    assert state.customer_owes() == 0 and state.item_with_us is None


@pytest.mark.clause("W7", "X5")
async def test_an_item_on_its_way_when_the_customer_declines_is_looked_for(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await verified(scene, warranty="out", whereabouts="sent")
    await determined(scene)
    await talked(scene)
    await consented(scene, "declined")
    await located(scene)
    await returned(scene)
    await followed_up(scene)
    assert (await scene.end()).result == "declined"


@pytest.mark.clause("W7")
async def test_another_cost_can_be_negotiated_in_the_talk(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await verified_out_of_warranty(scene)
    await determined(scene)
    await talked(scene, "new_cost", costs=NEW_COSTS)
    await consented(scene)
    await scene.task("return_instructions")
    assert (await scene.state()).customer_owes() == Decimal("36.50")


@pytest.mark.clause("W7", "X3")
async def test_under_special_circumstances_the_decision_comes_after_the_talk(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await verified_out_of_warranty(scene)
    await determined(scene)
    await scene.task("talk_to_customer")
    assert "special_case" not in await scene.tasks()
    await talked(scene, "special", circumstances="Two weeks out of warranty, a good customer")
    special = await scene.task("special_case")
    assert special.reason and "Two weeks out of warranty" in special.reason
    await decided(scene, "share_cost", company_share=50)
    await consented(scene)
    await scene.task("return_instructions")
    state = await scene.state()
    assert (state.customer_owes(), state.consents[0].amount) == (Decimal("24.00"), Decimal("24.00"))
    talked_at = (await scene.tasks())["talk_to_customer"].ended_at
    assert talked_at and talked_at <= (await scene.event("decided")).at


@pytest.mark.clause("W7", "X3")
async def test_a_cost_that_no_rule_decides_is_decided_by_the_panel(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await verified_out_of_warranty(scene)
    await determined(scene, costs=[*COSTS, {"kind": "travel", "text": "Journey", "amount": "20.00"}])
    await talked(scene)
    assert "travel" in str((await scene.task("special_case")).reason)
    await decided(scene, "go_on")
    await scene.task("confirm_plan")


@pytest.mark.clause("W7", "X10")
async def test_a_customer_who_cannot_be_spoken_with_is_decided_about(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await verified_out_of_warranty(scene)
    await determined(scene)
    await no_answer(scene, "talk_to_customer")
    await scene.do("decide_on_absence", decision="end_unresolved", reason="Nobody there")
    assert (await scene.end()).result == "unresolved"


@pytest.mark.clause("W2")
async def test_a_problem_that_turns_out_to_be_ours_is_repaired_at_our_cost(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await verified(scene, responsibility="unclear", conditions_of_use="unknown")
    await determined(scene, responsibility="product", conditions_of_use="met")
    await scene.task("return_instructions")
    state = await scene.state()
    assert "talk_to_customer" not in await scene.tasks()
    assert [(line.payer, line.amount) for line in state.costs] == [("company", Decimal("48.00"))]


@pytest.mark.clause("W7", "X9")
async def test_a_cost_that_comes_up_in_the_repair_is_agreed_before_it_goes_on(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await verified(scene, warranty="out", whereabouts="sent")
    await determined(scene)
    await talked(scene)
    await consented(scene)
    await received(scene)
    await item_inspected(scene)
    promised = (await scene.task("repair_returned")).due_at
    await scene.do("repair_returned", result="cost_came_up", circumstances="The shaft is worn too", costs=NEW_COSTS)
    await scene.task("talk_to_customer-2")
    await scene.advance(days=3)
    await talked(scene, key="talk_to_customer-2")
    await consented(scene, key="confirm_plan-2")
    again = await scene.task("repair_returned-2")
    assert promised and again.due_at and again.due_at - promised > timedelta(hours=12), "the repair rested meanwhile"
    assert (await scene.state()).customer_owes() == Decimal("84.50")
    await item_repaired(scene, key="repair_returned-2")
    await scene.task("reinspect")


@pytest.mark.clause("W6", "X9")
async def test_a_cost_of_ours_that_comes_up_needs_nobody_to_be_asked(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await on_the_bench(scene)
    await scene.do("repair_returned", result="cost_came_up", circumstances="The shaft is worn too", costs=NEW_COSTS)
    await scene.task("repair_returned-2")
    state = await scene.state()
    assert state.customer_owes() == 0 and len(state.costs) == 1


@pytest.mark.clause("W6")
async def test_the_time_can_count_from_the_agreed_price(open_case: Opener) -> None:
    choices = PLAN.choices.model_copy(update={"confirmation": "price"})
    scene = await open_case(plan=PLAN.model_copy(update={"choices": choices}))
    await came_in(scene)
    await item_inspected(
        scene, "changed", responsibility="customer", conditions_of_use="met", proposal="New bearings", costs=COSTS
    )
    await scene.task("talk_to_customer")
    await scene.advance(days=2)
    await talked(scene)
    await consented(scene)
    await scene.task("repair_returned")
    state = await scene.state()
    assert state.instants["confirmation"] == state.consents[0].at > state.instants["receipt"]


@pytest.mark.clause("W7", "X3")
async def test_what_cannot_be_repaired_outside_warranty_is_for_the_panel(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await verified(scene, warranty="out", whereabouts="sent")
    await determined(scene)
    await talked(scene)
    await consented(scene)
    await received(scene)
    await item_inspected(scene, "not_repairable")
    await decided(scene, "waive_cost")
    assert (await scene.task("return_item")).role == "after_sales"
    await returned(scene)
    await scene.task("follow_up")
    assert (await scene.state()).customer_owes() == 0
