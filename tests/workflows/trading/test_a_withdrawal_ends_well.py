"""The customer of a trading company can withdraw at any step (X5): nothing stays open, with us, or on order."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.support.people import acknowledged, located, returned, settled
from tests.support.people_trading import group_dissolved, orders_settled
from tests.support.ways import WAYS_OF_PLAN
from tests.workflows.conftest import Opener
from tests.workflows.trading.scenes import PLAN, at

LEFT: dict[str, Callable[..., Awaitable[None]]] = {
    "acknowledge_breach": acknowledged,
    "dissolve_group": group_dissolved,
    "locate_item": located,
    "return_item": returned,
    "settle_orders": orders_settled,
    "settlement": settled,
}
"""What a withdrawal leaves to do."""
WITHDRAWN_ALREADY = {"settle_orders", "locate_item"}


@pytest.mark.clause("X5", "X12")
@pytest.mark.every
@pytest.mark.parametrize("name", sorted(set(WAYS_OF_PLAN[PLAN]) - WITHDRAWN_ALREADY))
async def test_a_withdrawal_at_any_step_ends_well(open_case: Opener, name: str) -> None:
    scene = await at(open_case, name)
    await scene.say("withdraw", reason="Bought another machine")
    await scene.rest()
    while still_open := await scene.open_tasks():
        for key, task in still_open.items():
            if task.kind == "claim_from_carrier":
                await scene.do(key, result="lost", carrier="SF Express", claim_number="CL-1")
                continue
            assert task.kind in LEFT, f"{key} is open after a withdrawal"
            await LEFT[task.kind](scene, key=key)
        await scene.rest()
    assert (await scene.end()).result == "withdrawn"
    state = scene.memory.case(scene.case_id)
    assert state.item_with_us is None
    assert state.support.group_is_closed
    assert not [order.number for order in state.orders if order.is_open]
    assert not [key for key, task in scene.memory.tasks(scene.case_id).items() if task.is_open]
