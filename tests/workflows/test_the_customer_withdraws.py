"""The customer can withdraw at any step (X5): open tasks end, what we hold goes back, what is owed is settled."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.people import (
    accepted,
    at_the_factory,
    confirmed,
    contacted,
    dispatched,
    factory_found,
    part_missing,
    returned,
    settled,
    solved_remotely,
    visited,
)
from tests.support.scene import Scene
from tests.support.ways import WAYS, request_for, walk_to
from tests.workflows.conftest import Opener
from tests.workflows.endings import played_out


async def withdrawn(scene: Scene) -> None:
    await scene.say("withdraw", reason="Bought another machine")


@pytest.mark.clause("X5", "X8")
async def test_a_withdrawal_says_who_withdrew_and_on_what_evidence(open_case: Opener) -> None:
    scene = await open_case()
    await scene.task("contact_customer")
    said: dict[str, Any] = {"reason": "Bought another machine", "told_by": "Chen Yu", "evidence": "Mail of today"}
    await scene.say("withdraw", **said)
    assert (await scene.end()).result == "withdrawn"
    assert (await scene.event("withdrawn")).data == said


@pytest.mark.clause("X5", "X12")
@pytest.mark.parametrize("name", sorted(WAYS))
async def test_a_withdrawal_at_any_step_ends_what_is_open(open_case: Opener, name: str) -> None:
    scene = await open_case(**request_for("rapid-response", name))
    await walk_to(scene, name)
    await withdrawn(scene)
    await played_out(scene)
    end = await scene.end()
    assert end.result == "withdrawn"
    tasks = scene.memory.tasks(scene.case_id)
    assert not [key for key, task in tasks.items() if task.is_open]
    if name not in ("return_item", "locate_item", "acknowledge_breach"):
        assert tasks[name].status == "obsolete"
    state = scene.memory.case(scene.case_id)
    assert (state.item_with_us, state.result) == (None, "withdrawn")
    assert "withdrawn" in [event.kind for event in await scene.events()]


@pytest.mark.clause("X5")
async def test_an_item_at_the_factory_goes_back_before_the_case_is_archived(open_case: Opener) -> None:
    scene = await open_case()
    await at_the_factory(scene)
    await withdrawn(scene)
    assert (await scene.task("return_item")).role == "customer_service"
    await scene.rest()
    assert set(await scene.open_tasks()) == {"return_item"}
    await returned(scene)
    assert (await scene.end()).result == "withdrawn"


@pytest.mark.clause("X5", "X9")
async def test_costs_agreed_to_are_settled_and_only_proposed_ones_dropped(open_case: Opener) -> None:
    agreed, proposed = await open_case(), await open_case()
    for scene in (agreed, proposed):
        await at_the_factory(scene)
        await factory_found(scene, "needs_consent")
    await confirmed(agreed)
    await agreed.task("factory_repair")
    for scene in (agreed, proposed):
        await withdrawn(scene)
        await returned(scene)
    await settled(agreed)
    assert (await agreed.end()).result == (await proposed.end()).result == "withdrawn"
    assert "settlement" not in proposed.memory.tasks(proposed.case_id)
    assert proposed.memory.case(proposed.case_id).costs == ()


@pytest.mark.clause("X5")
async def test_parts_already_ordered_are_settled(open_case: Opener) -> None:
    scene = await open_case()
    await dispatched(scene, "on_site")
    await visited(scene)
    await confirmed(scene)
    await part_missing(scene)
    await scene.task("await_parts")
    await withdrawn(scene)
    await settled(scene)
    assert "say how that was settled" in (await scene.event("outcome_refused", "settlement")).data["reason"]
    await settled(scene, orders="The supplier took the seal back")
    assert (await scene.end()).result == "withdrawn"


@pytest.mark.clause("X5", "R8")
async def test_what_is_settled_is_not_asked_for_twice(open_case: Opener) -> None:
    scene = await open_case()
    await at_the_factory(scene)
    await factory_found(scene, "needs_consent")
    await confirmed(scene)
    await scene.do("factory_repair", result="repaired", work_done="Seat reground")
    await returned(scene)
    await accepted(scene)
    await settled(scene)
    await withdrawn(scene)
    assert (await scene.end()).result == "withdrawn"
    assert "settlement-2" not in scene.memory.tasks(scene.case_id)


@pytest.mark.clause("X5", "X4")
async def test_a_paused_case_can_be_withdrawn(open_case: Opener) -> None:
    scene = await open_case()
    task = await scene.task("contact_customer")
    assert task.due_at
    await scene.say("pause", reason="On holiday", until=(task.due_at).isoformat())
    await scene.rest()
    await withdrawn(scene)
    assert (await scene.end()).result == "withdrawn"


@pytest.mark.clause("X5")
async def test_a_second_withdrawal_and_one_of_a_closing_case_are_refused(open_case: Opener) -> None:
    scene = await open_case()
    await at_the_factory(scene)
    await withdrawn(scene)
    await scene.task("return_item")
    await withdrawn(scene)
    refused = await scene.event("message_refused")
    assert refused.data["message"] == "withdraw"
    await returned(scene)
    assert (await scene.end()).result == "withdrawn"


@pytest.mark.clause("X5", "X3")
async def test_a_decision_after_the_withdrawal_does_not_bring_the_case_back(open_case: Opener) -> None:
    scene = await open_case()
    await at_the_factory(scene)
    await withdrawn(scene)
    await scene.task("return_item")
    await scene.say("escalate", reason="Offer a replacement?")
    await scene.do("special_case", decision="replace", reason="To keep the customer")
    assert (await scene.event("decided")).data["carried_out"] is False
    await returned(scene)
    assert (await scene.end()).result == "withdrawn"


@pytest.mark.clause("X5")
async def test_a_withdrawal_during_the_follow_up_ends_it(open_case: Opener) -> None:
    scene = await open_case()
    await contacted(scene)
    await solved_remotely(scene)
    await accepted(scene)
    await scene.task("follow_up")
    await withdrawn(scene)
    assert (await scene.end()).result == "withdrawn"
