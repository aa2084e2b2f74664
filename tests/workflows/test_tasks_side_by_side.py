"""Three tasks side by side, of which one, then all, are withdrawn; whatever ends one leaves the others whole."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.support.parallel_case import THREE, ThreeTogether
from tests.support.people import instructed, replaced
from tests.support.scene import Scene
from tests.workflows.conftest import Opener

KEYS = [task.name for task in THREE]


@pytest.fixture
def served() -> Sequence[type]:
    return [ThreeTogether]


async def three_open(open_case: Opener) -> Scene:
    scene = await open_case(workflow="ThreeTogether")
    for key in KEYS:
        await scene.task(key)
    return scene


async def statuses(scene: Scene) -> list[str]:
    tasks = scene.memory.tasks(scene.case_id)
    return [tasks[key].status for key in KEYS]


async def test_all_three_are_done_in_any_order(open_case: Opener) -> None:
    scene = await three_open(open_case)
    await replaced(scene)
    await instructed(scene)
    await scene.do("await_parts", result="arrived")
    assert (await scene.end()).result == "resolved"
    assert await statuses(scene) == ["completed"] * 3


async def test_one_is_called_off_and_the_others_are_waited_for(open_case: Opener) -> None:
    scene = await three_open(open_case)
    await scene.handle.signal("call_off", "await_parts")
    await scene.rest()
    assert sorted(await scene.open_tasks()) == ["return_instructions", "send_replacement"]
    await replaced(scene)
    await instructed(scene)
    assert (await scene.end()).result == "rejected"
    assert await statuses(scene) == ["completed", "obsolete", "completed"]


async def test_one_then_all_are_withdrawn(open_case: Opener) -> None:
    scene = await three_open(open_case)
    await scene.handle.signal("call_off", "await_parts")
    await scene.rest()
    await scene.say("withdraw", reason="Bought another machine")
    assert (await scene.end()).result == "withdrawn"
    assert await statuses(scene) == ["obsolete"] * 3


async def test_a_withdrawal_beside_a_completion_keeps_what_was_done(open_case: Opener) -> None:
    scene = await three_open(open_case)
    await instructed(scene)
    await scene.say("withdraw", reason="Bought another machine")
    assert (await scene.end()).result == "withdrawn"
    assert await statuses(scene) == ["completed", "obsolete", "obsolete"]


async def test_a_breach_of_one_leaves_the_others_alone(open_case: Opener) -> None:
    scene = await three_open(open_case)
    due = {key: (await scene.task(key)).due_at for key in KEYS}
    first = due["return_instructions"]
    assert first
    await scene.advance(seconds=(first - await scene.now()).total_seconds() + 1)
    tasks = await scene.tasks()
    assert [tasks[key].escalation_level for key in KEYS] == [1, 0, 0]
    assert [tasks[key].due_at for key in KEYS[1:]] == [due[key] for key in KEYS[1:]]
