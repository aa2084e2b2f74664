"""A customer of field service can withdraw at any step (X5): nothing stays open, with us, or promised."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.support.people import acknowledged, located, returned, settled
from tests.support.people_field_service import invoice_prepared, paid
from tests.support.ways import WAYS_OF_PLAN, request_for, walk_to
from tests.workflows.conftest import Opener
from tests.workflows.field_service.ends import result_of

PLAN = "maintenance-center"
LEFT: dict[str, Callable[..., Awaitable[None]]] = {
    "acknowledge_breach": acknowledged,
    "locate_item": located,
    "return_item": returned,
    "settlement": settled,
    "prepare_invoice": invoice_prepared,
    "issue_invoice": paid,
}
"""What a withdrawal leaves to do."""
WITHDRAWN_ALREADY = {"locate_item", "return_item", "claim_from_carrier", "settlement"}


@pytest.mark.clause("X5", "X12")
@pytest.mark.every
@pytest.mark.parametrize("name", sorted(set(WAYS_OF_PLAN[PLAN]) - WITHDRAWN_ALREADY))
async def test_a_withdrawal_at_any_step_ends_well(open_request: Opener, name: str) -> None:
    scene = await open_request(**request_for(PLAN, name))
    await walk_to(scene, name, PLAN)
    await scene.say("withdraw", reason="Bought another machine")
    await scene.rest()
    while still_open := await scene.open_tasks():
        for key, task in still_open.items():
            assert task.kind in LEFT, f"{key} is open after a withdrawal"
            await LEFT[task.kind](scene, key=key)
        await scene.rest()
    assert await result_of(scene) == "withdrawn"
    assert scene.memory.case(scene.case_id).item_with_us is None
