"""Sample data: plays written cases over the HTTP API as the people of `users.toml`, exactly as programs outside would.

A restart goes on where the last play stopped: every case has a key of its own, every step an id that the record names.
"""

from __future__ import annotations

import asyncio
import re
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from pydantic import Field, ValidationError, model_validator

from api.sample_photos import PHOTOS, photo
from domain.model import Frozen

Now = Callable[[], datetime]
_AT_ONCE = 3
_POLL = 0.25
_TASK_WITHIN = 60.0
"""Seconds to wait for a task to come up."""
_TRIES = 8
_LATER = frozenset({404, 409, 425, 429, 500, 502, 503, 504})
"""Answers that a moment can change: the read side is behind, the task was just offered anew, the engine starts."""
_LENGTH = re.compile(r"(\d+) (min|h|d)")
_INSTANT = re.compile(r"now([+-])(\d+ (?:min|h|d))")
_UNITS = {"min": "minutes", "h": "hours", "d": "days"}


class SampleInvalid(ValueError):
    """A sample file does not describe a case."""


class SampleFailed(RuntimeError):
    """A step of a sample could not be played; the message says which and why."""


class Step(Frozen):
    """Something one person does: completes an open task of a kind, or sends a message."""

    by: str
    task: str | None = None
    outcome: dict[str, Any] = Field(default_factory=dict)
    ago: str | None = None
    """How long before the play it happened, such as “20 min”; entered when it is played."""
    on_behalf_of: dict[str, str] | None = None
    send: str | None = None
    fields: dict[str, Any] = Field(default_factory=dict)
    photos: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _one_thing(self) -> Step:
        if (self.task is None) == (self.send is None):
            message = "a step names either a task or a message to send"
            raise ValueError(message)
        return self


class Sample(Frozen):
    """One case: its request, when it reached us, and what people did since."""

    key: str = Field(pattern=r"^[a-z0-9-]{3,40}$")
    by: str
    received: str
    """How long before the play the request reached us."""
    photos: tuple[str, ...] = ()
    application: dict[str, Any]
    steps: tuple[Step, ...] = ()

    @model_validator(mode="after")
    def _readable(self) -> Sample:
        for length in (self.received, *(step.ago for step in self.steps if step.ago)):
            span(length)
        unknown = {name for photos in (self.photos, *(s.photos for s in self.steps)) for name in photos} - set(PHOTOS)
        if unknown:
            message = f"no such photo: {', '.join(sorted(unknown))}"
            raise ValueError(message)
        return self


def span(text: str) -> timedelta:
    """Reads “20 min”, “3 h” or “2 d”. Raises ValueError."""
    found = _LENGTH.fullmatch(text)
    if not found:
        message = f"{text!r} is not a length of time such as “20 min”"
        raise ValueError(message)
    return timedelta(**{_UNITS[found[2]]: int(found[1])})


def read_samples(folder: Path) -> list[Sample]:
    """Reads `folder/cases/*.toml` in the order of their names. Raises SampleInvalid naming the file."""
    samples = []
    for path in sorted((folder / "cases").glob("*.toml")):
        try:
            samples.append(Sample.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))))
        except (tomllib.TOMLDecodeError, ValidationError) as wrong:
            message = f"{path.name}: {wrong}"
            raise SampleInvalid(message) from None
    return samples


def dated(value: Any, now: datetime) -> Any:
    """Returns the value with every “now+2 h” in it replaced by that instant as RFC 3339."""
    if isinstance(value, dict):
        return {name: dated(inner, now) for name, inner in value.items()}
    if isinstance(value, list):
        return [dated(inner, now) for inner in value]
    found = _INSTANT.fullmatch(value) if isinstance(value, str) else None
    if not found:
        return value
    return _rfc3339(now + span(found[2]) * (1 if found[1] == "+" else -1))


async def play_samples(
    base_url: str,
    token_for: Callable[[str], str],
    folder: Path,
    progress: Callable[[str], None],
    now: Now = lambda: datetime.now(UTC),
) -> None:
    """Plays every sample that is not played yet, a few at once; one that fails is told and does not stop the others.

    `token_for` gives a bearer token for a sign-in name; `now` is the product's clock (virtual UTC), which times in
    the samples are relative to. Raises SampleInvalid before anything is played.
    """
    samples = read_samples(folder)
    turns = asyncio.Semaphore(_AT_ONCE)
    played = 0

    async with httpx.AsyncClient(base_url=base_url, timeout=30) as client:
        player = _Player(client, token_for, now)

        async def turn(sample: Sample) -> None:
            nonlocal played
            async with turns:
                try:
                    case_id = await player.play(sample)
                except (SampleFailed, httpx.HTTPError) as failed:
                    progress(f"Sample {sample.key} stopped: {failed}")
                else:
                    played += 1
                    progress(f"Sample case {played} of {len(samples)}: {case_id} ({sample.key})")

        await asyncio.gather(*(turn(sample) for sample in samples))


