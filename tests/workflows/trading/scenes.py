"""What the scenarios of a trading company share."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from domain.plan import Plan
from tests.support.scene import Scene
from tests.support.ways import published, request_for, walk_to
from tests.workflows.conftest import Opener

PLAN = "factory-direct"


def plan(**changes: Any) -> Plan:
    """The published plan, with settings changed for a scene."""
    return published(PLAN).model_copy(update=changes)


async def opened(open_case: Opener, **changes: Any) -> Scene:
    """A fresh case of the plan."""
    return await open_case(plan=plan(**changes), channel="email")


async def at(open_case: Opener, task: str, **changes: Any) -> Scene:
    """A case in which a task is offered."""
    scene = await open_case(plan=plan(**changes), channel="email", **request_for(PLAN, task))
    await walk_to(scene, task, PLAN)
    return scene


async def promise(scene: Scene, key: str) -> dict[str, Any]:
    """The promise that holds for a task, as it is on record."""
    data: dict[str, Any] = (await scene.event("promised", key)).data
    return data


async def counted(scene: Scene, key: str) -> tuple[str, str, str]:
    """What a task was promised: its budget, since what, and by which clause."""
    data = await promise(scene, key)
    request = data["deadline"]["request"]
    return request["budget"], request["anchor"]["name"], data["source"]


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
