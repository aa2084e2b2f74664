"""Verifying archives: files per second and memory, at a thousand files and at ten times as many.

    python -m bench.verify [--files 10000] [--jobs 2]

Each file is an archive of its own, made with its own case number, record and papers, signed and sealed. Every
measurement is a process of its own that runs `aftercare audit verify` as an auditor does: with public keys alone. Its
memory is the highest that the process (with -j, each of its processes) ever had.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from bench.table import show
from core.signing import SigningKeys, public_json
from store.archives.assembling import assemble
from tests.support.archives import MADE_BY, case_key, contents, file_of, record

_EVENTS = 60
_PAPER = 40_000
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_AT_ONCE = 250
_SEED = b"only for measuring, 32 bytes ..."
_RUN = """
import resource, sys, cli
try:
    cli.main()
finally:
    used = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    times = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(sum(one.ru_utime + one.ru_stime for one in times), max(used), file=sys.stderr)
"""


@dataclass(frozen=True)
class Measured:
    """One run: files, processes, seconds by the clock and of the processor, highest memory of one process in bytes."""

    files: int
    jobs: int
    seconds: float
    processor: float
    memory: int

    def row(self) -> list[str]:
        """The run as a row of the table."""
        rate, each, megabytes = self.files / self.seconds, self.processor / self.files, self.memory / 1_000_000
        shown = [f"{self.seconds:.1f} s", f"{rate:.0f}", f"{each * 1000:.1f} ms", f"{megabytes:.1f} MB"]
        return [f"{self.files:,}", str(self.jobs), *shown]


def _case(number: int) -> str:
    return "C-" + "".join(_LETTERS[number >> shift & 31] for shift in range(45, -1, -5))


def _make(folder: Path, first: int, last: int) -> None:
    """Writes the archives of cases numbered from `first` to before `last`, where they are not there yet."""
    signing, events = SigningKeys.following(None, Ed25519PrivateKey.from_private_bytes(_SEED), None), record(_EVENTS)
    history = json.dumps({"events": [{"eventId": str(number), "data": os.urandom(300).hex()} for number in range(150)]})
    for number in range(first, last):
        path = folder / f"{number // 1000:02}" / f"{_case(number)}.aftercare"
        if path.exists():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        files = [
            file_of("documents/D-1", os.urandom(_PAPER), "service confirmation"),
            file_of("attachments/F-1ABCDEFGHJK", os.urandom(_PAPER), "sent in"),
        ]
        made = replace(contents(_case(number), events, files), history=history)
        asyncio.run(assemble(path, made, MADE_BY, case_key(), signing))


def make(folder: Path, files: int) -> None:
    """Makes what is missing, by every core there is."""
    with ProcessPoolExecutor() as pool:
        parts = [pool.submit(_make, folder, at, min(at + _AT_ONCE, files)) for at in range(0, files, _AT_ONCE)]
        for part in parts:
            part.result()


def measure(folder: Path, files: int, jobs: int) -> Measured:
    """Verifies so many of the archives in a process of its own, as an auditor does."""
    folders = sorted(folder.glob("[0-9]*"))[: files // 1000] if files >= 1000 else [folder]
    command = [sys.executable, "-c", _RUN, "audit", "verify", *map(str, folders), "--trust", str(folder / "keys.json")]
    environment = {**os.environ, "AFTERCARE_HOME": str(folder / "nobody")}
    began = time.monotonic()
    done = subprocess.run([*command, "-j", str(jobs)], env=environment, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - began
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-500:]
    assert f"{files} archives verified, nothing found" in done.stdout, done.stdout[-500:]
    processor, memory = done.stderr.split()[-2:]
    return Measured(files, jobs, seconds, float(processor), int(memory) * 1024)


def main() -> None:
    """Makes the archives, measures, prints the table."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--files", type=int, default=10_000)
    given.add_argument("--jobs", type=int, default=2)
    given.add_argument("--folder", type=Path, help="where the archives are kept for another time")
    given.add_argument("--only-make", action="store_true", help="measure nothing")
    wanted = given.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = wanted.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        make(folder, wanted.files)
        public = SigningKeys.following(None, Ed25519PrivateKey.from_private_bytes(_SEED), None).known
        (folder / "keys.json").write_text(json.dumps(public_json(public)))
        if wanted.only_make:
            return
        runs = [(max(wanted.files // 10, 1000), 1), (wanted.files, 1), (wanted.files, wanted.jobs)]
        rows = []
        for files, jobs in runs:
            rows.append(measure(folder, files, jobs).row())
            print(*rows[-1], flush=True)
        size = next(folder.glob("*/*.aftercare")).stat().st_size
        heads = ["archives", "processes", "time", "archives a second", "processor each", "highest memory of a process"]
        show(f"aftercare audit verify, archives of {size // 1000} kB and {_EVENTS} events", heads, rows)


if __name__ == "__main__":
    main()
