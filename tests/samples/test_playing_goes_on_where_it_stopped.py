"""The player against a small API of the same shape: each step once, whatever interrupts it."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from api import samples

SAMPLE = """
key = "one"
by = "ann"
received = "3 h"
photos = ["leak"]
[application]
plan = "rapid-response"
[application.product]
serial_number = "S-1"
[[steps]]
by = "ann"
task = "contact_customer"
ago = "2 h"
outcome = { reached = "yes", appointment = "now+1 h" }
[[steps]]
by = "bob"
send = "pause"
fields = { reason = "asked for time", until = "now+2 d" }
"""
NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


class Office:
    """A small API: remembers what it was asked, offers the task when it is asked for the second time."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str, Any]] = []
        self.cases: list[str] = []
        self.events: list[dict[str, Any]] = []
        self.asked_for_tasks = 0
        self.refuse: dict[str, list[int]] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v1")
        refusals = self.refuse.get(path, [])
        if refusals:
            return httpx.Response(refusals.pop(0), json={"detail": "not now"})
        body = request.read()
        is_json = request.headers.get("content-type") == "application/json"
        if request.method == "POST":
            self.calls.append((path, request.headers["authorization"], json.loads(body) if is_json else None))
        return httpx.Response(200, json=self.answer(request.method, path))

    def answer(self, method: str, path: str) -> Any:
        match method, path.split("/")[1:]:
            case "GET", ["cases"]:
                return {"items": [{"case_id": case} for case in self.cases], "next": None}
            case "POST", ["cases"]:
                self.cases.append("C-1")
                return {"case_id": "C-1"}
            case "GET", ["cases", _, "events"]:
                return {"items": self.events, "next": None}
            case "GET", ["tasks"]:
                self.asked_for_tasks += 1
                ready = [{"kind": "contact_customer", "state": "ready", "task_id": "C-1.contact_customer"}]
                return {"items": ready if self.asked_for_tasks > 1 else [], "next": None}
            case "POST", ["attachments"]:
                return {"attachment_id": "F-0123456789ABCDEF"}
        return {}

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.calls]


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Office:
    office = Office()
    client = functools.partial(httpx.AsyncClient, transport=httpx.MockTransport(office))
    monkeypatch.setattr("api.samples.httpx.AsyncClient", client)
    monkeypatch.setattr(samples, "_POLL", 0.001)
    return office


@pytest.fixture
def play(tmp_path: Path, office: Office) -> Callable[[], Any]:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "one.toml").write_text(SAMPLE)

    async def played() -> list[str]:
        told: list[str] = []
        await samples.play_samples(
            "http://office.test", lambda user: f"token-{user}", tmp_path, told.append, lambda: NOW
        )
        return told

    return played


async def test_a_case_is_opened_with_its_photo_and_every_step_done_by_its_person(
    office: Office, play: Callable[[], Any]
) -> None:
    told = await play()
    assert told == ["Sample case 1 of 1: C-1 (one)"]
    assert office.paths() == [
        "/attachments",
        "/cases",
        "/tasks/C-1.contact_customer/complete",
        "/cases/C-1/signals/pause",
    ]
    _, _, opened = office.calls[1]
    assert opened["attachments"] == ["F-0123456789ABCDEF"]
    assert opened["received_at"] == "2026-11-19T23:00:00Z"
    _, by, completion = office.calls[2]
    assert by == "Bearer token-ann"
    assert completion["happened_at"] == "2026-11-20T00:00:00Z"
    assert completion["outcome"]["appointment"] == "2026-11-20T03:00:00Z"
    _, by, pause = office.calls[3]
    assert by == "Bearer token-bob"
    assert pause == {"reason": "asked for time", "until": "2026-11-22T02:00:00Z", "id": "sample-one-2"}


async def test_a_second_play_does_only_what_the_record_lacks(office: Office, play: Callable[[], Any]) -> None:
    office.cases = ["C-1"]
    office.events = [{"data": {"submission_id": "sample-one-1"}}]
    await play()
    assert office.paths() == ["/cases/C-1/signals/pause"]


async def test_an_answer_that_a_moment_changes_is_asked_for_again(office: Office, play: Callable[[], Any]) -> None:
    office.refuse["/tasks/C-1.contact_customer/complete"] = [503, 409]
    assert await play() == ["Sample case 1 of 1: C-1 (one)"]


async def test_a_refusal_is_told_and_ends_that_case_alone(office: Office, play: Callable[[], Any]) -> None:
    office.refuse["/tasks/C-1.contact_customer/complete"] = [422]
    told = await play()
    assert len(told) == 1
    assert told[0].startswith("Sample one stopped: POST /tasks/C-1.contact_customer/complete: 422")


async def test_a_task_that_never_comes_up_is_told(
    office: Office, play: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(samples, "_TASK_WITHIN", 0.02)
    office.asked_for_tasks = -1_000_000
    assert "did not come up" in (await play())[0]
