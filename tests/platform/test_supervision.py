from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.embedded.process import Child, started_at
from core.embedded.supervisor import StopRequest, Supervisor
from core.errors import Unavailable

ANNOUNCES = "import time; from core.embedded.process import announce_ready; announce_ready(); time.sleep(60)"


def child(name: str, program: str, folder: Path, **options: object) -> Child:
    return Child(
        name,
        [sys.executable, "-c", program],
        log=folder / f"{name}.log",
        environment={**os.environ, "PYTHONPATH": str(Path.cwd())},
        **options,  # type: ignore[arg-type]
    )


@pytest.fixture
def stop() -> StopRequest:
    return StopRequest()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def supervisor(stop: StopRequest, told: list[str]) -> Iterator[Supervisor]:
    made = Supervisor(told.append, stop)
    yield made
    stop.count = 2
    made.stop()


def watching(supervisor: Supervisor) -> threading.Thread:
    thread = threading.Thread(target=supervisor.watch)
    thread.start()
    return thread


def eventually(condition: object, within: float = 10) -> None:
    assert callable(condition)
    until = time.monotonic() + within
    while not condition():
        assert time.monotonic() < until, "did not come true in time"
        time.sleep(0.02)


def test_a_process_is_ready_once_it_says_so(supervisor: Supervisor, tmp_path: Path) -> None:
    worker = child("worker", ANNOUNCES, tmp_path, announces=True)
    supervisor.start(worker)
    assert not worker.ready()
    assert supervisor.wait_ready(worker, 10)


def test_a_process_that_dies_while_starting_is_told_with_its_last_line(supervisor: Supervisor, tmp_path: Path) -> None:
    (tmp_path / "worker.log").write_text("a line of yesterday\n")
    supervisor.start(child("worker", "raise SystemExit('the disk is on fire')", tmp_path, announces=True))
    with pytest.raises(Unavailable) as failed:
        supervisor.wait_ready(supervisor.children[0], 10)
    assert "the worker stopped before it was ready (exit status 1): the disk is on fire - see" in str(failed.value)


def test_a_killed_process_is_told_and_started_again(
    supervisor: Supervisor, stop: StopRequest, told: list[str], tmp_path: Path
) -> None:
    worker = child("worker", ANNOUNCES, tmp_path, announces=True)
    other = child("other", ANNOUNCES, tmp_path, announces=True)
    for one in (other, worker):
        supervisor.start(one)
        supervisor.wait_ready(one, 10)
    first = worker.pid
    thread = watching(supervisor)
    os.kill(first, signal.SIGKILL)
    eventually(lambda: worker.pid != first and worker.ready())
    assert told == [f"The worker stopped (killed by SIGKILL) and is started again; its log: {worker.log}"]
    assert os.getpgid(worker.pid) == os.getpgid(other.pid) != os.getpgid(0)
    stop.count = 1
    thread.join()


def test_a_process_that_keeps_dying_stops_everything(
    supervisor: Supervisor, told: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.embedded.supervisor._FIRST_PAUSE", 0.01)
    supervisor.start(child("worker", "raise SystemExit('no')", tmp_path))
    with pytest.raises(Unavailable, match=r"the worker stopped 8 times in a row \(exit status 1\): no"):
        supervisor.watch()
    assert len(told) == 7


def test_the_last_started_is_stopped_first_and_one_that_clings_is_ended(
    supervisor: Supervisor, stop: StopRequest, told: list[str], tmp_path: Path
) -> None:
    order = tmp_path / "order"
    leaves = (
        "import signal, sys, time; from core.embedded.process import announce_ready\n"
        f"def end(*_): open({str(order)!r}, 'a').write(sys.argv[1]); sys.exit()\n"
        "signal.signal(signal.SIGTERM, end); announce_ready(); time.sleep(60)"
    )
    clings = leaves.replace("end)", "signal.SIG_IGN)")
    for name, program in (("engine", leaves), ("clinging", clings), ("api", leaves)):
        one = child(name, program, tmp_path, announces=True, stop_within=0.5)
        one._command.append(name)
        supervisor.start(one)
        supervisor.wait_ready(one, 10)
    pids = [one.pid for one in supervisor.children]
    stop.count = 1
    supervisor.stop()
    assert order.read_text() == "apiengine"
    assert told == ["The clinging did not stop in time and is ended."]
    assert [started_at(pid) for pid in pids] == [None, None, None]


def test_children_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    program = (
        "import sys, time, os, pathlib; from core.embedded.process import Child\n"
        "c = Child('x', [sys.executable, '-c', 'import time; time.sleep(60)'],"
        f" log=pathlib.Path({str(tmp_path / 'x.log')!r}), environment=dict(os.environ))\n"
        "c.start(); print(c.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert started_at(pid)
        parent.kill()
    eventually(lambda: started_at(pid) is None)
