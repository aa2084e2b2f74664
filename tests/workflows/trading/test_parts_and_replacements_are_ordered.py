"""Orders: parts within three hours or four days, a replacement the same day or by production (T8, T9, X5)."""

from __future__ import annotations

from datetime import UTC, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.plan.model import Choices
from tests.support.people import decided
from tests.support.people_trading import (
    closed,
    group_dissolved,
    group_opened,
    handed_over,
    orders_settled,
    parts_arrived,
    parts_at_the_customers,
    parts_bought,
    parts_ordered,
    quoted,
    replacement_bought,
    replacement_delivered,
    replacement_ordered,
    session_held,
    time_agreed,
)
from tests.support.scene import Scene
from tests.workflows.conftest import Opener
from tests.workflows.trading.scenes import at, counted, opened


async def states_of_orders(scene: Scene) -> list[tuple[str, str]]:
    return [(order.kind.value, order.state.value) for order in (await scene.state()).orders]


@pytest.mark.clause("T8")
async def test_parts_are_ordered_bought_delivered_and_replaced_under_guidance(open_case: Opener) -> None:
    scene = await opened(open_case)
    await handed_over(scene, "parts")
    await quoted(scene)
    assert await counted(scene, "issue_parts_order") == ("1 h", "solution", "T8")
    await parts_ordered(scene)
    assert await counted(scene, "purchase_parts") == ("1 h", "order", "T8")
    assert (await scene.task("purchase_parts")).role == "procurement"
    await parts_bought(scene)
    assert await counted(scene, "receive_parts") == ("4 d", "purchase", "T8")
    assert await states_of_orders(scene) == [("after_sales", "placed"), ("purchase", "placed")]
    await scene.advance(days=2)
    await parts_arrived(scene)
    await time_agreed(scene)
    await group_opened(scene)
    await session_held(scene, "guided_installation")
    await group_dissolved(scene)
    assert await closed(scene) == "resolved"
    assert {order.state.value for order in scene.memory.case(scene.case_id).orders} == {"arrived"}


@pytest.mark.clause("T8")
async def test_parts_from_the_same_city_arrive_within_three_hours(open_case: Opener) -> None:
    scene = await at(open_case, "receive_parts_nearby")
    assert await counted(scene, "receive_parts_nearby") == ("3 h", "purchase", "T8")
    assert (await scene.state()).orders[-1].same_city is True


@pytest.mark.clause("T8")
@pytest.mark.parametrize(("setting", "word"), [("customers_city", "customer's"), ("companys_city", "company's")])
async def test_the_plan_says_whose_city_counts(open_case: Opener, setting: str, word: str) -> None:
    scene = await at(open_case, "purchase_parts", choices=Choices.model_validate({"parts_delivered_in": setting}))
    assert f"the {word}" in ((await scene.task("purchase_parts")).reason or "")


@pytest.mark.clause("T8")
@pytest.mark.parametrize("result", ["wrong", "lost"])
async def test_parts_that_come_wrong_or_not_at_all_are_bought_again(open_case: Opener, result: str) -> None:
    scene = await at(open_case, "receive_parts")
    await scene.do("receive_parts", result=result)
    assert await counted(scene, "purchase_parts-2") == ("1 h", "offered", "T8")
    await parts_bought(scene, key="purchase_parts-2")
    await parts_arrived(scene, "receive_parts-2")
    await scene.task("agree_session")
    assert await states_of_orders(scene) == [
        ("after_sales", "arrived"),
        ("purchase", "failed"),
        ("purchase", "arrived"),
    ]


@pytest.mark.clause("T8")
async def test_parts_that_cannot_be_had_lead_to_another_solution(open_case: Opener) -> None:
    scene = await at(open_case, "purchase_parts")
    await scene.do("purchase_parts", result="unobtainable")
    await scene.task("propose_solution-2")
    assert await states_of_orders(scene) == [("after_sales", "cancelled")]


@pytest.mark.clause("T8")
async def test_a_part_the_customer_cannot_replace_leads_to_another_solution(open_case: Opener) -> None:
    scene = await opened(open_case)
    await parts_at_the_customers(scene)
    await time_agreed(scene)
    await group_opened(scene)
    await session_held(scene, "guided_installation", "unsolved")
    await group_dissolved(scene)
    assert (await scene.task("propose_solution-2")).reason == "The first solution did not help: parts"


@pytest.mark.clause("T9", "X12")
async def test_a_replacement_from_stock_is_delivered_the_same_day(open_case: Opener) -> None:
    scene = await opened(open_case)
    await handed_over(scene, "replacement_order")
    await quoted(scene)
    assert await counted(scene, "issue_equipment_order") == ("1 h", "solution", "T9")
    await replacement_ordered(scene)
    assert await counted(scene, "purchase_equipment") == ("1 h", "order", "T9")
    await replacement_bought(scene)
    due = (await scene.task("deliver_equipment")).due_at
    assert due
    local = due.astimezone(ZoneInfo("Asia/Shanghai"))
    assert (local.hour, local.minute) == (0, 0)
    assert timedelta(0) < due - await scene.now() <= timedelta(days=1)
    await replacement_delivered(scene)
    assert await closed(scene) == "replaced"


@pytest.mark.clause("T9")
async def test_one_that_is_made_is_delivered_by_the_production_cycle(open_case: Opener) -> None:
    scene = await at(open_case, "purchase_equipment")
    await replacement_bought(scene, "produced", days=-1)
    assert "after the purchase" in (await scene.event("outcome_refused", "purchase_equipment")).data["reason"]
    ready = await scene.now() + timedelta(days=20)
    await replacement_bought(scene, "produced", days=20)
    due = (await scene.task("deliver_equipment")).due_at
    assert due
    assert abs(due.astimezone(UTC) - ready) < timedelta(minutes=1)
    order = (await scene.state()).orders[-1]
    assert (order.in_stock, order.expected_at) == (False, due)


@pytest.mark.clause("T9")
async def test_a_replacement_that_cannot_be_had_leads_to_another_solution(open_case: Opener) -> None:
    scene = await at(open_case, "purchase_equipment")
    await scene.do("purchase_equipment", result="unobtainable")
    await scene.task("propose_solution-2")
    assert await states_of_orders(scene) == [("after_sales", "cancelled")]


@pytest.mark.clause("X5", "T8")
async def test_orders_of_a_customer_who_withdraws_are_settled_at_the_companys_cost(open_case: Opener) -> None:
    scene = await at(open_case, "receive_parts")
    await scene.say("withdraw", reason="Bought another machine")
    assert (await scene.task("settle_orders")).role == "procurement"
    await orders_settled(scene, "kept", fee="35.00")
    await scene.do("settlement", cost_list="No costs for Chen Yu", payment="nothing_due", orders="In our stock")
    assert (await scene.end()).result == "withdrawn"
    state = scene.memory.case(scene.case_id)
    assert {order.state.value for order in state.orders} == {"kept"}
    assert state.customer_owes() == 0
    assert [(line.text, line.payer.value) for line in state.costs][-1] == ("Orders given up", "company")


@pytest.mark.clause("T11", "X3", "T8")
async def test_a_decided_way_settles_the_orders_of_the_one_before(open_case: Opener) -> None:
    scene = await at(open_case, "receive_parts")
    await scene.say("escalate", reason="The parts take too long")
    for word in ("panel_word", "panel_word-2"):
        await scene.do(word, advice="route", reason="They can try another parameter")
    await decided(scene, "route", route="telephone")
    await orders_settled(scene)
    await scene.task("agree_session")
    assert {state for _, state in await states_of_orders(scene)} == {"cancelled"}
