"""X5 in the repair of returned items: whatever the step, what came in goes back, and what was agreed to is settled."""

from __future__ import annotations

import pytest

from tests.support.people import returned, settled
from tests.support.people_warranty_repair import came_in, consented, determined, item_inspected, talked, verified
from tests.support.ways import WAYS_OF_PLAN, published, request_for, walk_to
from tests.workflows.conftest import Opener
from tests.workflows.endings import played_out

NAME = "warranty-repair"


@pytest.mark.clause("X5", "X12")
@pytest.mark.every
@pytest.mark.parametrize("step", WAYS_OF_PLAN[NAME])
async def test_what_came_in_goes_back(open_case: Opener, step: str) -> None:
    scene = await open_case(plan=published(NAME), **request_for(NAME, step))
    await walk_to(scene, step, NAME)
    await scene.say("withdraw", reason="Bought another machine")
    await played_out(scene)
    assert (await scene.end()).result == "withdrawn"
    state = scene.memory.case(scene.case_id)
    assert state.item_with_us is None
    came = [one for one in state.shipments if one.direction == "in" and one.state == "received"]
    went = [one for one in state.shipments if one.direction == "out"]
    assert len(went) >= len(came), "what was received was sent back"


@pytest.mark.clause("X5", "X9", "W7")
async def test_costs_agreed_to_are_settled(open_case: Opener) -> None:
    scene = await open_case(plan=published(NAME))
    await verified(scene, warranty="out")
    await determined(scene)
    await talked(scene)
    await consented(scene)
    await scene.task("return_instructions")
    await scene.say("withdraw", reason="Too slow")
    assert set(await scene.open_tasks()) <= {"settlement", "return_instructions"}
    await settled(scene)
    assert (await scene.end()).result == "withdrawn"


@pytest.mark.clause("X5", "X9", "W7")
async def test_costs_only_proposed_are_dropped(open_case: Opener) -> None:
    scene = await open_case(plan=published(NAME))
    await came_in(scene)
    costs = [{"kind": "parts", "text": "Bearing", "amount": "48.00"}]
    await item_inspected(
        scene, "changed", responsibility="customer", conditions_of_use="met", proposal="New bearings", costs=costs
    )
    await talked(scene)
    await scene.task("confirm_plan")
    await scene.say("withdraw", reason="Too dear")
    await returned(scene)
    assert (await scene.end()).result == "withdrawn"
    assert scene.memory.case(scene.case_id).customer_owes() == 0
