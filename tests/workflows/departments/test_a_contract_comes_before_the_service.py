"""Beyond the warranty period the after-sales service contract is signed before the service (Q6, X9)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.support.people import accepted, decided, followed_up, no_answer, settled
from tests.support.people_departments import (
    FEE,
    advised,
    contract_declined,
    contract_signed,
    mode_picked,
    receipt_brought,
    receipt_stored,
    recorded,
)
from tests.support.scene import Scene
from tests.workflows.conftest import Opener


async def beyond(scene: Scene) -> None:
    """Feedback on a product beyond its warranty, with a mode picked."""
    await recorded(scene, period="beyond")
    await mode_picked(scene, "consultation")


@pytest.mark.clause("Q6", "X9", "Q7")
async def test_it_is_signed_paid_and_only_then_served(open_feedback: Opener) -> None:
    scene = await open_feedback()
    await beyond(scene)
    assert (await scene.task("sign_contract")).role == "sales"
    assert "consultation" not in await scene.tasks(), "no service before the contract"
    await contract_signed(scene, costs=[FEE])
    await advised(scene)
    await accepted(scene)
    state = await scene.state()
    assert state.feedback and state.feedback.contract and state.feedback.contract.number == "SC-2026-014"
    assert [(given.amount, given.task) for given in state.consents] == [(Decimal("1800.00"), "sign_contract")]
    assert (await scene.task("settlement")).role == "finance"
    await settled(scene)
    await receipt_brought(scene)
    await receipt_stored(scene)
    await followed_up(scene)
    assert (await scene.end()).result == "resolved"


@pytest.mark.clause("Q6", "X12")
async def test_a_customer_who_wants_no_contract_declines_the_service(open_feedback: Opener) -> None:
    scene = await open_feedback()
    await beyond(scene)
    await contract_declined(scene)
    assert (await scene.end()).result == "declined"
    assert "consultation" not in await scene.tasks()
    assert (await scene.state()).customer_owes() == 0


@pytest.mark.clause("Q6")
@pytest.mark.parametrize("period", [{"period": "within"}, {"period": "contract", "contract_number": "SC-2025-003"}])
async def test_within_the_warranty_or_under_a_contract_none_is_signed(
    open_feedback: Opener, period: dict[str, str]
) -> None:
    scene = await open_feedback()
    await recorded(scene, **period)
    await mode_picked(scene, "consultation")
    await scene.task("consultation")
    assert "sign_contract" not in await scene.tasks()


@pytest.mark.clause("Q6", "X10")
async def test_a_customer_who_does_not_answer_is_not_served_without_a_contract(open_feedback: Opener) -> None:
    scene = await open_feedback()
    await beyond(scene)
    await no_answer(scene, "sign_contract")
    assert (await scene.task("decide_on_absence")).role == "sales_manager"
    await scene.do("decide_on_absence", decision="end_unresolved", reason="No word for three weeks")
    assert (await scene.end()).result == "unresolved"


@pytest.mark.clause("Q6", "X3")
async def test_no_decision_goes_round_the_contract(open_feedback: Opener) -> None:
    scene = await open_feedback()
    await scene.task("record_feedback")
    await scene.say("escalate", reason="The customer knows the owner")
    await decided(scene, "route", route="visit")
    await scene.do(
        "record_feedback-2", subject="technical_support", feedback="It stops", urgency="stopped", period="beyond",
        basis="Delivered in 2021", forwarded_to="Zhao Gang",
    )  # fmt: skip
    await contract_signed(scene)
    await scene.task("arrange_visit")


@pytest.mark.clause("Q6", "X5")
async def test_who_withdraws_after_signing_settles_what_was_agreed(open_feedback: Opener) -> None:
    scene = await open_feedback()
    await beyond(scene)
    await contract_signed(scene, costs=[FEE])
    await scene.task("consultation")
    await scene.say("withdraw", reason="Bought another machine")
    await settled(scene)
    assert (await scene.end()).result == "withdrawn"


@pytest.mark.clause("Q6")
async def test_a_contract_that_ends_before_it_begins_is_refused(open_feedback: Opener) -> None:
    scene = await open_feedback()
    await beyond(scene)
    await contract_signed(scene, valid_to="2025-12-31")
    assert "valid_to" in (await scene.event("outcome_refused", "sign_contract")).data["reason"]
    await contract_signed(scene)
    await scene.task("consultation")


@pytest.mark.clause("Q6", "X3")
async def test_a_cost_that_no_rule_decides_is_a_special_case(open_feedback: Opener) -> None:
    scene = await open_feedback()
    await beyond(scene)
    await contract_signed(scene, costs=[FEE, {"kind": "freight", "text": "Test piece", "amount": "90.00"}])
    assert "freight" in ((await scene.task("special_case")).reason or "")
    assert "consultation" not in await scene.tasks(), "the service waits for the decision"
    await decided(scene, "waive_cost")
    await scene.task("consultation")
    state = await scene.state()
    assert state.customer_owes() == 0
    assert sum(line.amount for line in state.costs) == Decimal("1890.00"), "what is waived is still on record"
