"""Replay: histories per second of `aftercare audit replay` beside the SDK's own Replayer on the same files.

    python -m bench.replay [--rounds 3] [--copies 20]

The files are the golden histories of all ways, copied under other case numbers and sealed with a key each, as the
engine keeps them. The bare side reads them, opens them by the codec and replays them, and compares nothing; the audit
compares every command. Both run what a worker runs, without the sandbox. Rounds are interleaved and their order
alternates; the bare side and one process run in this process, two processes with their start.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from api.commands.audit.batches import in_batches
from api.commands.audit.histories import Target
from api.commands.audit.replaying import Replaying
from bench.table import show
from core.codec import CaseCodec, payloads_in, sealing_converter
from core.history_json import history_of_json
from core.keys import open_keys
from core.keys.master import ensure_master_keys
from core.settings import Settings, load
from workflows import WORKFLOWS

GOLDENS = Path(__file__).parents[1] / "tests" / "goldens"


async def sealed_copies(settings: Settings, folder: Path, copies: int) -> list[Path]:
    """Writes every golden history so many times, each as another case with a key of its own."""
    made: list[Path] = []
    async with open_keys(settings) as keys:
        for copy in range(copies):
            for golden in sorted(GOLDENS.glob("*.json")):
                case_id = f"C-{len(made):010d}"
                history = history_of_json(golden.read_bytes(), case_id)
                history.events[0].workflow_execution_started_event_attributes.workflow_id = case_id
                codec = CaseCodec(keys, case_id)
                for event in history.events:
                    if not event.HasField("upsert_workflow_search_attributes_event_attributes"):
                        for payload in payloads_in(event):
                            (sealed,) = await codec.encode([payload])
                            payload.CopyFrom(sealed)
                file = folder / f"{copy:03d}-{golden.name}"
                file.write_text(json.dumps(WorkflowHistory(case_id, history.events).to_json_dict()))
                made.append(file)
    return made


def bare(settings: Settings, files: Sequence[Path]) -> None:
    """What somebody would write who wants to know whether histories replay."""

    async def run() -> None:
        async with open_keys(settings) as keys:
            replayer = Replayer(
                workflows=WORKFLOWS,
                data_converter=sealing_converter(keys),
                workflow_runner=UnsandboxedWorkflowRunner(),
            )

            async def histories() -> AsyncIterator[WorkflowHistory]:
                for file in files:
                    yield WorkflowHistory.from_json(file.stem, file.read_text())

            results = await replayer.replay_workflows(histories(), raise_on_replay_failure=False)
        if results.replay_failures:
            raise SystemExit(f"the bare side failed: {results.replay_failures}")

    asyncio.run(run())


def audited(settings: Settings, files: Sequence[Path], processes: int) -> None:
    """What the command does."""
    targets = [Target(file=file) for file in files]
    findings = [one for one in in_batches(targets, Replaying(settings), processes) if not one.passed]
    if findings:
        raise SystemExit(f"the audit found {findings[0].findings[0].sentence()}")


def main(rounds: int, copies: int) -> None:
    """Measures and prints the table."""
    with tempfile.TemporaryDirectory(prefix="aftercare-bench-") as folder:
        home = Path(folder)
        ensure_master_keys(home)
        settings = load(home=home)
        files = asyncio.run(sealed_copies(settings, home, copies))
        sides: dict[str, Callable[[], None]] = {
            "bare Replayer of the SDK": lambda: bare(settings, files),
            "audit replay, one process": lambda: audited(settings, files, 1),
            "audit replay, two processes": lambda: audited(settings, files, 2),
        }
        bare(settings, files[:10])
        audited(settings, files[:10], 1)
        rates: dict[str, list[float]] = {name: [] for name in sides}
        for number in range(rounds):
            order = list(sides) if number % 2 == 0 else list(reversed(sides))
            for name in order:
                begun = time.perf_counter()
                sides[name]()
                rates[name].append(len(files) / (time.perf_counter() - begun))
    _print(rates, len(files), rounds)


def _print(rates: dict[str, list[float]], files: int, rounds: int) -> None:
    first, one, _ = rates
    rows = []
    for name, each in rates.items():
        beside = [
            f"{statistics.median(a / b for a, b in zip(each, rates[base], strict=True)):.2f}" for base in (first, one)
        ]
        rows.append([name, f"{statistics.median(each):.1f}", f"{min(each):.1f} - {max(each):.1f}", *beside])
    heads = ("side", "histories/s, median", "range", "beside the bare side", "beside one process")
    show(f"Replay of {files} sealed histories, {rounds} interleaved rounds", heads, rows)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--copies", type=int, default=20)
    main(**vars(options.parse_args()))
