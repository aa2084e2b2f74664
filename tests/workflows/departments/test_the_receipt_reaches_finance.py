"""After acceptance the receipt goes to finance, sales follows up, and a visit is verified where necessary (Q7)."""

from __future__ import annotations

import pytest

from domain.case.feedback import drawn
from tests.support.people import accepted, decided, followed_up, no_answer, settled
from tests.support.people_departments import (
    FEE,
    advised,
    at_the_customers,
    closed_by_departments,
    contract_signed,
    guided,
    mode_picked,
    receipt_brought,
    receipt_stored,
    recorded,
    served,
    trained,
    visit_agreed,
    visit_verified,
    visited_for_service,
)
from tests.support.scene import Scene, person
from tests.workflows.conftest import Opener


async def accepted_by_word(scene: Scene) -> None:
    """Technical support by consultation, accepted."""
    await served(scene, "technical_support", "consultation")
    await advised(scene)
    await accepted(scene)


async def accepted_after_a_visit(scene: Scene) -> None:
    """A training on site, accepted."""
    await at_the_customers(scene)
    await trained(scene)
    await accepted(scene)


@pytest.mark.clause("Q7", "Q1")
async def test_bringing_and_storing_are_two_recorded_facts(open_feedback: Opener) -> None:
    scene = await open_feedback()
    await accepted_by_word(scene)
    assert (await scene.task("bring_receipt")).reason == "The acceptance slip"
    await receipt_brought(scene)
    assert (await scene.task("store_receipt")).role == "finance"
    await receipt_stored(scene)
    await followed_up(scene)
    await scene.end()
    receipt = scene.memory.case(scene.case_id).feedback
    assert (
        receipt and receipt.receipt and (receipt.receipt.number, receipt.receipt.place) == ("AS-0042", "Binder 2026-03")
    )


@pytest.mark.clause("Q7")
async def test_a_receipt_that_is_wrong_goes_back(open_feedback: Opener) -> None:
    scene = await open_feedback()
    await accepted_by_word(scene)
    await receipt_brought(scene)
    await scene.do("store_receipt", result="sent_back", reason="The signature is missing")
    await receipt_brought(scene, key="bring_receipt-2")
    await receipt_stored(scene, key="store_receipt-2")
    await followed_up(scene)
    assert (await scene.end()).result == "resolved"


@pytest.mark.clause("Q7", "X11")
async def test_who_brings_a_receipt_does_not_store_it(open_feedback: Opener) -> None:
    scene = await open_feedback()
    await accepted_by_word(scene)
    both = person("production_after_sales", "zhao.gang")
    await scene.do(
        "bring_receipt",
        by=both,
        result="brought",
        number="AS-1",
        handed_to="Qian Yun",
        attachments=["F-0123456789ABCDEF"],
    )
    await scene.do("store_receipt", by=person("finance", "zhao.gang"), result="stored", place="Binder", verify="no")
    assert "somebody else" in (await scene.event("outcome_refused", "store_receipt")).data["reason"]
    await receipt_stored(scene)
    await followed_up(scene)


@pytest.mark.clause("Q7")
async def test_a_missing_receipt_is_on_record_with_its_reason(open_feedback: Opener) -> None:
    scene = await open_feedback()
    await served(scene, "technical_support", "consultation")
    await advised(scene)
    await no_answer(scene, "acceptance")
    await scene.do("decide_on_silence", decision="go_on", reason="The line runs, as we see from afar")
    await scene.do("bring_receipt", result="none", reason="The customer never signed")
    await followed_up(scene)
    assert (await scene.end()).result == "resolved"
    assert "store_receipt" not in await scene.tasks()


@pytest.mark.clause("Q7", "X3")
async def test_a_signed_receipt_that_does_not_reach_finance_goes_to_the_general_manager(open_feedback: Opener) -> None:
    scene = await open_feedback()
    await accepted_by_word(scene)
    await scene.do("bring_receipt", result="none", reason="Lost on the train")
    await followed_up(scene)
    special = await scene.task("special_case")
    assert special.reason == "The acceptance slip did not reach finance: Lost on the train"
    await decided(scene, "go_on")
    assert (await scene.end()).result == "resolved"


