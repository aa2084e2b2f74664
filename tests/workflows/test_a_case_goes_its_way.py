"""The ways a case can take, from application to its solution, and how each ends (X12)."""

from __future__ import annotations

import pytest

from domain.plan import read_plan
from tests.support.people import (
    FREIGHT,
    NOT_COVERED,
    agreed,
    at_the_factory,
    complex_issue,
    confirmed,
    contacted,
    decided,
    dispatched,
    factory_found,
    factory_repaired,
    finished,
    followed_up,
    in_the_workshop,
    inspected,
    instructed,
    part_missing,
    received,
    repaired,
    repaired_on_site,
    replaced,
    returned,
    solved_remotely,
    visited,
)
from tests.support.scene import ROOT
from tests.workflows.conftest import Opener
from tests.workflows.endings import result_of

CHANNELS = read_plan(ROOT / "plans" / "rapid-response.toml").channels


@pytest.mark.clause("R1")
async def test_every_channel_leads_to_the_same_first_task(open_case: Opener) -> None:
    for channel in CHANNELS:
        scene = await open_case(channel=channel)
        await scene.task("contact_customer")
        assert list(await scene.tasks()) == ["contact_customer"]
        opened = await scene.event("opened")
        assert opened.data["application"]["channel"] == channel


@pytest.mark.clause("R2")
async def test_a_request_without_photos_runs_and_one_with_photos_keeps_them(open_case: Opener) -> None:
    photo = "F-ABCDEFGH1234"
    bare, seen = await open_case(), await open_case(attachments=[photo])
    await contacted(bare)
    assert (await bare.task("remote_diagnosis")).role == "customer_service"
    assert (await seen.event("opened")).data["application"]["attachments"] == [photo]


@pytest.mark.clause("R3", "R4", "X12")
async def test_a_simple_issue_is_solved_from_a_distance_and_accepted(open_case: Opener) -> None:
    scene = await open_case()
    assert (await scene.state()).work_order is None
    await contacted(scene)
    await scene.task("remote_diagnosis")
    await scene.rest()
    assert (await scene.state()).work_order.startswith("RR-20")  # type: ignore[union-attr]
    await solved_remotely(scene)
    assert (await scene.task("acceptance")).role == "customer_service"
    await finished(scene)
    assert await result_of(scene) == "resolved"
    assert scene.memory.case(scene.case_id).resolution == "remote"


@pytest.mark.clause("R4")
async def test_a_complex_issue_needs_the_explanation_on_record(open_case: Opener) -> None:
    scene = await open_case()
    await contacted(scene)
    await scene.do("remote_diagnosis", result="complex", findings="Bearing worn")
    refused = await scene.event("outcome_refused", "remote_diagnosis")
    assert "explanation" in refused.data["reason"]
    await complex_issue(scene)
    told = (await scene.event("completed", "remote_diagnosis")).data["outcome"]["explanation"]
    assert told == "An engineer rings within 30 minutes"
    await scene.task("assign_engineer")


@pytest.mark.clause("R5", "R6", "R8")
async def test_a_complex_issue_is_dispatched_visited_confirmed_and_repaired(open_case: Opener) -> None:
    scene = await open_case()
    await dispatched(scene, "on_site")
    assert (await scene.task("site_visit")).assignee == "wang.lei"
    await visited(scene)
    await scene.task("confirm_plan")
    assert "site_repair" not in await scene.tasks(), "no work before the customer confirmed the plan"
    await confirmed(scene)
    await repaired_on_site(scene)
    assert (await scene.task("acceptance")).role == "engineer"
    await finished(scene)
    assert await result_of(scene) == "resolved"


@pytest.mark.clause("R6", "X12")
async def test_a_customer_who_declines_the_plan_ends_the_visit_without_work(open_case: Opener) -> None:
    scene = await open_case()
    await dispatched(scene, "on_site")
    await visited(scene, costs=[FREIGHT], **NOT_COVERED)
    await confirmed(scene, decision="declined")
    await followed_up(scene)
    assert await result_of(scene) == "declined"
    assert not {"site_repair", "settlement"} & scene.memory.tasks(scene.case_id).keys()
    assert scene.memory.case(scene.case_id).costs == ()


@pytest.mark.clause("R6")
async def test_a_missing_part_is_awaited_and_a_second_visit_agreed(open_case: Opener) -> None:
    scene = await open_case()
    await dispatched(scene, "on_site")
    await visited(scene)
    await confirmed(scene)
    await part_missing(scene)
    await scene.do("await_parts", result="arrived", order_reference="PO-17")
    await agreed(scene, "on_site", key="engineer_call-2")
    await visited(scene, key="site_visit-2")
    await confirmed(scene, key="confirm_plan-2")
    await repaired_on_site(scene, key="site_repair-2")
    await finished(scene)
    assert await result_of(scene) == "resolved"


@pytest.mark.clause("R6", "R7")
async def test_parts_that_cannot_be_had_send_the_item_to_the_factory(open_case: Opener) -> None:
    scene = await open_case()
    await dispatched(scene, "on_site")
    await visited(scene)
    await confirmed(scene)
    await part_missing(scene)
    await scene.do("await_parts", result="unobtainable")
    await instructed(scene)
    assert (await scene.state()).resolution == "factory_return"


