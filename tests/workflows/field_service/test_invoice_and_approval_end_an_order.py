"""Contracted or paid service is invoiced, and an order from the app ends with an approval (M9, M10)."""

from __future__ import annotations

from typing import Any

import pytest

from domain.plan import Plan
from tests.support.people import accepted, decided
from tests.support.people_field_service import (
    LABOUR,
    PAID_SERVICE,
    approved,
    called_ahead,
    investigated,
    invoice_prepared,
    on_the_card,
    order_worked,
    paid,
    repaired_at_once,
    repaired_for_a_fee,
    repaired_on_the_spot,
    visit_agreed,
)
from tests.support.scene import person
from tests.workflows.conftest import Opener
from tests.workflows.field_service.ends import result_of


@pytest.mark.clause("M9")
async def test_finance_prepares_the_invoice_and_the_service_person_issues_it_and_charges_the_fee(
    open_request: Opener,
) -> None:
    scene = await open_request()
    await repaired_for_a_fee(scene)
    assert (await scene.task("prepare_invoice")).role == "finance"
    await invoice_prepared(scene)
    assert (await scene.task("issue_invoice")).role == "engineer"
    await paid(scene)
    assert await result_of(scene) == "resolved"
    state = scene.memory.case(scene.case_id)
    assert [(one.number, str(one.amount)) for one in state.invoices] == [("FP-2026-0815", "300.00")]
    assert state.customer_still_owes() == 0


@pytest.mark.clause("M9")
@pytest.mark.parametrize("warranty", ["out", "contract"])
async def test_contracted_or_paid_service_names_its_fee(open_request: Opener, warranty: str) -> None:
    scene = await open_request()
    await visit_agreed(scene)
    await investigated(scene, warranty=warranty)
    assert "M9" in (await scene.event("outcome_refused", "field_visit")).data["reason"]
    await investigated(scene, warranty=warranty, costs=[LABOUR])
    await scene.task("confirm_plan")


@pytest.mark.clause("M9")
async def test_a_service_that_charges_nothing_skips_the_invoice_and_says_so(open_request: Opener) -> None:
    scene = await open_request()
    await repaired_on_the_spot(scene)
    await result_of(scene)
    skipped = [event.data for event in await scene.events("skipped")]
    assert {"stage": "invoice", "reason": "nothing is charged to the customer"} in skipped
    assert "prepare_invoice" not in await scene.tasks()


@pytest.mark.clause("M9", "X9")
async def test_an_invoice_over_anything_but_what_the_customer_agreed_to_is_refused(open_request: Opener) -> None:
    scene = await open_request()
    await repaired_for_a_fee(scene)
    await invoice_prepared(scene, "350.00")
    assert "300.00 CNY" in (await scene.event("outcome_refused", "prepare_invoice")).data["reason"]
    await invoice_prepared(scene)
    await paid(scene, "30.00")
    assert "300.00 CNY" in (await scene.event("outcome_refused", "issue_invoice")).data["reason"]
    await paid(scene)
    assert await result_of(scene) == "resolved"


@pytest.mark.clause("M9", "X3")
async def test_a_disputed_invoice_is_decided_and_prepared_anew(open_request: Opener) -> None:
    scene = await open_request()
    await repaired_for_a_fee(scene)
    await invoice_prepared(scene)
    await scene.do("issue_invoice", result="disputed", objection="Two hours is too much")
    await decided(scene, "share_cost", company_share=50)
    await invoice_prepared(scene, "150.00", key="prepare_invoice-2")
    await paid(scene, "150.00", key="issue_invoice-2")
    assert await result_of(scene) == "resolved"


@pytest.mark.clause("M9", "X3")
async def test_costs_that_are_waived_while_the_invoice_is_out_need_no_payment(open_request: Opener) -> None:
    scene = await open_request()
    await repaired_for_a_fee(scene)
    await invoice_prepared(scene)
    await scene.task("issue_invoice")
    await scene.say("escalate", reason="Goodwill for an old customer")
    await decided(scene, "waive_cost")
    await scene.do("issue_invoice", result="outdated")
    assert await result_of(scene) == "resolved"
    assert scene.memory.case(scene.case_id).payments == ()


@pytest.mark.clause("M10", "X11")
async def test_an_order_from_the_app_ends_with_an_approval_by_somebody_who_did_none_of_the_work(
    open_request: Opener,
) -> None:
    scene = await open_request(channel="app")
    await order_worked(scene)
    assert (await scene.task("approval")).role == "approver"
    await scene.do("approval", decision="approved", by=person("approver", "engineer"))
    assert "X11" in (await scene.event("outcome_refused", "approval")).data["reason"]
    await approved(scene)
    assert await result_of(scene) == "resolved"