class _Player:
    """Speaks to the API as one person after another."""

    def __init__(self, client: httpx.AsyncClient, token_for: Callable[[str], str], now: Now) -> None:
        self._client = client
        self._token_for = token_for
        self._tokens: dict[str, str] = {}
        self._now = now

    async def play(self, sample: Sample) -> str:
        """Plays what is missing of one sample and returns its case id. Raises SampleFailed."""
        now = self._now()
        case_id = await self._find(sample) or await self._open(sample, now)
        recorded = await self._recorded(sample, case_id) if sample.steps else set()
        for number, step in enumerate(sample.steps, start=1):
            step_id = f"sample-{sample.key}-{number}"
            if step_id not in recorded:
                await (self._complete if step.task else self._send)(case_id, step, step_id, now)
        return case_id

    async def _find(self, sample: Sample) -> str | None:
        serial = sample.application["product"]["serial_number"]
        found = await self._call("GET", "/cases", sample.by, params={"q": serial})
        matches = [item["case_id"] for item in found["items"]]
        return matches[-1] if matches else None

    async def _open(self, sample: Sample, now: datetime) -> str:
        attachments = [await self._upload(name, sample.by) for name in sample.photos]
        received = _rfc3339(now - span(sample.received))
        body = {**dated(sample.application, now), "received_at": received, "attachments": attachments}
        key = {"Idempotency-Key": f"sample-{sample.key}"}
        opened = await self._call("POST", "/cases", sample.by, json=body, headers=key)
        return str(opened["case_id"])

    async def _recorded(self, sample: Sample, case_id: str) -> set[str]:
        """The ids of submissions and messages that the case's record names already."""
        ids: set[str] = set()
        cursor: str | None = None
        while True:
            params = {"cursor": cursor} if cursor else {}
            page = await self._call("GET", f"/cases/{case_id}/events", sample.by, params=params)
            for event in page["items"]:
                ids |= {str(event["data"][name]) for name in ("submission_id", "id") if event["data"].get(name)}
            cursor = page["next"]
            if not cursor:
                return ids

    async def _complete(self, case_id: str, step: Step, step_id: str, now: datetime) -> None:
        task_id = await self._open_task(case_id, step)
        outcome = dated(step.outcome, now)
        if step.photos:
            outcome["attachments"] = [await self._upload(name, step.by) for name in step.photos]
        body: dict[str, Any] = {"outcome": outcome, "submission_id": step_id}
        if step.ago:
            body["happened_at"] = _rfc3339(now - span(step.ago))
        if step.on_behalf_of:
            body["on_behalf_of"] = step.on_behalf_of
        await self._call("POST", f"/tasks/{task_id}/complete", step.by, json=body)

    async def _open_task(self, case_id: str, step: Step) -> str:
        loop = asyncio.get_running_loop()
        give_up = loop.time() + _TASK_WITHIN
        while loop.time() < give_up:
            tasks = await self._call("GET", "/tasks", step.by, params={"case_id": case_id})
            for task in tasks["items"]:
                if task["kind"] == step.task and task["state"] in ("ready", "reserved", "in_progress"):
                    return str(task["task_id"])
            await asyncio.sleep(_POLL)
        message = f"{case_id}: the task {step.task} did not come up"
        raise SampleFailed(message)

    async def _send(self, case_id: str, step: Step, step_id: str, now: datetime) -> None:
        fields = dated(step.fields, now)
        if step.photos:
            fields["attachments"] = [await self._upload(name, step.by) for name in step.photos]
        await self._call("POST", f"/cases/{case_id}/signals/{step.send}", step.by, json={**fields, "id": step_id})

    async def _upload(self, name: str, by: str) -> str:
        picture = await asyncio.to_thread(photo, name)
        stored = await self._call("POST", "/attachments", by, files={"file": (f"{name}.jpg", picture, "image/jpeg")})
        return str(stored["attachment_id"])

    async def _call(self, method: str, path: str, by: str, **how: Any) -> Any:
        """Returns the answer's JSON; asks again where a moment may help. Raises SampleFailed with what the API said."""
        if by not in self._tokens:
            self._tokens[by] = await asyncio.to_thread(self._token_for, by)
        headers = {**how.pop("headers", {}), "Authorization": f"Bearer {self._tokens[by]}"}
        said = ""
        for trial in range(_TRIES):
            try:
                answer = await self._client.request(method, f"/api/v1{path}", headers=headers, **how)
            except httpx.TransportError as away:
                said = f"the API cannot be reached ({type(away).__name__})"
            else:
                if answer.is_success:
                    return answer.json()
                said = f"{answer.status_code} {answer.text[:300]}"
                if answer.status_code not in _LATER:
                    break
            await asyncio.sleep(_POLL * (trial + 1))
        message = f"{method} {path}: {said}"
        raise SampleFailed(message)


def _rfc3339(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")
