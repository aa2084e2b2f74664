"""Start: from `aftercare up` to ready, on a new home and on one that was started before.

    python -m bench.start [--rounds 5]

Ready is the first answer 200 of /readyz, which asks engine and database; the process group is stopped after each start.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from bench.stack import ROOT
from bench.table import show
from core.embedded import ports

GIVE_UP_SECONDS = 120.0


def up(home: Path) -> tuple[float, float, float]:
    """Starts and stops the product; returns the seconds until it was ready, those of processor time, those to stop."""
    port = ports.free()
    environment = {key: value for key, value in os.environ.items() if not key.startswith("AFTERCARE_")}
    environment["PYTHONDONTWRITEBYTECODE"] = ""
    used, begun = _used(), time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "up", "--home", str(home), "--port", str(port)],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        while not _ready(port):
            if process.poll() is not None:
                errors = process.stderr.read().decode() if process.stderr else ""
                sys.exit(f"it ended before it was ready: {errors}")
            if time.perf_counter() - begun > GIVE_UP_SECONDS:
                sys.exit("it was not ready in time")
            time.sleep(0.02)
        ready = time.perf_counter() - begun
    finally:
        stopping = time.perf_counter()
        process.send_signal(signal.SIGTERM)
        process.wait(60)
    return ready, _used() - used, time.perf_counter() - stopping


def _used() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


def _ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def main(rounds: int) -> None:
    """Measures and prints the table."""
    starts: dict[str, list[float]] = {"new home": [], "home started before": []}
    used: dict[str, list[float]] = {name: [] for name in starts}
    stop: list[float] = []
    for _ in range(rounds):
        home = Path(tempfile.mkdtemp(prefix="aftercare-bench-"))
        try:
            for name, seconds in starts.items():
                ready, processor, stopped = up(home)
                seconds.append(ready)
                used[name].append(processor)
                stop.append(stopped)
        finally:
            shutil.rmtree(home, ignore_errors=True)
    rows = [[name, *_spread(seconds), f"{statistics.median(used[name]):.1f}"] for name, seconds in starts.items()]
    rows.append(["SIGTERM until all is gone", *_spread(stop), ""])
    show(
        "Start: seconds from `aftercare up` to ready",
        ("start", "median s", "range s", "processor s, all processes"),
        rows,
    )


def _spread(seconds: list[float]) -> list[str]:
    return [f"{statistics.median(seconds):.1f}", f"{min(seconds):.1f} - {max(seconds):.1f}"]


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5)
    main(**vars(options.parse_args()))