@pytest.mark.clause("R6", "R7")
async def test_a_visit_that_cannot_solve_it_becomes_a_return_to_the_factory(open_case: Opener) -> None:
    scene = await open_case()
    await dispatched(scene, "on_site")
    await visited(scene)
    await confirmed(scene)
    await scene.do("site_repair", result="unsolved", work_done="Shaft is bent")
    await scene.task("return_instructions")


@pytest.mark.clause("R5")
async def test_an_item_delivered_is_inspected_agreed_repaired_and_given_back(open_case: Opener) -> None:
    scene = await open_case()
    await in_the_workshop(scene)
    await inspected(scene)
    await confirmed(scene)
    await part_missing(scene, "workshop_repair")
    await scene.do("await_parts", result="arrived")
    await repaired(scene, "workshop_repair-2")
    await returned(scene)
    await finished(scene)
    assert await result_of(scene) == "resolved"
    assert scene.memory.case(scene.case_id).item_with_us is None


@pytest.mark.clause("R5", "R7")
async def test_what_the_workshop_cannot_repair_goes_on_to_the_factory_without_new_instructions(
    open_case: Opener,
) -> None:
    scene = await open_case()
    await in_the_workshop(scene)
    await inspected(scene, proposal="factory_return")
    await received(scene, "factory_receipt")
    await scene.task("factory_inspection")
    assert "return_instructions" not in await scene.tasks()


@pytest.mark.clause("R5", "R7")
async def test_what_we_did_not_pass_on_to_the_factory_is_not_asked_of_the_customer(open_case: Opener) -> None:
    scene = await open_case()
    await in_the_workshop(scene)
    await inspected(scene, proposal="factory_return")
    await scene.do("factory_receipt", result="never_sent")
    await received(scene, "factory_receipt-2")
    await scene.task("factory_inspection")
    assert "ask_for_item" not in await scene.tasks()


@pytest.mark.clause("R5")
async def test_a_customer_who_declines_gets_the_delivered_item_back(open_case: Opener) -> None:
    scene = await open_case()
    await in_the_workshop(scene)
    await inspected(scene, costs=[FREIGHT], **NOT_COVERED)
    await confirmed(scene, decision="declined")
    await returned(scene)
    await followed_up(scene)
    assert await result_of(scene) == "declined"


@pytest.mark.clause("R7")
async def test_the_factory_repairs_and_the_item_goes_back(open_case: Opener) -> None:
    scene = await open_case()
    await at_the_factory(scene)
    await scene.do("progress_update", told="Inspection has begun", told_by="Call to Chen Yu")
    await factory_found(scene, "repaired")
    await returned(scene)
    assert (await scene.task("acceptance")).role == "customer_service"
    await finished(scene)
    assert await result_of(scene) == "resolved"


@pytest.mark.clause("R7", "X9")
async def test_the_factory_repairs_at_the_customers_cost_only_after_consent(open_case: Opener) -> None:
    scene = await open_case()
    await at_the_factory(scene)
    await factory_found(scene, "needs_consent")
    await scene.task("confirm_plan")
    assert "factory_repair" not in await scene.tasks()
    assert not (await scene.state()).consents
    await confirmed(scene)
    await factory_repaired(scene)
    (consent,) = (await scene.state()).consents
    assert (str(consent.amount), consent.given_by) == ("86.00", "Chen Yu")
    await returned(scene)
    await finished(scene)
    assert await result_of(scene) == "resolved"


@pytest.mark.clause("R7", "X9")
async def test_a_refused_cost_brings_the_item_back_unrepaired(open_case: Opener) -> None:
    scene = await open_case()
    await at_the_factory(scene)
    await factory_found(scene, "needs_consent")
    await confirmed(scene, decision="declined")
    await returned(scene)
    await followed_up(scene)
    assert await result_of(scene) == "declined"
    assert "factory_repair" not in scene.memory.tasks(scene.case_id)


@pytest.mark.clause("R7", "X3", "X12")
@pytest.mark.parametrize("decision", ["replace", "end", "go_on"])
async def test_what_the_factory_cannot_repair_is_decided_by_the_general_manager(
    open_case: Opener, decision: str
) -> None:
    scene = await open_case()
    await at_the_factory(scene)
    await factory_found(scene, "not_repairable", costs=[FREIGHT], **NOT_COVERED)
    assert (await scene.task("special_case")).role == "general_manager"
    assert "factory_repair" not in await scene.tasks(), "nothing to agree to when it cannot be repaired"
    if decision == "replace":
        await decided(scene, "replace")
        await replaced(scene)
        await finished(scene)
        assert await result_of(scene) == "replaced"
    elif decision == "end":
        await decided(scene, "end", end_as="rejected")
        await returned(scene)
        assert await result_of(scene) == "rejected"
    else:
        await decided(scene, "go_on")
        await returned(scene)
        await followed_up(scene)
        assert await result_of(scene) == "unresolved"
        assert scene.memory.case(scene.case_id).customer_owes() == 0, "the customer never agreed to the cost"
    assert list(scene.memory.tasks(scene.case_id)).count("return_item") == (decision != "replace")
