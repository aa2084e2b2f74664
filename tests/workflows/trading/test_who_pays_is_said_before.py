"""Who pays is said by the plan's rules before anything is ordered or sent; the customer agrees first (T10, T12, X9)."""

from __future__ import annotations

from typing import Any

import pytest

from domain.plan.model import Choices
from tests.support.people import confirmed, decided, factory_found, followed_up, returned
from tests.support.people_trading import (
    FREIGHT,
    LABOUR,
    MACHINE,
    PART,
    arrived_at_the_factory,
    closed,
    handed_over,
    quoted,
    replacement_bought,
    replacement_delivered,
    replacement_ordered,
)
from tests.support.scene import Scene
from tests.workflows.conftest import Opener
from tests.workflows.trading.scenes import opened

POSTAGE = {"kind": "postage", "text": "Postage of the part", "amount": "20.00"}


async def quoting(open_case: Opener, way: str, **more: Any) -> Scene:
    scene = await opened(open_case)
    await handed_over(scene, way, **more)
    return scene


async def payers(scene: Scene) -> dict[str, str]:
    await scene.rest()
    return {line.text: line.payer.value for line in (await scene.state()).costs}


async def all_say(scene: Scene, decision: str, **more: Any) -> None:
    """The panel: procurement and sales give their word, the general manager decides."""
    for word in ("panel_word", "panel_word-2"):
        await scene.do(word, advice=decision, reason="Talked it over")
    await decided(scene, decision, **more)


@pytest.mark.clause("T10")
async def test_a_in_warranty_the_company_bears_parts_and_postage(open_case: Opener) -> None:
    scene = await quoting(open_case, "parts")
    await quoted(scene, PART, POSTAGE)
    await scene.task("issue_parts_order")
    assert await payers(scene) == {"Drive board": "company", "Postage of the part": "company"}
    assert "confirm_plan" not in await scene.tasks()


@pytest.mark.clause("T10", "X9")
async def test_a_out_of_warranty_the_customer_is_charged_and_agrees_first(open_case: Opener) -> None:
    scene = await quoting(open_case, "parts")
    await quoted(scene, PART, POSTAGE, warranty="out")
    await scene.task("confirm_plan")
    assert "issue_parts_order" not in await scene.tasks(), "nothing is ordered before the customer agreed"
    await confirmed(scene)
    await scene.task("issue_parts_order")
    state = await scene.state()
    assert state.customer_owes() == state.consents[0].amount == 500


@pytest.mark.clause("T10", "X9", "X12")
async def test_a_customer_who_does_not_agree_pays_nothing(open_case: Opener) -> None:
    scene = await quoting(open_case, "parts")
    await quoted(scene, warranty="out")
    await confirmed(scene, decision="declined")
    await followed_up(scene)
    assert (await scene.end()).result == "declined"
    assert scene.memory.case(scene.case_id).costs == ()


@pytest.mark.clause("T10", "T8", "X9")
async def test_the_hour_for_the_order_does_not_run_while_the_customer_makes_up_their_mind(open_case: Opener) -> None:
    scene = await quoting(open_case, "parts")
    await quoted(scene, warranty="out")
    await scene.task("confirm_plan")
    await scene.advance(hours=5)
    await confirmed(scene)
    order = await scene.task("issue_parts_order")
    assert order.due_at
    assert order.due_at > await scene.now()


@pytest.mark.clause("T10", "T12")
async def test_b_in_warranty_the_customer_bears_the_freight_there_and_the_company_the_rest(open_case: Opener) -> None:
    scene = await quoting(open_case, "factory_return")
    await quoted(scene, FREIGHT, LABOUR, can_repair="no")
    await scene.task("confirm_plan")
    assert await payers(scene) == {"Freight to the factory": "customer", "Bench work, 3 h": "company"}
    await confirmed(scene)
    assert (await scene.task("return_instructions")).role == "sales"


@pytest.mark.clause("T10")
async def test_b_out_of_warranty_the_work_can_be_given_free_of_charge_as_a_recorded_decision(
    open_case: Opener,
) -> None:
    scene = await quoting(open_case, "factory_return")
    free = {"free_of_charge": "yes", "reason": "A customer of ten years"}
    await quoted(scene, FREIGHT, LABOUR, warranty="out", can_repair="no", **free)
    await scene.task("confirm_plan")
    assert await payers(scene) == {"Freight to the factory": "customer", "Bench work, 3 h": "company"}
    terms = (await scene.state()).support.terms
    assert terms
    assert (terms.free_of_charge, terms.reason, terms.by.role) == (True, "A customer of ten years", "sales")
    told = {line.text: line.rule or "" for line in (await scene.state()).costs}
    assert "free of charge by decision" in told["Bench work, 3 h"]
    assert "by decision" not in told["Freight to the factory"]


