"""A disk that is full, or nearly, refuses uploads clearly and keeps nothing half."""

from __future__ import annotations

import errno
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest

from store.incoming import _Partial
from store.s3_files import S3Files
from tests.api.house import PNG, House, application, problem
from tests.api.test_an_upload_goes_on_after_a_broken_line import MP4, Line

_Usage = namedtuple("_Usage", "total used free")


def kept(house: House) -> list[Path]:
    return [path for path in house.parts.settings.attachments.rglob("*") if path.is_file()]


def free(monkeypatch: pytest.MonkeyPatch, room: int) -> None:
    monkeypatch.setattr("store.incoming.shutil.disk_usage", lambda _: _Usage(1 << 40, (1 << 40) - room, room))


async def test_a_full_disk_refuses_and_keeps_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    real, written = _Partial.add, [0]

    def add(partial: Any, chunk: bytes) -> None:
        written[0] += len(chunk)
        if written[0] > 100_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(partial, chunk)

    monkeypatch.setattr(_Partial, "add", add)
    refused = await house.upload("lin", "noise.mp4", MP4 + b"\x00" * 100_000)
    assert "no room" in problem(refused, 507)["detail"]
    assert kept(house) == []
    monkeypatch.undo()
    assert (await house.upload("lin", "noise.mp4", MP4)).status_code == 201


async def test_the_last_of_the_disk_is_left_to_the_databases(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    spare = house.parts.settings.spare_disk_bytes
    free(monkeypatch, spare - 1)
    problem(await house.upload("lin", "a.png", PNG), 507)
    free(monkeypatch, spare + len(MP4) - 1)
    problem(await Line(house).begin(len(MP4)), 507)
    assert kept(house) == []
    free(monkeypatch, spare + len(MP4))
    assert (await Line(house).begin(len(MP4))).status_code == 201
    assert (await house.post("lin", "/cases", application())).status_code == 201


async def test_storage_that_is_away_refuses_and_keeps_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = house.parts.settings.model_copy(update={"files_url": "s3://bucket", "s3_endpoint": "http://127.0.0.1:1"})
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    stored = (await house.upload("lin", "a.png", PNG)).json()["attachment_id"]
    before = kept(house)
    object.__setattr__(house.parts, "files", S3Files(settings))
    assert "later" in problem(await house.upload("lin", "b.png", PNG), 503)["detail"]
    problem(await house.get("lin", f"/attachments/{stored}"), 503)
    problem(await house.get("lin", f"/attachments/{stored}/small"), 503)
    assert kept(house) == before