@pytest.mark.clause("M10", "M9")
async def test_a_refused_approval_opens_the_work_again_and_charges_only_what_is_new(open_request: Opener) -> None:
    scene = await open_request(channel="app")
    await order_worked(scene)
    await scene.do("approval", decision="refused", reason="The noise was not looked into")
    await called_ahead(scene)
    await investigated(scene, key="field_visit-2")
    await repaired_at_once(scene, key="site_repair-2")
    await on_the_card(scene, key="warranty_card_entry-2")
    await accepted(scene, key="acceptance-2")
    await approved(scene, key="approval-2")
    assert await result_of(scene) == "resolved"


@pytest.mark.clause("M10", "M9")
async def test_what_was_paid_before_the_work_was_opened_again_is_not_charged_twice(
    open_request: Opener, plan: Plan
) -> None:
    every = plan.choices.model_copy(update={"approval": "all"})
    scene = await open_request(plan=plan.model_copy(update={"choices": every}))
    await repaired_for_a_fee(scene)
    await invoice_prepared(scene)
    await paid(scene)
    await scene.do("approval", decision="refused", reason="The photo of the card is missing")
    await called_ahead(scene, key="call_ahead-2")
    await investigated(scene, key="field_visit-2", costs=[{**LABOUR, "amount": "80.00"}], **PAID_SERVICE)
    await scene.do("confirm_plan-2", decision="confirmed", given_by="Chen Yu", evidence="Signed on the sheet")
    await repaired_at_once(scene, key="site_repair-2")
    await on_the_card(scene, key="warranty_card_entry-2")
    await accepted(scene, key="acceptance-2")
    await invoice_prepared(scene, "80.00", key="prepare_invoice-2")
    await paid(scene, "80.00", key="issue_invoice-2")
    await approved(scene, key="approval-2")
    assert await result_of(scene) == "resolved"


@pytest.mark.clause("M10")
async def test_the_plan_says_whether_all_orders_are_approved(open_request: Opener, plan: Plan) -> None:
    every = plan.choices.model_copy(update={"approval": "all"})
    scene = await open_request(plan=plan.model_copy(update={"choices": every}))
    await repaired_on_the_spot(scene)
    await approved(scene)
    assert await result_of(scene) == "resolved"


@pytest.mark.clause("M10")
async def test_an_order_that_did_not_come_through_the_app_ends_without_approval_and_says_so(
    open_request: Opener,
) -> None:
    scene = await open_request()
    await repaired_on_the_spot(scene)
    await result_of(scene)
    skipped = [event.data for event in await scene.events("skipped")]
    assert {"stage": "approve", "reason": "only orders from the app are approved"} in skipped


@pytest.mark.clause("M9")
async def test_a_part_payment_leaves_the_rest_to_be_charged_on_the_same_invoice(open_request: Opener) -> None:
    scene = await open_request()
    await repaired_for_a_fee(scene)
    await invoice_prepared(scene)
    paid_in_part: dict[str, Any] = {"result": "paid_in_part", "handed_to": "Chen Yu", "reference": "T-1"}
    await scene.do("issue_invoice", **paid_in_part, amount="300.00")
    refused = await scene.event("outcome_refused")
    assert "less than the 300.00 CNY still owed" in refused.data["reason"], "all of it is no part of it"
    await scene.do("issue_invoice", **paid_in_part, amount="100.00")
    await paid(scene, "200.00", key="issue_invoice-2")
    assert await result_of(scene) == "resolved"
    state = scene.memory.case(scene.case_id)
    assert [(str(one.amount), one.invoice) for one in state.payments] == [
        ("100.00", "FP-2026-0815"),
        ("200.00", "FP-2026-0815"),
    ]
    papers = [order for order in scene.memory.orders if order.kind == "proforma_invoice"]
    assert [order.case.customer_still_owes() for order in papers] == [300, 200, 0], "each says what is left"


@pytest.mark.clause("M9")
async def test_an_invoice_is_taken_back_by_a_credit_note_that_names_it(open_request: Opener) -> None:
    scene = await open_request()
    await repaired_for_a_fee(scene)
    await invoice_prepared(scene)
    await scene.task("issue_invoice")
    note: dict[str, Any] = {"kind": "credit_note", "number": "CN-1", "amount": "400.00", "credits": "FP-2026-0815"}
    await scene.say("record_invoice", **note)
    assert "more than the 300.00 left" in (await scene.event("message_refused")).data["reason"]
    await scene.say("record_invoice", **{**note, "amount": "300.00"})
    await scene.rest()
    recorded = [event.data["number"] for event in await scene.events("invoice_recorded")]
    assert recorded == ["FP-2026-0815", "CN-1"]
