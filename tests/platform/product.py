"""The whole product in processes of its own, as a person on a terminal has it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx

from api.commands import people
from core import settings
from core.embedded.process import started_at

T = TypeVar("T")
AFTERCARE = [sys.executable, "-P", "-m", "cli"]
REQUEST = {
    "plan": "rapid-response",
    "channel": "phone",
    "customer": {"name": "Example Bearings", "contact_name": "A. Example", "phone": "+1 555-0100", "region": "East"},
    "product": {"model": "PX-200", "serial_number": "PX200-0001", "purchase_date": "2026-01-05"},
    "problem": {"category": "abnormal_wear", "description": "The seal wears within days."},
    "request": "repair",
}  # fmt: skip


def eventually(ask: Callable[[], T | None], within: float = 30) -> T:
    """What the question answers once it answers something true."""
    until = time.monotonic() + within
    while not (answer := ask()):
        assert time.monotonic() < until, f"nothing within {within} s"
        time.sleep(0.1)
    return answer


def run(*arguments: str | Path, variables: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """One command of the command line."""
    return subprocess.run(
        [*AFTERCARE, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, **(variables or {})},
        check=False,
    )


class Api:
    """The JSON API for one person."""

    def __init__(self, address: str, token: str) -> None:
        self.client = httpx.Client(
            base_url=f"{address}/api/v1", headers={"Authorization": f"Bearer {token}"}, timeout=20, trust_env=False
        )

    def get(self, path: str, **query: str) -> Any:
        """The JSON under a path."""
        answer = self.client.get(path, params=query)
        assert answer.is_success, answer.text
        return answer.json()

    def post(self, path: str, body: Mapping[str, Any], **headers: str) -> Any:
        """What a request answers that must succeed."""
        answer = self.client.post(path, json=body, headers=headers)
        assert answer.is_success, answer.text
        return answer.json()

    def open_task(self, case_id: str, kind: str) -> dict[str, Any]:
        """The open task of a kind, waited for."""

        def ask() -> dict[str, Any] | None:
            tasks = self.get("/tasks", case_id=case_id)["items"]
            return next(
                (t for t in tasks if t["kind"] == kind and t["state"] in {"created", "ready", "reserved"}), None
            )

        return eventually(ask)

    def complete(self, task: Mapping[str, Any], outcome: Mapping[str, Any]) -> Any:
        """Complete a task."""
        return self.post(
            f"/tasks/{task['task_id']}/complete", {"outcome": outcome, "submission_id": f"test-{task['task_id']}"}
        )


class Product:
    """`aftercare up` on a home."""

    def __init__(self, home: Path, *options: str) -> None:
        self.home = home
        self.output = home.parent / f"{home.name}.out"
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, within: float = 90) -> Product:
        """Start it and wait until it is ready, so many seconds at most."""
        with self.output.open("wb") as output:
            self._process = subprocess.Popen(
                [*AFTERCARE, "up", "--home", str(self.home), "--port", "0", *self._options],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        eventually(
            lambda: self._process is None or self._process.poll() is not None or "Ctrl-C stops all of it" in self.text,
            within=within,
        )
        assert self._process.poll() is None, self.text
        return self

    @property
    def text(self) -> str:
        """What it has said so far."""
        return self.output.read_text()

    @property
    def pid(self) -> int:
        """Process id of the parent."""
        assert self._process is not None
        return self._process.pid

    @property
    def children(self) -> dict[int, str]:
        """Process id and start mark of each process of it."""
        run = json.loads((self.home / "lock").read_text())
        return {int(pid): mark for pid, mark in run["children"].items()}

    @property
    def address(self) -> str:
        """Where the pages are."""
        return str(json.loads((self.home / "settings.json").read_text())["public_url"])

    def api(self, user: str = "admin") -> Api:
        """The API for a user."""
        token = asyncio.run(people.token(settings.load(home=self.home), user, timedelta(hours=1)))
        return Api(self.address, token)

    def send(self, number: signal.Signals) -> int:
        """Send the parent a signal and wait for its exit status."""
        assert self._process is not None
        self._process.send_signal(number)
        return self._process.wait(timeout=60)

    def stop(self) -> None:
        """Stop it if it runs."""
        if self._process is not None and self._process.poll() is None:
            self.send(signal.SIGTERM)


def gone(processes: Mapping[int, str]) -> bool:
    """Whether none of these processes runs any more."""
    return all(started_at(pid) != mark for pid, mark in processes.items())
