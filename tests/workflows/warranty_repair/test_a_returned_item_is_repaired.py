"""W1 to W4, W6: a returned item inside warranty is verified, taken in, repaired in time, inspected again, returned."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.plan import Stage
from tests.support.people import (
    acceptance_refused,
    accepted,
    decided,
    finished,
    followed_up,
    no_answer,
    part_missing,
    received,
    replaced,
    returned,
    settled,
)
from tests.support.people_warranty_repair import (
    came_in,
    consented,
    determined,
    item_inspected,
    item_repaired,
    on_the_bench,
    re_inspected,
    takes_longer,
    talked,
    told_where_to,
    verified,
    verified_out_of_warranty,
    went_back,
)
from tests.support.scene import person
from tests.support.ways import published
from tests.workflows.conftest import Opener
from tests.workflows.test_deadlines_that_pass import until_due

PLAN = published("warranty-repair")
ROME = ZoneInfo("Europe/Rome")


@pytest.mark.clause("W1", "W2", "W3", "W4", "W6", "X12")
async def test_inside_warranty_the_repair_is_organised_at_once(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await went_back(scene)
    await finished(scene)
    assert (await scene.end()).result == "resolved"
    kinds = [task.kind for task in scene.memory.tasks(scene.case_id).values()]
    assert kinds == [
        "verify_product", "return_instructions", "receive_item", "inspect_returned", "repair_returned", "reinspect",
        "return_item", "acceptance", "settlement", "follow_up",
    ]  # fmt: skip
    state = scene.memory.case(scene.case_id)
    assert state.work_order == "WR-2026-000001"
    assert state.customer_owes() == 0


@pytest.mark.clause("W1")
async def test_what_was_verified_is_on_record(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await verified(scene)
    await scene.task("return_instructions")
    outcome = (await scene.event("completed", "verify_product")).data["outcome"]
    asked = ("model", "specification", "delivery_date", "fault", "customer", "warranty", "responsibility")
    assert all(outcome[name] for name in asked)


@pytest.mark.clause("W1", "X11")
async def test_a_delivery_in_the_future_is_refused(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await verified(scene, delivery_date="2039-01-01")
    assert "lies in the future" in (await scene.event("outcome_refused")).data["reason"]
    assert (await scene.task("verify_product")).is_open


@pytest.mark.clause("W1", "X10")
async def test_a_customer_who_does_not_say_what_is_missing_is_decided_about(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await no_answer(scene, "verify_product")
    await scene.do("decide_on_absence", decision="end_unresolved", reason="Four calls")
    assert (await scene.end()).result == "unresolved"


@pytest.mark.clause("W6")
async def test_the_repair_is_due_seven_working_days_from_the_confirmed_receipt(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await verified(scene)
    await told_where_to(scene)
    here = await scene.now() - timedelta(minutes=30)
    await scene.task("receive_item")
    await received(scene, happened_at=here)
    await item_inspected(scene)
    task = await scene.task("repair_returned")
    promise = (await scene.event("promised", "repair_returned")).data
    assert promise["source"] == "W6"
    assert promise["deadline"]["request"]["anchor"] == {
        "name": "confirmation",
        "at": here.isoformat().replace("+00:00", "Z"),
    }
    assert task.due_at and task.due_at.astimezone(ROME).strftime("%H:%M") == "17:30", "closing time in Italy"


@pytest.mark.clause("W6")
@pytest.mark.parametrize("counts_from", ["receipt", "diagnosis"])
async def test_the_plan_says_what_is_confirmed(open_case: Opener, counts_from: str) -> None:
    choices = PLAN.choices.model_copy(update={"confirmation": counts_from})
    scene = await open_case(plan=PLAN.model_copy(update={"choices": choices}))
    await came_in(scene)
    await scene.task("inspect_returned")
    await scene.advance(days=1)
    await item_inspected(scene)
    await scene.task("repair_returned")
    instants = (await scene.state()).instants
    later = instants["confirmation"] - instants["receipt"]
    assert (later >= timedelta(days=1)) is (counts_from == "diagnosis")


@pytest.mark.clause("W6", "X4")
async def test_under_special_circumstances_a_preliminary_solution_is_told_with_a_new_date(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await on_the_bench(scene)
    date = await takes_longer(scene)
    again = await scene.task("repair_as_promised")
    assert again.due_at == date
    told = (await scene.event("completed", "repair_returned")).data["outcome"]
    assert told["preliminary_solution"] == "A machine on loan"
    await until_due(scene, "repair_as_promised")
    assert (await scene.task("repair_as_promised")).escalation_level == 1, "the new promise is tracked like any other"
    await item_repaired(scene, key="repair_as_promised")
    await scene.task("reinspect")


@pytest.mark.clause("W6")
async def test_a_promise_that_lies_in_the_past_is_refused(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await on_the_bench(scene)
    await takes_longer(scene, days=-1)
    assert "promised_for" in (await scene.event("outcome_refused")).data["reason"]
    await scene.task("repair_returned")


@pytest.mark.clause("W3")
async def test_a_missing_part_is_awaited_and_the_promise_stays(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await on_the_bench(scene)
    promised = (await scene.task("repair_returned")).due_at
    await part_missing(scene, "repair_returned")
    await scene.do("await_parts", result="arrived")
    assert (await scene.task("repair_returned-2")).due_at == promised
    await item_repaired(scene, key="repair_returned-2")
    await scene.task("reinspect")


@pytest.mark.clause("W4")
async def test_marketing_returns_what_meets_the_standards(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await on_the_bench(scene)
    await item_repaired(scene)
    await re_inspected(scene)
    assert (await scene.task("return_item")).role == "marketing"


@pytest.mark.clause("W3", "W4")
async def test_the_plan_can_leave_the_return_to_after_sales(open_case: Opener) -> None:
    rule = PLAN.rule("return_item").model_copy(update={"role": "after_sales"})
    scene = await open_case(plan=PLAN.model_copy(update={"tasks": {**PLAN.tasks, "return_item": rule}}))
    await on_the_bench(scene)
    await item_repaired(scene)
    await re_inspected(scene)
    assert (await scene.task("return_item")).role == "after_sales"


@pytest.mark.clause("W4", "X11")
async def test_who_repaired_does_not_pass_it(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await on_the_bench(scene)
    await item_repaired(scene)
    await scene.do(
        "reinspect", by=person("after_sales"), result="met", standards="Test sheet 7", report="Looks fine to me"
    )
    assert "somebody else" in (await scene.event("outcome_refused", "reinspect")).data["reason"]
    await re_inspected(scene)
    await scene.task("return_item")


@pytest.mark.clause("W4")
async def test_what_does_not_meet_the_standards_is_repaired_again(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await on_the_bench(scene)
    await item_repaired(scene)
    await re_inspected(scene, "not_met", remedy="repair_again")
    await item_repaired(scene, key="repair_returned-2")
    await re_inspected(scene, key="reinspect-2")
    await scene.task("return_item")


@pytest.mark.clause("W4", "X12")
async def test_after_sales_replaces_what_does_not_meet_the_standards(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await on_the_bench(scene)
    await item_repaired(scene)
    await re_inspected(scene, "not_met", remedy="replace")
    assert (await scene.task("send_replacement")).role == "after_sales"
    await replaced(scene)
    await finished(scene)
    assert (await scene.end()).result == "replaced"


@pytest.mark.clause("W4", "X12")
async def test_after_sales_returns_what_stays_as_it_is(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await verified_out_of_warranty(scene)
    await determined(scene, responsibility="product")
    await talked(scene)
    await consented(scene)
    await told_where_to(scene)
    await received(scene)
    await item_inspected(scene)
    await item_repaired(scene)
    await re_inspected(scene, "not_met", remedy="return")
    assert (await scene.task("return_item")).role == "after_sales"
    await returned(scene)
    await settled(scene)
    await followed_up(scene)
    assert (await scene.end()).result == "unresolved"


@pytest.mark.clause("W2", "W4")
async def test_what_the_warranty_covers_does_not_go_back_unrepaired_on_one_word(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await on_the_bench(scene)
    await item_repaired(scene)
    await re_inspected(scene, "not_met", remedy="return")
    assert "the warranty covers it" in (await scene.event("outcome_refused", "reinspect")).data["reason"]
    assert (await scene.task("reinspect")).is_open
    assert "return_item" not in await scene.tasks()


@pytest.mark.clause("W6", "X1")
async def test_a_promised_repair_that_waits_for_parts_is_not_passed_unseen(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await on_the_bench(scene)
    promised = (await scene.task("repair_returned")).due_at
    assert promised
    await scene.advance(days=5)
    await part_missing(scene, "repair_returned")
    parts = await scene.task("await_parts")
    assert parts.due_at == promised, "five working days more would end after the promise"
    await scene.advance(seconds=(promised - await scene.now()).total_seconds() + 1)
    assert (await scene.task("acknowledge_breach")).about == "await_parts"
    assert (await scene.task("await_parts")).is_open


@pytest.mark.clause("W4")
@pytest.mark.parametrize("found", ["inspect_returned", "repair_returned", "await_parts"])
async def test_what_cannot_be_repaired_inside_warranty_is_replaced(open_case: Opener, found: str) -> None:
    scene = await open_case(plan=PLAN)
    await came_in(scene)
    await item_inspected(scene, "not_repairable" if found == "inspect_returned" else "repairable")
    if found == "repair_returned":
        await scene.do("repair_returned", result="not_repairable", work_done="Housing cracked")
    elif found == "await_parts":
        await part_missing(scene, "repair_returned")
        await scene.do("await_parts", result="unobtainable")
    await scene.task("send_replacement")


@pytest.mark.clause("W3", "X5")
async def test_a_withdrawal_on_the_bench_returns_the_item(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await on_the_bench(scene)
    await scene.task("repair_returned")
    await scene.say("withdraw", reason="Bought another machine")
    await returned(scene)
    assert (await scene.end()).result == "withdrawn"


@pytest.mark.clause("W2", "X3")
async def test_a_decision_leads_a_case_to_the_bench_by_what_was_agreed(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await scene.task("verify_product")
    await scene.say("escalate", reason="An old customer")
    await decided(scene, "route", route="warranty_repair")
    assert (await scene.task("verify_product-2")).stage == Stage.VERIFY, "nothing is agreed before it is verified"


@pytest.mark.clause("W3", "W6")
async def test_a_refused_acceptance_sends_it_back_to_the_bench(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await went_back(scene)
    await acceptance_refused(scene, "Still loud")
    await told_where_to(scene, key="return_instructions-2")
    await received(scene, "receive_item-2")
    await item_inspected(scene, key="inspect_returned-2")
    await item_repaired(scene, key="repair_returned-2")
    await re_inspected(scene, key="reinspect-2")
    await returned(scene, key="return_item-2")
    await accepted(scene, key="acceptance-2")
    await settled(scene)
    await followed_up(scene)
    assert (await scene.end()).result == "resolved"
