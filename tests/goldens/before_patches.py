"""Histories as code before a patch ran them: `python -m tests.goldens.before_patches`.

Each lies in `before_patches/<patch>.json` and is replayed by the tests: as long as it is, the old branch of the patch
is still there and still right for what is open. A worker that answers no to `workflow.patched` is the code of before.
Recorded once; anew only while no version was released, when what a workflow tells of itself is meant to change.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.worker import UnsandboxedWorkflowRunner

from tests.support.action_scene import Written, opened_action
from tests.support.strict_replay import steadied
from tests.workflows.conftest import skipping_server

FOLDER = Path(__file__).with_name("before_patches")


@contextmanager
def without(patch: str) -> Iterator[None]:
    """Answers no to one patch, as code before it would."""
    with answering(patch, answer=False):
        yield


@contextmanager
def answering(patch: str, *, answer: bool) -> Iterator[None]:
    """Answers for one patch without asking the history, as code that knows nothing of patches would."""
    asked = workflow.patched
    with mock.patch.object(workflow, "patched", lambda name: answer if name == patch else asked(name)):
        yield


async def late_action(patch: str) -> WorkflowHistory:
    """An action that is late twice, done at last and verified."""
    async with skipping_server("goldens") as env:
        with without(patch):
            async with opened_action(env, Written(), UnsandboxedWorkflowRunner()) as action:
                await action.step("carry_out_action")
                await action.clock.advance(action.handle, timedelta(days=20))
                await action.do("carry_out_action", "engineer", done="At last")
                await action.verify("effective")
                await action.handle.result()
                return steadied(await action.handle.fetch_history())


RECORDED: Mapping[str, Callable[[str], Any]] = {"remind-at-each-level": late_action}
"""Patches by name, with what is recorded to show them."""


async def main(names: list[str]) -> None:
    """Records the named ones, or all."""
    FOLDER.mkdir(exist_ok=True)
    for name in names or RECORDED:
        history: WorkflowHistory = await RECORDED[name](name)
        file = FOLDER / f"{name}.json"
        file.write_text(json.dumps(history.to_json_dict(), ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
        print(f"{file.name}: {file.stat().st_size // 1024} kB")  # noqa: T201 - a program for the command line


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
