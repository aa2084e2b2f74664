"""What travels between customer and us: never sent, lost, another item, and lost on the way back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.people import (
    accepted,
    decided,
    dispatched,
    factory_found,
    finished,
    followed_up,
    instructed,
    located,
    no_answer,
    received,
    returned,
)
from tests.support.people_warranty_repair import asked_for, claimed, told_where_to, verified, went_back
from tests.support.scene import Scene
from tests.support.ways import published
from tests.workflows.conftest import Opener

PLAN = published("warranty-repair")


async def shipments(scene: Scene) -> list[tuple[str, str]]:
    return [(one.direction.value, one.state.value) for one in (await scene.state()).shipments]


async def awaited(open_case: Opener) -> Scene:
    """A case whose item is to come."""
    scene: Scene = await open_case(plan=PLAN)
    await verified(scene)
    await told_where_to(scene)
    await scene.task("receive_item")
    return scene


@pytest.mark.clause("R7", "W3")
async def test_what_travels_both_ways_is_kept_with_its_content(open_case: Opener) -> None:
    scene = await open_case()
    await dispatched(scene, "factory_return")
    await instructed(scene)
    assert await shipments(scene) == [("in", "awaited")]
    told: dict[str, Any] = {"carrier": "DHL", "tracking_number": "77", "serial_number": "PX200-0042"}
    await scene.do("factory_receipt", result="received", condition="Box dented", **told)
    await factory_found(scene, "repaired")
    await returned(scene)
    await scene.task("acceptance")
    came, went = (await scene.state()).shipments
    assert (came.carrier, came.tracking_number, came.condition) == ("DHL", "77", "Box dented")
    assert came.content[0].serial_number == "PX200-0042" and came.received_at
    assert (went.direction, went.state, went.tracking_number) == ("out", "sent", "SF100")
    await finished(scene)
    assert [one.state for one in scene.memory.case(scene.case_id).shipments] == ["received", "received"]


@pytest.mark.clause("X10", "W3")
async def test_what_was_never_sent_is_asked_for_and_awaited_again(open_case: Opener) -> None:
    scene = await awaited(open_case)
    await scene.do("receive_item", result="never_sent")
    await asked_for(scene, carrier="GLS", tracking_number="G-5")
    await scene.task("receive_item-2")
    assert await shipments(scene) == [("in", "not_sent"), ("in", "awaited")]
    await received(scene, "receive_item-2")
    await scene.task("inspect_returned")
    assert (await scene.state()).shipments[-1].tracking_number == "G-5"


@pytest.mark.clause("X10", "X12")
async def test_a_customer_who_keeps_the_item_ends_the_case_as_declined(open_case: Opener) -> None:
    scene = await awaited(open_case)
    await scene.do("receive_item", result="never_sent")
    await asked_for(scene, "keeps_it")
    await followed_up(scene)
    assert (await scene.end()).result == "declined"


@pytest.mark.clause("X10")
async def test_who_cannot_be_asked_for_it_is_decided_about(open_case: Opener) -> None:
    scene = await awaited(open_case)
    await scene.do("receive_item", result="never_sent")
    await no_answer(scene, "ask_for_item")
    await scene.do("decide_on_absence", decision="end_unresolved", reason="No answer for weeks")
    assert (await scene.end()).result == "unresolved"


@pytest.mark.clause("X3", "X5")
async def test_a_lost_item_is_claimed_and_put_to_the_panel(open_case: Opener) -> None:
    scene = await awaited(open_case)
    await scene.do("receive_item", result="lost")
    await claimed(scene)
    assert "lost" in str((await scene.task("special_case")).reason)
    assert await shipments(scene) == [("in", "lost")]
    await decided(scene, "end", end_as="unresolved")
    assert (await scene.end()).result == "unresolved"


@pytest.mark.clause("X3")
async def test_after_a_decision_to_go_on_another_item_is_awaited(open_case: Opener) -> None:
    scene = await awaited(open_case)
    await scene.do("receive_item", result="lost")
    await claimed(scene)
    await decided(scene, "go_on")
    await received(scene, "receive_item-2")
    await scene.task("inspect_returned")
    assert await shipments(scene) == [("in", "lost"), ("in", "received")]


@pytest.mark.clause("X5")
async def test_a_lost_item_that_is_found_is_awaited_again(open_case: Opener) -> None:
    scene = await awaited(open_case)
    await scene.do("receive_item", result="lost")
    await claimed(scene, "found")
    await received(scene, "receive_item-2")
    await scene.task("inspect_returned")
    assert await shipments(scene) == [("in", "received")]


@pytest.mark.clause("X10")
async def test_another_item_goes_back_and_the_right_one_is_asked_for(open_case: Opener) -> None:
    scene = await awaited(open_case)
    await scene.do("receive_item", result="wrong_item", condition="A pump", serial_number="PU-9")
    back = await scene.task("return_item")
    assert back.reason == "Another item arrived"
    await returned(scene)
    await asked_for(scene)
    await received(scene, "receive_item-2")
    await scene.task("inspect_returned")
    assert await shipments(scene) == [("in", "wrong"), ("out", "sent"), ("in", "received")]
    assert [one.content[0].serial_number for one in (await scene.state()).shipments[:2]] == ["PU-9", "PU-9"]


@pytest.mark.clause("X5")
async def test_another_item_goes_back_when_the_customer_withdraws_too(open_case: Opener) -> None:
    scene = await awaited(open_case)
    await scene.do("receive_item", result="wrong_item", condition="A pump", serial_number="PU-9")
    await scene.task("return_item")
    await scene.say("withdraw", reason="Bought another machine")
    await returned(scene, key="return_item-2")
    assert (await scene.end()).result == "withdrawn"


@pytest.mark.clause("X5")
async def test_an_item_lost_on_its_way_is_claimed_although_the_customer_withdrew(open_case: Opener) -> None:
    scene = await awaited(open_case)
    await scene.say("withdraw", reason="Bought another machine")
    await located(scene, "lost")
    await claimed(scene)
    assert (await scene.end()).result == "withdrawn"


@pytest.mark.clause("R8", "X3")
async def test_what_is_lost_on_the_way_back_is_claimed_and_decided(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await went_back(scene)
    await scene.do("acceptance", decision="not_arrived")
    await claimed(scene)
    await scene.task("special_case")
    assert (await shipments(scene))[-1] == ("out", "lost")
    await decided(scene, "replace")
    await scene.task("send_replacement")


@pytest.mark.clause("R8")
async def test_what_the_carrier_finds_is_accepted_after_all(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await went_back(scene)
    await scene.do("acceptance", decision="not_arrived")
    await claimed(scene, "found")
    await accepted(scene, key="acceptance-2")
    await scene.task("settlement")
    assert (await shipments(scene))[-1] == ("out", "received")


@pytest.mark.clause("R8", "R4")
async def test_nothing_can_be_lost_that_was_never_sent(open_case: Opener) -> None:
    scene = await open_case()
    await scene.do("contact_customer", reached="yes", requirement="Repair the blade")
    await scene.do("remote_diagnosis", result="solved", findings="The guard was not closed")
    await scene.do("acceptance", decision="not_arrived")
    assert "nothing is on its way" in (await scene.event("outcome_refused")).data["reason"]
