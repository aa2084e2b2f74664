"""`aftercare up`: the whole product on one machine."""

from __future__ import annotations

import os
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core import settings as configuration
from core.embedded import binaries, ports, temporal_server
from core.embedded.home import Home, Run, unwritable
from core.embedded.people import SignIn
from core.embedded.process import LISTEN_VARIABLE, Child, started_at
from core.embedded.progress import Progress
from core.embedded.supervisor import StopRequest, Supervisor
from core.settings import Settings

_ENGINE_WITHIN = 60.0
_PART_WITHIN = 90.0


@dataclass(frozen=True)
class Wish:
    """What the command line asks for; ``None`` leaves the choice to the home and the defaults."""

    home: Path
    port: int = 8000
    speed: float | None = None
    sample_data: bool = False


Prepare = Callable[[Settings, Home], Sequence[SignIn]]
"""Brings the database to today's shape and makes the first people; returns those made now."""


def up(wish: Wish, prepare: Prepare, progress: Progress) -> None:
    """Start everything, keep it running until SIGTERM or Ctrl-C, stop it in order.

    Raises:
        Refused: another run holds the home, the port is taken, or the home runs at another speed.
        Unavailable: the folder cannot be written, or a part cannot be started or kept running.
        NotConfigured: a program is missing.
    """
    home = Home(wish.home)
    binary = binaries.temporal()
    home.create()
    with StopRequest().listening() as stop:
        earlier = home.lock()
        try:
            if earlier is not None:
                progress.line(f"An earlier run (process {earlier}) did not stop cleanly; its lock is taken over.")
            epoch, speed = home.pace(wish.speed)
            with ports.listen(wish.port) as listener:
                settings = _settle(home, wish, epoch.isoformat(), speed, listener)
                children = _children(home, settings, binary, listener)
                _run(home, settings, children, prepare=prepare, progress=progress, stop=stop)
        except OSError as error:
            raise unwritable(home.path, error) from None
        finally:
            home.unlock()


def _settle(home: Home, wish: Wish, epoch: str, speed: float, listener: socket.socket) -> Settings:
    """Fix the settings of this run and keep them for every other command."""
    before = home.remembered()
    port = listener.getsockname()[1]
    engine = ports.free_or(before.get("temporal_port"))
    ui = ports.free_or(before.get("temporal_ui_port"))
    values: dict[str, Any] = {
        "embedded": True,
        "temporal_address": f"{ports.LOOPBACK}:{engine}",
        "temporal_ui_url": f"http://{ports.LOOPBACK}:{ui}",
        "host": ports.LOOPBACK,
        "port": port,
        "public_url": os.environ.get("AFTERCARE_PUBLIC_URL") or f"http://{ports.LOOPBACK}:{port}",
        "speed": speed,
        "epoch": epoch,
    }
    home.session_secret()
    home.signing_keys()
    home.master_keys()
    settings = configuration.load(home=home.path, sample_data=wish.sample_data, **values)
    home.remember({**values, "temporal_port": engine, "temporal_ui_port": ui})
    return settings


def _run(
    home: Home,
    settings: Settings,
    children: tuple[Child, Child, Child, Child],
    *,
    prepare: Prepare,
    progress: Progress,
    stop: StopRequest,
) -> None:
    engine, worker, api, samples = children
    supervisor = Supervisor(progress.line, stop)
    supervisor.changed = lambda: home.holds(_described(settings, supervisor))
    try:
        # All start at once: each loads its code while the others come up, and waits for what it needs.
        with progress.step("engine (Temporal)"):
            supervisor.start(engine)
            if not supervisor.wait_ready(engine, _ENGINE_WITHIN):
                return
        with progress.step("database"):
            people = prepare(settings, home)
        supervisor.start(worker)
        supervisor.start(api)
        for child in (worker, api):
            with progress.step(child.name):
                if not supervisor.wait_ready(child, _PART_WITHIN):
                    return
        progress.ready(settings, people, str(home.passwords))
        if settings.sample_data:
            supervisor.send(samples)
        supervisor.watch()
    finally:
        progress.line("Stopping.")
        supervisor.stop()
        progress.line("Stopped.")


def _children(
    home: Home, settings: Settings, binary: Path, listener: socket.socket
) -> tuple[Child, Child, Child, Child]:
    environment = {**os.environ, **settings.as_environment()}
    host, port = settings.temporal_address.split(":")
    ui_port = int(settings.temporal_ui_url.rsplit(":", 1)[1])
    engine = Child(
        "engine",
        temporal_server.command(
            binary, home.temporal_database, port=int(port), ui_port=ui_port, codec=f"{settings.public_url}/codec"
        ),
        log=home.logs / "engine.log",
        environment=environment,
        check=lambda: _accepts(host, int(port)),
    )
    worker = Child(
        "worker",
        [sys.executable, "-P", "-m", "worker"],
        log=home.logs / "worker.log",
        environment=environment,
        announces=True,
        stop_within=settings.worker_grace + 5,
    )
    api = Child(
        "pages and API",
        [sys.executable, "-P", "-m", "server"],
        log=home.logs / "server.log",
        environment={**environment, LISTEN_VARIABLE: str(listener.fileno())},
        inherit=[listener.fileno()],
        announces=True,
        check=lambda: _answers(f"http://{settings.host}:{settings.port}/readyz"),
    )
    samples = Child(
        "sample data",
        [sys.executable, "-P", "-m", "cli", "samples"],
        log=home.logs / "samples.log",
        environment=environment,
        stop_within=2,
    )
    return engine, worker, api, samples


def _described(settings: Settings, supervisor: Supervisor) -> Run:
    marks = {child.pid: started_at(child.pid) for child in supervisor.children if child.alive}
    return Run(os.getpid(), settings.public_url, {pid: mark for pid, mark in marks.items() if mark})


def _accepts(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=0.2).close()
    except OSError:
        return False
    return True


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (OSError, urllib.error.URLError):
        return False
