"""The shortest way to each task of each plan: what people do until it is offered. One file for each plan."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any

from domain.plan import Plan, read_plan
from tests.support.scene import ROOT, Scene
from tests.support.ways import factory_direct, maintenance_center
from tests.support.ways.quality_procedure import WAYS as QUALITY_PROCEDURE
from tests.support.ways.rapid_response import WAYS
from tests.support.ways.warranty_repair import WAYS as WARRANTY_REPAIR

WAYS_OF_PLAN: Mapping[str, Mapping[str, Callable[[Scene], Awaitable[None]]]] = MappingProxyType(
    {
        "factory-direct": factory_direct.WAYS,
        "rapid-response": WAYS,
        "quality-procedure": QUALITY_PROCEDURE,
        "warranty-repair": WARRANTY_REPAIR,
        "maintenance-center": maintenance_center.WAYS,
    }
)
"""By the name of a plan and of a task."""
BEGINS_WITH: Mapping[str, Mapping[str, Mapping[str, Any]]] = MappingProxyType(
    {
        "maintenance-center": maintenance_center.BEGINS_WITH,
    }
)
"""What the request of a case must be like for a task to come up, where that matters."""


def request_for(plan: str, task: str) -> Mapping[str, Any]:
    """Returns what the request of a case says differently so that a task comes up."""
    if task == "tell_customer":  # who has no e-mail address is called where notices are sent
        return {"notices": True}
    return BEGINS_WITH.get(plan, {}).get(task, {})


@functools.cache
def published(plan: str) -> Plan:
    """Returns a plan as it is published; read once, since tests are collected by it and nobody may change it."""
    return read_plan(ROOT / "plans" / f"{plan}.toml")


async def walk_to(scene: Scene, task: str, plan: str = "rapid-response") -> None:
    """Plays a fresh case of a plan until a task is offered."""
    await WAYS_OF_PLAN[plan][task](scene)
    await scene.task(task)


__all__ = ["WAYS", "WAYS_OF_PLAN", "published", "request_for", "walk_to"]
