"""How a case ended, and what is left to do once it ends early, for the scenarios of its ways."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.support.people import acknowledged, located, returned, settled
from tests.support.scene import Scene


async def result_of(scene: Scene) -> str:
    """The end of the case, the same on record as returned."""
    end = await scene.end()
    state = scene.memory.case(scene.case_id)
    assert (state.status, state.result) == ("closed", end.result)
    assert not [task.key for task in scene.memory.tasks(scene.case_id).values() if task.is_open]
    return end.result


async def played_out(scene: Scene) -> None:
    """Does what a withdrawal leaves to do, each task once: a refused answer would be offered again for ever."""
    left: dict[str, Callable[..., Awaitable[None]]] = {
        "locate_item": located,
        "return_item": returned,
        "settlement": _settled_with_orders,
        "acknowledge_breach": acknowledged,
    }
    done: set[str] = set()
    await scene.rest()
    while still_open := await scene.open_tasks():
        assert not done & set(still_open), f"{done & set(still_open)} is open again: {await scene.events()}"
        for key, task in still_open.items():
            assert task.kind in left, f"{key} is open after a withdrawal"
            await left[task.kind](scene, key=key)
        done |= set(still_open)
        await scene.rest()


async def _settled_with_orders(scene: Scene, key: str) -> None:
    ordered = any(task.kind == "await_parts" for task in scene.memory.tasks(scene.case_id).values())
    await settled(scene, key=key, **({"orders": "The supplier took the seal back"} if ordered else {}))
