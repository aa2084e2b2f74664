"""Telling the engine that a long activity goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio import activity


@asynccontextmanager
async def signs_of_life(every: float) -> AsyncIterator[None]:
    """Beats every so many seconds while the block runs, so that the work of a worker that died is taken over soon."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(every)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()
