"""Archives of real histories: the golden ones, as the product would archive the case they are of."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.history_json import history_of_json
from core.keys import open_keys
from core.settings import Settings
from core.signing import open_signing
from domain.case import CaseEnd
from domain.events import Event
from store.archives.assembling import CaseContents, assemble
from tests.support.archives import MADE_BY
from workflows.replaying import replay
from workflows.replaying.kept import plan_of

GOLDENS = Path(__file__).parents[1] / "goldens"


def golden_bytes(name: str) -> bytes:
    """A golden history as it lies in its file."""
    return (GOLDENS / f"{name}.json").read_bytes()


def archive_golden(
    settings: Settings,
    folder: Path,
    name: str = "remote",
    *,
    history: Callable[[dict[str, Any]], None] = lambda _raw: None,
    kept: Callable[[dict[str, Any]], None] = lambda _parts: None,
) -> Path:
    """Archives a golden history, sealed by its case's key and signed; `kept` changes what is kept beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    return asyncio.run(_archive(settings, folder, golden_bytes(name), history, kept))


async def _archive(
    settings: Settings,
    folder: Path,
    text: bytes,
    change_history: Callable[[dict[str, Any]], None],
    change_kept: Callable[[dict[str, Any]], None],
) -> Path:
    replayed = await replay(history_of_json(text, "C-1"))
    story = replayed.story()
    assert story.case
    tasks = [dict(task) for task in story.tasks.values()]
    parts: dict[str, Any] = {
        "plan": plan_of(replayed.history),
        "snapshot": {"case": dict(story.case), "tasks": tasks, "revision": len(replayed.writes), "run_id": "run"},
        "events": [dict(event) for event in story.events.values()],
        "result": dict(story.result),
    }
    change_kept(parts)
    raw = json.loads(text)
    change_history(raw)
    contents = CaseContents(
        history=json.dumps(raw),
        plan=parts["plan"],
        snapshot=parts["snapshot"],
        events=[Event.model_validate(event) for event in parts["events"]],
        result=CaseEnd.model_validate(parts["result"]),
    )
    path = folder / f"{story.case['case_id']}.aftercare"
    async with open_keys(settings) as keys:
        key = await keys.for_subject(str(story.case["case_id"]))
        await assemble(path, contents, MADE_BY, key, open_signing(settings))
    return path
