"""A worker for tests that kill it: `python -m tests.support.real_worker`, told by `WORKER_*` variables what to be.

`WORKER_HANGS_IN=contact_customer` stays inside the body of that task's activity and leaves a file `inside-<task>`;
`WORKER_LOCAL_ONLY=1` takes no activity from the queue, so that a task stays scheduled.
"""

from __future__ import annotations

import asyncio
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from core.embedded.process import announce_ready
from core.payloads import data_converter
from tests.support.real_server import activities_with
from tests.support.scene import Memory
from workflows import WORKFLOWS, worker_runner


def _hanging(task: str, folder: Path) -> Any:
    @activity.defn(name=task)
    async def stays_inside(brief: dict[str, Any]) -> dict[str, Any]:
        (folder / f"inside-{task}").touch()
        await asyncio.sleep(3600)
        return brief

    return stays_inside


async def _work() -> None:
    told = os.environ
    client = await Client.connect(told["WORKER_ADDRESS"], data_converter=data_converter)
    hangs_in = told.get("WORKER_HANGS_IN")
    replacing = {hangs_in: _hanging(hangs_in, Path(told["WORKER_FOLDER"]))} if hangs_in else {}
    async with Worker(
        client,
        task_queue=told["WORKER_QUEUE"],
        workflows=WORKFLOWS,
        activities=activities_with(client, Memory(), replacing=replacing),
        workflow_runner=worker_runner(),
        no_remote_activities=bool(told.get("WORKER_LOCAL_ONLY")),
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
    ):
        announce_ready()
        await asyncio.Event().wait()


if __name__ == "__main__":
    try:
        asyncio.run(_work())
    finally:
        time.sleep(0.2)
        os._exit(0)