@pytest.mark.clause("Q7")
async def test_a_payment_receipt_is_there_only_when_something_was_paid(open_feedback: Opener) -> None:
    scene = await open_feedback({"receipt": "payment_receipt"})
    await accepted_by_word(scene)
    await followed_up(scene)
    assert (await scene.end()).result == "resolved"
    assert "bring_receipt" not in await scene.tasks()

    scene = await open_feedback({"receipt": "payment_receipt"})
    await recorded(scene, period="beyond")
    await mode_picked(scene, "consultation")
    await contract_signed(scene, costs=[FEE])
    await advised(scene)
    await accepted(scene)
    await settled(scene)
    assert (await scene.task("bring_receipt")).reason == "The payment receipt"


@pytest.mark.clause("Q7")
async def test_a_visit_is_verified_when_finance_asks(open_feedback: Opener) -> None:
    scene = await open_feedback({"visit_verification": "asked"})
    await accepted_after_a_visit(scene)
    await receipt_brought(scene)
    await receipt_stored(scene, "yes")
    await followed_up(scene)
    task = await scene.task("verify_visit")
    assert (task.role, task.about) == ("sales", "service_visit")
    await visit_verified(scene)
    assert (await scene.end()).result == "resolved"


@pytest.mark.clause("Q7", "X3")
async def test_a_visit_that_the_customer_contradicts_goes_to_the_general_manager(open_feedback: Opener) -> None:
    scene = await open_feedback({"visit_verification": "every"})
    await accepted_after_a_visit(scene)
    await receipt_brought(scene)
    await receipt_stored(scene)
    await followed_up(scene)
    await visit_verified(scene, "contradicted")
    assert (await scene.task("special_case")).reason == "The customer contradicts the report of a visit"
    await decided(scene, "end", end_as="unresolved")
    assert (await scene.end()).result == "unresolved"


@pytest.mark.clause("Q7")
@pytest.mark.parametrize("share", [1, 100])
async def test_visits_are_drawn_by_lot_for_verification(open_feedback: Opener, share: int) -> None:
    scene = await open_feedback({"visit_verification": "drawn", "verified_share": share})
    await accepted_after_a_visit(scene)
    await receipt_brought(scene)
    await receipt_stored(scene)
    await followed_up(scene)
    if drawn(scene.case_id, share):
        await visit_verified(scene)
    assert (await scene.end()).result == "resolved"
    assert ("verify_visit" in await scene.tasks()) == drawn(scene.case_id, share)


@pytest.mark.clause("Q7")
async def test_a_visit_that_did_not_solve_it_is_verified_too(open_feedback: Opener) -> None:
    scene = await open_feedback({"visit_verification": "every"})
    await served(scene, "technical_support", "visit")
    await visit_agreed(scene)
    await visited_for_service(scene, "unsolved")
    await decided(scene, "go_on")
    await mode_picked(scene, "remote_guidance", key="choose_mode-2")
    await guided(scene)
    await closed_by_departments(scene)
    assert (await scene.task("verify_visit")).about == "service_visit"
    await visit_verified(scene)
    assert (await scene.end()).result == "resolved"


@pytest.mark.clause("Q7")
async def test_what_was_no_visit_is_not_verified(open_feedback: Opener) -> None:
    scene = await open_feedback({"visit_verification": "every"})
    await served(scene, "technical_support", "consultation")
    await advised(scene)
    await closed_by_departments(scene)
    assert (await scene.end()).result == "resolved"
    assert "verify_visit" not in await scene.tasks()


def test_the_lot_draws_about_the_share_that_the_plan_names() -> None:
    cases = [f"C-{number:010d}" for number in range(2000)]
    assert 0.15 < sum(drawn(case, 20) for case in cases) / len(cases) < 0.25
    assert all(drawn(case, 100) for case in cases)
