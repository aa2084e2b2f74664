"""What is taken back is handed over in writing, repaired by the maintenance centre, returned and installed (M6)."""

from __future__ import annotations

import pytest

from tests.support.people import accepted, confirmed, decided, located, replaced, returned
from tests.support.people_field_service import (
    LABOUR,
    PAID_SERVICE,
    coming_back,
    handed_over,
    inspected_at_the_centre,
    installed,
    investigated,
    invoice_prepared,
    on_the_card,
    paid,
    promised,
    repaired_at_the_centre,
    stays,
    taken_back,
    visit_agreed,
)
from tests.workflows.conftest import Opener
from tests.workflows.field_service.ends import asked_how_it_went, result_of


@pytest.mark.clause("M6")
async def test_the_handover_form_names_items_serial_numbers_condition_and_signature(open_request: Opener) -> None:
    scene = await open_request()
    await taken_back(scene)
    entered = (await scene.event("completed", "hand_over")).data["outcome"]
    assert entered["items"] == [
        {"item": "Control board, 1", "serial_number": "CB-77", "condition": "Scorched at one edge"}
    ]
    assert entered["signed_by"] == "Chen Yu"
    await scene.rest()
    assert "handover_form" in {order.kind for order in scene.memory.orders}
    inspection = await scene.task("centre_inspection")
    assert inspection.role == "maintenance_center"


@pytest.mark.clause("M6")
async def test_an_unsigned_handover_is_refused(open_request: Opener) -> None:
    scene = await open_request()
    await visit_agreed(scene)
    await investigated(scene, "later")
    await promised(scene)
    await scene.do("hand_over", result="taken_back")
    assert "items" in (await scene.event("outcome_refused", "hand_over")).data["reason"]
    await handed_over(scene)
    await scene.task("centre_inspection")


@pytest.mark.clause("M6", "X9")
async def test_a_repair_at_the_customers_cost_waits_at_the_centre_for_their_consent(open_request: Opener) -> None:
    scene = await open_request()
    await taken_back(scene)
    await inspected_at_the_centre(scene, costs=[LABOUR], **PAID_SERVICE)
    asked = await scene.task("confirm_plan")
    assert asked.role == "service_specialist"
    assert "workshop_repair" not in await scene.tasks()
    await confirmed(scene)
    await scene.task("workshop_repair")


@pytest.mark.clause("M6", "X9", "X12")
async def test_a_customer_who_does_not_agree_gets_it_back_unrepaired(open_request: Opener) -> None:
    scene = await open_request()
    await taken_back(scene)
    await inspected_at_the_centre(scene, costs=[LABOUR], **PAID_SERVICE)
    await confirmed(scene, decision="declined")
    await returned(scene)
    await asked_how_it_went(scene)
    assert await result_of(scene) == "declined"


@pytest.mark.clause("M6")
async def test_a_part_that_is_missing_at_the_centre_is_awaited_by_the_promised_date(open_request: Opener) -> None:
    scene = await open_request()
    await taken_back(scene)
    await inspected_at_the_centre(scene)
    await scene.do("workshop_repair", result="part_missing", missing_parts="Relay 24 V, 1")
    assert (await scene.task("await_parts")).due_at == (await scene.state()).promised_for
    await scene.do("await_parts", result="arrived")
    await repaired_at_the_centre(scene, key="workshop_repair-2")
    await scene.task("agree_installation")


@pytest.mark.clause("M6", "X3", "X12")
@pytest.mark.parametrize("where", ["inspection", "repair", "parts"])
async def test_what_cannot_be_repaired_is_decided_about_and_given_back(open_request: Opener, where: str) -> None:
    scene = await open_request()
    await taken_back(scene)
    await inspected_at_the_centre(scene, "not_repairable" if where == "inspection" else "repairable")
    if where == "repair":
        await scene.do("workshop_repair", result="unsolved", work_done="The board is burnt through")
    if where == "parts":
        await scene.do("workshop_repair", result="part_missing", missing_parts="Relay 24 V, 1")
        await scene.do("await_parts", result="unobtainable")
    await decided(scene, "go_on")
    await returned(scene)
    await asked_how_it_went(scene, costs=where == "parts")
    assert await result_of(scene) == "unresolved"


@pytest.mark.clause("M6", "X3", "X12")
async def test_parts_that_cannot_be_had_can_lead_to_a_replacement(open_request: Opener) -> None:
    scene = await open_request()
    await visit_agreed(scene)
    await investigated(scene, "later")
    await promised(scene)
    await stays(scene)
    await scene.do("await_parts", result="unobtainable")
    await decided(scene, "replace")
    await replaced(scene)
    await accepted(scene)
    assert await result_of(scene) == "replaced"


@pytest.mark.clause("M6", "M5")
async def test_what_does_not_work_when_it_is_back_is_promised_for_another_date(open_request: Opener) -> None:
    scene = await open_request()
    await taken_back(scene)
    await inspected_at_the_centre(scene)
    await repaired_at_the_centre(scene)
    await coming_back(scene)
    await scene.do("install_again", result="fails_again", adjusted="Still trips")
    date = await promised(scene, key="promise_date-2")
    await handed_over(scene, key="hand_over-2")
    await inspected_at_the_centre(scene, key="centre_inspection-2")
    assert (await scene.task("workshop_repair-2")).due_at == date
    await repaired_at_the_centre(scene, key="workshop_repair-2")
    await coming_back(scene, key="agree_installation-2")
    await installed(scene, key="install_again-2")
    await on_the_card(scene)
    await accepted(scene)
    assert await result_of(scene) == "resolved"


@pytest.mark.clause("M6", "X10")
async def test_nobody_there_when_it_is_brought_back_leads_to_another_time(open_request: Opener) -> None:
    scene = await open_request()
    await taken_back(scene)
    await inspected_at_the_centre(scene)
    await repaired_at_the_centre(scene)
    await coming_back(scene)
    await scene.do("install_again", result="nobody_there")
    await coming_back(scene, key="agree_installation-2")
    assert (await scene.state()).item_with_us
    await installed(scene, key="install_again-2")
    await on_the_card(scene)
    assert (await scene.state()).item_with_us is None


@pytest.mark.clause("X5", "M6", "M9")
async def test_who_withdraws_while_the_centre_repairs_gets_it_back(open_request: Opener) -> None:
    scene = await open_request()
    await taken_back(scene)
    await inspected_at_the_centre(scene, costs=[LABOUR], **PAID_SERVICE)
    await confirmed(scene)
    await scene.task("workshop_repair")
    await scene.say("withdraw", reason="Bought another one")
    await returned(scene)
    await invoice_prepared(scene)
    await paid(scene)
    assert await result_of(scene) == "withdrawn"
    assert [str(one.amount) for one in scene.memory.case(scene.case_id).invoices] == ["300.00"]
    assert (await scene.event("promise_ended")).data["ended_as"] == "dropped"


@pytest.mark.clause("X5", "M6")
async def test_who_withdraws_before_the_centre_has_it_gets_it_back_once_it_is_found(open_request: Opener) -> None:
    scene = await open_request()
    await taken_back(scene)
    await scene.task("centre_inspection")
    await scene.say("withdraw", reason="Bought another one")
    await located(scene)
    await returned(scene)
    assert await result_of(scene) == "withdrawn"
