"""Putting what people do together to a way."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.support.scene import Scene

Way = Callable[[Scene], Awaitable[None]]
"""What people do with a fresh case."""


def way(*steps: Way) -> Way:
    """Returns the steps one after another as one way."""

    async def walk(scene: Scene) -> None:
        for step in steps:
            await step(scene)

    return walk