@pytest.mark.clause("T10")
async def test_nothing_is_given_free_of_charge_that_the_rules_do_not_let_be(open_case: Opener) -> None:
    scene = await quoting(open_case, "parts")
    await quoted(scene, warranty="out", free_of_charge="yes", reason="They asked")
    assert "free_of_charge" in (await scene.event("outcome_refused", "quote_costs")).data["reason"]


@pytest.mark.clause("T10", "T12", "X12")
async def test_c_what_the_factory_cannot_repair_in_warranty_is_replaced_at_the_companys_expense(
    open_case: Opener,
) -> None:
    scene = await opened(open_case)
    await arrived_at_the_factory(scene)
    await factory_found(scene, "not_repairable")
    await quoted(scene, MACHINE, can_repair="no", key="quote_costs-2")
    await replacement_ordered(scene)
    assert (await payers(scene))["Labeller LB-3"] == "company"
    await replacement_bought(scene)
    await replacement_delivered(scene)
    assert await closed(scene) == "replaced"
    assert "return_item" not in scene.memory.tasks(scene.case_id), "what is replaced stays at the factory"


@pytest.mark.clause("T12")
async def test_what_the_factory_repaired_goes_back_to_the_customer(open_case: Opener) -> None:
    scene = await opened(open_case)
    await arrived_at_the_factory(scene)
    await factory_found(scene, "repaired")
    await returned(scene)
    assert await closed(scene) == "resolved"


@pytest.mark.clause("T12", "T11")
async def test_a_plan_can_leave_what_cannot_be_repaired_to_the_panel(open_case: Opener) -> None:
    scene = await opened(open_case, choices=Choices(unrepairable="panel_decides"))
    await arrived_at_the_factory(scene)
    await factory_found(scene, "not_repairable")
    await all_say(scene, "replace")
    await scene.task("quote_costs-2")
    assert (await scene.state()).resolution == "replacement_order"


@pytest.mark.clause("T9", "T10", "T11")
@pytest.mark.parametrize(
    ("decision", "share", "owed"), [("waive_cost", {}, 0), ("share_cost", {"company_share": 25}, 9600)]
)
async def test_who_pays_an_urgent_replacement_out_of_warranty_is_decided_by_the_panel(
    open_case: Opener, decision: str, share: dict[str, int], owed: int
) -> None:
    scene = await quoting(open_case, "replacement_order", why_replaced="urgent")
    await quoted(scene, MACHINE, warranty="out", can_repair="no")
    assert (await scene.task("panel_word")).reason == "No rule of the plan says who pays: replacement equipment"
    assert "issue_equipment_order" not in await scene.tasks()
    await all_say(scene, decision, **share)
    if owed:
        await confirmed(scene)
    await scene.task("issue_equipment_order")
    assert (await scene.state()).customer_owes() == owed


@pytest.mark.clause("T10", "T11")
async def test_a_warranty_that_nobody_knows_of_is_not_guessed(open_case: Opener) -> None:
    scene = await quoting(open_case, "parts")
    await quoted(scene, warranty="unknown")
    await all_say(scene, "go_on")
    await scene.task("confirm_plan")
    (line,) = (await scene.state()).costs
    assert (line.payer, line.source, line.rule) == ("customer", "X3", "No rule of the plan says it: the panel decides")


@pytest.mark.clause("T10", "T12")
async def test_b_what_the_customer_cannot_repair_in_warranty_is_sent_in_instead_of_parts(open_case: Opener) -> None:
    scene = await quoting(open_case, "parts")
    await quoted(scene, can_repair="no")
    await quoted(scene, FREIGHT, can_repair="no", key="quote_costs-2")
    await scene.task("confirm_plan")
    assert (await scene.state()).resolution == "factory_return"
    assert await payers(scene) == {"Freight to the factory": "customer"}
    assert "issue_parts_order" not in await scene.tasks()


@pytest.mark.clause("T10", "T12")
async def test_what_was_said_of_the_warranty_before_holds_at_the_factory(open_case: Opener) -> None:
    scene = await opened(open_case)
    await arrived_at_the_factory(scene)
    await factory_found(scene, "repaired", costs=[PART])
    await scene.task("return_item")
    assert (await payers(scene))["Drive board"] == "company"
    assert "panel_word" not in await scene.tasks()
