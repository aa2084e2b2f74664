"""What can be solved on the spot is repaired at once, goes on the card, and is signed for (M4, M7, M8)."""

from __future__ import annotations

import pytest

from domain.plan import Plan
from tests.support.people import acceptance_refused, accepted, confirmed, decided, replaced
from tests.support.people_field_service import (
    COVERED,
    LABOUR,
    PAID_SERVICE,
    called_ahead,
    investigated,
    on_the_card,
    repaired_at_once,
    repaired_on_the_spot,
    visit_agreed,
)
from tests.workflows.conftest import Opener
from tests.workflows.field_service.ends import asked_how_it_went, result_of


@pytest.mark.clause("M4", "M8", "X12")
async def test_from_the_request_to_the_archive(open_request: Opener) -> None:
    scene = await open_request()
    await repaired_on_the_spot(scene)
    assert await result_of(scene) == "resolved"
    stages = [event.data["stage"] for event in await scene.events("stage_entered")]
    assert stages == ["request", "evaluate", "call_ahead", "resolve", "accept", "invoice", "approve", "archive"]


@pytest.mark.clause("M4")
async def test_a_repair_that_costs_the_customer_nothing_follows_the_investigation_at_once(open_request: Opener) -> None:
    scene = await open_request()
    await visit_agreed(scene)
    await investigated(scene, costs=[LABOUR], **COVERED)
    await scene.task("site_repair")
    assert "confirm_plan" not in await scene.tasks()
    told = (await scene.event("completed", "field_visit")).data["outcome"]
    assert (told["cause"], told["explanation"]) == ("Contactor burnt", "It has to be replaced")


@pytest.mark.clause("X9", "M4")
async def test_work_at_the_customers_cost_waits_for_their_consent(open_request: Opener) -> None:
    scene = await open_request()
    await visit_agreed(scene)
    await investigated(scene, costs=[LABOUR], **PAID_SERVICE)
    await scene.task("confirm_plan")
    assert "site_repair" not in await scene.tasks()
    await confirmed(scene)
    await scene.task("site_repair")
    assert [str(consent.amount) for consent in (await scene.state()).consents] == ["300.00"]


@pytest.mark.clause("M9")
async def test_the_plans_table_says_who_pays_and_the_rule_is_on_record(open_request: Opener) -> None:
    scene = await open_request()
    await visit_agreed(scene)
    await investigated(scene, costs=[LABOUR], warranty="contract")
    await scene.task("confirm_plan")
    entered = (await scene.event("costs_entered")).data["costs"]
    assert [(line["payer"], line["source"]) for line in entered] == [("customer", "M9")]
    assert "special_case" not in await scene.tasks()


@pytest.mark.clause("M9", "X3", "X9")
@pytest.mark.parametrize("decision", ["go_on", "waive_cost"])
async def test_what_no_rule_decides_is_a_special_case_before_any_work(open_request: Opener, decision: str) -> None:
    scene = await open_request()
    await visit_agreed(scene)
    await investigated(scene, costs=[LABOUR], warranty="in", responsibility="customer")
    special = await scene.task("special_case")
    assert special.reason == "No rule of the plan says who pays: labour"
    assert not {"confirm_plan", "site_repair"} & set(await scene.tasks())
    await decided(scene, decision)
    await scene.task("confirm_plan" if decision == "go_on" else "site_repair")


@pytest.mark.clause("X9", "X12")
async def test_a_customer_who_does_not_agree_to_the_costs_ends_the_visit_without_work(open_request: Opener) -> None:
    scene = await open_request()
    await visit_agreed(scene)
    await investigated(scene, costs=[LABOUR], **PAID_SERVICE)
    await confirmed(scene, decision="declined")
    await asked_how_it_went(scene)
    assert await result_of(scene) == "declined"
    assert scene.memory.case(scene.case_id).customer_owes() == 0


@pytest.mark.clause("M7")
async def test_time_and_operations_go_on_the_warranty_card_before_the_customer_signs(open_request: Opener) -> None:
    scene = await open_request()
    await visit_agreed(scene)
    await investigated(scene)
    await repaired_at_once(scene)
    card = await scene.task("warranty_card_entry")
    assert (card.role, "acceptance" in await scene.tasks()) == ("engineer", False)
    await on_the_card(scene)
    entered = (await scene.event("completed", "warranty_card_entry")).data["outcome"]
    assert (entered["hours"], entered["operations"]) == ("1.5", "Contactor replaced")
    await scene.task("acceptance")


@pytest.mark.clause("M7")
async def test_a_product_without_a_known_serial_number_gets_one_with_its_card(open_request: Opener) -> None:
    scene = await open_request(product={"model": "PX-200"})
    await visit_agreed(scene)
    await investigated(scene)
    await repaired_at_once(scene)
    await on_the_card(scene)
    assert "serial_number" in (await scene.event("outcome_refused", "warranty_card_entry")).data["reason"]
    await scene.do("warranty_card_entry", hours="1.5", operations="Contactor replaced", serial_number="PX200-0777")
    await scene.task("acceptance")
    assert (await scene.state()).serial_number == "PX200-0777"


@pytest.mark.clause("M8")
async def test_the_customer_signs_the_requirement_form_as_proof_of_acceptance(open_request: Opener) -> None:
    scene = await open_request()
    await repaired_on_the_spot(scene)
    await result_of(scene)
    signed = next(event for event in await scene.events("completed") if event.task == "acceptance")
    assert signed.data["outcome"]["signed_by"] == "Chen Yu"
    forms = [order for order in scene.memory.orders if order.kind == "requirement_form"]
    assert [form.version for form in forms] == [1, 2, 3], "registered, to sign, signed"
    assert forms[0].tasks[0].kind == "register_request"
    assert all(form.case.work_order for form in forms), "the form bears the number of the work order"
    assert forms[-1].tasks[-1].kind == "acceptance"
    assert "service_confirmation" not in {order.kind for order in scene.memory.orders}


@pytest.mark.clause("M8")
async def test_a_customer_who_does_not_sign_sends_the_case_back_to_the_work(open_request: Opener) -> None:
    scene = await open_request()
    await visit_agreed(scene)
    await investigated(scene)
    await repaired_at_once(scene)
    await on_the_card(scene)
    await acceptance_refused(scene, "It trips again")
    await called_ahead(scene, key="call_ahead-2")
    await investigated(scene, key="field_visit-2")
    await repaired_at_once(scene, key="site_repair-2")
    await on_the_card(scene, key="warranty_card_entry-2")
    await accepted(scene, key="acceptance-2")
    assert await result_of(scene) == "resolved"


@pytest.mark.clause("X3", "X12")
async def test_the_general_manager_can_have_the_product_replaced(open_request: Opener, plan: Plan) -> None:
    assert "replacement" in plan.resolutions
    scene = await open_request()
    await visit_agreed(scene)
    await scene.say("escalate", reason="The third fault this year")
    await decided(scene, "replace")
    await replaced(scene)
    await accepted(scene)
    assert await result_of(scene) == "replaced"
