"""Records the golden histories anew: `python -m tests.goldens.record [NAME...]`.

Do this only when the process is meant to change, and say so in the changelog: a case that runs cannot be replayed by
code that its golden history refuses. Where both must live on, use `workflow.patched` and keep the old golden.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from temporalio.worker import Worker

from tests.goldens.ways import PLAN_OF_WAY, WAYS
from tests.support.scene import Memory, Scene, activities_of_a_scene
from tests.support.skipping_clock import SkippingClock
from tests.support.strict_replay import replay_differences, steadied
from tests.support.ways import published
from tests.workflows.conftest import QUEUE, skipping_server
from workflows import WORKFLOWS, runner

FOLDER = Path(__file__).parent
IDENTITY = "goldens"


async def record(name: str) -> Path:
    """Plays a way on a fresh server and writes its history. Raises RuntimeError when it does not replay strictly."""
    plan = published(PLAN_OF_WAY.get(name, "rapid-response"))
    async with skipping_server(IDENTITY) as env:
        memory = Memory()
        async with Worker(
            env.client,
            task_queue=QUEUE,
            workflows=WORKFLOWS,
            activities=activities_of_a_scene(env.client, memory),
            workflow_runner=runner(),
            identity=IDENTITY,
        ):
            scene = await Scene.open(env.client, QUEUE, memory, SkippingClock(env), plan=plan)
            await WAYS[name](scene)
            await scene.end()
            history = steadied(await scene.handle.fetch_history())
    differences = await replay_differences(history)
    if differences:
        raise RuntimeError(f"{name} does not replay strictly: {differences[:3]}")
    file = FOLDER / f"{name}.json"
    file.write_text(json.dumps(history.to_json_dict(), ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    return file


async def main(names: list[str]) -> None:
    """Records the named ways, or all of them."""
    for name in names or WAYS:
        file = await record(name)
        print(f"{file.name}: {file.stat().st_size // 1024} kB")  # noqa: T201 - a program for the command line


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
