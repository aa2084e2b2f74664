"""How a case ended, for the scenarios of its ways."""

from __future__ import annotations

from tests.support.scene import Scene


async def result_of(scene: Scene) -> str:
    """The end of the case, the same on record as returned."""
    end = await scene.end()
    state = scene.memory.case(scene.case_id)
    assert (state.status, state.result) == ("closed", end.result)
    assert not [task.key for task in scene.memory.tasks(scene.case_id).values() if task.is_open]
    return end.result
