"""How cases of field service end, on record as returned."""

from __future__ import annotations

from tests.support.people import settled
from tests.support.scene import Scene


async def result_of(scene: Scene) -> str:
    """The end of the case, with nothing left open."""
    end = await scene.end()
    state = scene.memory.case(scene.case_id)
    assert (state.status, state.result) == ("closed", end.result)
    assert not [task.key for task in scene.memory.tasks(scene.case_id).values() if task.is_open]
    assert state.promised_for is None, "no promise is left in force"
    return end.result


async def asked_how_it_went(scene: Scene, *, costs: bool = False) -> None:
    """The end without acceptance: what is owed is settled, and the customer is asked."""
    if costs:
        await settled(scene)
    await scene.do("follow_up", reached="yes", satisfaction=3)
