from __future__ import annotations

import asyncio
import base64
import errno
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, BinaryIO

import httpx
import pytest
from starlette.requests import ClientDisconnect

from api.actions import resumable
from api.actions.resumable import KEPT, forget_old_uploads, upload_folder
from tests.api.house import House, paths, problem

MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42" + bytes(range(256)) * 400


def kept(house: House) -> list[Path]:
    return [path for path in house.parts.settings.attachments.rglob("*") if path.is_file()]


class Line:
    """What a tus client sends."""

    def __init__(self, house: House, user: str = "lin") -> None:
        self.house, self.headers = house, house.headers(user) | {"Tus-Resumable": "1.0.0"}

    async def begin(self, size: int, name: str = "noise.mp4") -> httpx.Response:
        metadata = f"filename {base64.b64encode(name.encode()).decode()}"
        headers = self.headers | {"Upload-Length": str(size), "Upload-Metadata": metadata}
        return await self.house.client.post("/api/v1/attachments/resumable", headers=headers)

    async def send(self, where: str, offset: int, content: Any) -> httpx.Response:
        kind = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
        return await self.house.client.patch(where, headers=self.headers | kind, content=content)

    async def look(self, where: str) -> httpx.Response:
        return await self.house.client.head(where, headers=self.headers)


async def test_a_video_sent_in_parts_is_one_file(house: House) -> None:
    line = Line(house)
    begun = await line.begin(len(MP4))
    assert begun.status_code == 201
    where = begun.headers["location"]
    first = await line.send(where, 0, MP4[:50_000])
    assert (first.status_code, first.headers["upload-offset"]) == (204, "50000")
    assert (await line.look(where)).headers["upload-offset"] == "50000"
    last = await line.send(where, 50_000, MP4[50_000:])
    stored = last.headers["attachment-id"]
    assert (await line.look(where)).headers["attachment-id"] == stored
    assert (await line.send(where, 50_000, MP4[50_000:])).headers["attachment-id"] == stored
    assert (await house.get("lin", f"/attachments/{stored}")).content == MP4


async def test_what_came_before_the_line_broke_is_kept(house: House) -> None:
    line = Line(house)
    where = (await line.begin(len(MP4))).headers["location"]

    async def breaks() -> AsyncIterator[bytes]:
        yield MP4[:30_000]
        raise ClientDisconnect

    problem(await line.send(where, 0, breaks()), 400)
    here = int((await line.look(where)).headers["upload-offset"])
    assert here == 30_000
    assert "attachment-id" in (await line.send(where, here, MP4[here:])).headers


async def test_a_part_at_another_place_is_refused_with_where_to_go_on(house: House) -> None:
    line = Line(house)
    where = (await line.begin(len(MP4))).headers["location"]
    await line.send(where, 0, MP4[:100])
    assert "100 bytes" in problem(await line.send(where, 50, MP4[50:]), 409)["detail"]
    problem(await line.send(where, 100, MP4[100:] + b"more"), 413)
    assert paths(await line.send(where, -1, b"x")) == {"upload-offset"}


async def test_what_is_not_kept_otherwise_is_not_kept_in_parts(house: House) -> None:
    line = Line(house)
    where = (await line.begin(100, "noise.mp4")).headers["location"]
    problem(await line.send(where, 0, b"x" * 100), 415)
    assert (await line.look(where)).status_code == 404
    problem(await line.begin(house.parts.settings.max_video_bytes + 1), 413)
    assert paths(await line.begin(0)) == {"Upload-Length"}


async def test_an_upload_is_its_beginners_alone(house: House) -> None:
    where = (await Line(house).begin(len(MP4))).headers["location"]
    assert (await Line(house, "bai").look(where)).status_code == 404
    problem(await Line(house, "bai").send(where, 0, MP4), 404)
    assert (await Line(house).look("/api/v1/attachments/resumable/..%2f..%2fx")).status_code == 404
    problem(await Line(house, "audit").begin(10), 403)


async def test_the_protocol_is_spoken_as_it_is_written(house: House) -> None:
    address, line = "/api/v1/attachments/resumable", Line(house)
    told = await house.client.options(address)
    assert (told.status_code, told.headers["tus-version"]) == (204, "1.0.0")
    assert told.headers["tus-extension"] == "creation,expiration,termination"
    assert told.headers["tus-max-size"] == str(house.parts.settings.max_video_bytes)
    begun = await line.begin(len(MP4))
    where, metadata = begun.headers["location"], f"filename {base64.b64encode(b'noise.mp4').decode()}"
    here = await line.look(where)
    assert here.headers["upload-metadata"] == metadata
    assert here.headers["cache-control"] == "no-store"
    assert here.headers["upload-expires"].endswith("GMT")
    other = await house.client.head(where, headers=house.headers("lin") | {"Tus-Resumable": "0.2.2"})
    assert (other.status_code, other.headers["tus-version"]) == (412, "1.0.0")
    for answer in (told, begun, here, other, await line.look(address + "/none")):
        assert answer.headers["tus-resumable"] == "1.0.0"


async def test_patch_and_delete_can_be_said_by_post(house: House) -> None:
    line = Line(house)
    where = (await line.begin(len(MP4))).headers["location"]
    spoken = line.headers | {"X-HTTP-Method-Override": "PATCH", "Content-Type": "application/offset+octet-stream"}
    half = await house.client.post(where, headers=spoken | {"Upload-Offset": "0"}, content=MP4[:100])
    assert (half.status_code, half.headers["upload-offset"]) == (204, "100")
    ended = await house.client.post(where, headers=line.headers | {"X-HTTP-Method-Override": "DELETE"})
    assert ended.status_code == 204
    problem(await house.client.post(where, headers=line.headers), 404)


async def test_an_upload_that_is_ended_is_forgotten(house: House) -> None:
    line = Line(house)
    where = (await line.begin(len(MP4))).headers["location"]
    await line.send(where, 0, MP4[:100])
    assert (await house.client.delete(where, headers=line.headers)).status_code == 204
    assert (await line.look(where)).status_code == 404
    assert kept(house) == []


async def test_of_two_writers_at_once_one_is_told_to_wait(house: House) -> None:
    line = Line(house)
    where = (await line.begin(len(MP4))).headers["location"]
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield MP4[:1000]
        begun.set()
        await go_on.wait()
        yield MP4[1000:]

    first = asyncio.create_task(line.send(where, 0, slowly()))
    await begun.wait()
    problem(await line.send(where, 0, MP4), 409)
    problem(await house.client.delete(where, headers=line.headers), 409)
    go_on.set()
    stored = (await first).headers["attachment-id"]
    assert (await house.get("lin", f"/attachments/{stored}")).content == MP4


async def test_a_dead_line_does_not_keep_the_next_part_out(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.actions.resumable.STALL", 0.2)
    line = Line(house)
    where = (await line.begin(len(MP4))).headers["location"]

    async def dies() -> AsyncIterator[bytes]:
        yield MP4[:1000]
        await asyncio.sleep(30)

    problem(await line.send(where, 0, dies()), 503)
    assert (await line.look(where)).headers["upload-offset"] == "1000"
    assert "attachment-id" in (await line.send(where, 1000, MP4[1000:])).headers


async def test_what_cannot_be_kept_is_told_at_its_first_bytes(house: House) -> None:
    line = Line(house)
    where = (await line.begin(350_000, "scan.pdf")).headers["location"]
    problem(await line.send(where, 0, b"%PDF-1.7\n" + b"x" * 1000), 413)
    assert (await line.look(where)).status_code == 404


async def test_a_disk_that_fills_up_keeps_what_came(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    line, room = Line(house), [3000]
    where = (await line.begin(len(MP4))).headers["location"]
    real = resumable._write

    def write(file: BinaryIO, chunk: bytes) -> None:
        if room[0] < len(chunk):
            real(file, chunk[: room[0]])
            room[0] = 0
            raise OSError(errno.ENOSPC, "No space left on device")
        real(file, chunk)

    monkeypatch.setattr(resumable, "_write", write)
    assert "what came is kept" in problem(await line.send(where, 0, MP4), 507)["detail"]
    assert (await line.look(where)).headers["upload-offset"] == "3000"
    room[0] = len(MP4)
    stored = (await line.send(where, 3000, MP4[3000:])).headers["attachment-id"]
    assert (await house.get("lin", f"/attachments/{stored}")).content == MP4


async def test_nobody_begins_without_end(house: House) -> None:
    line = Line(house)
    assert {(await line.begin(len(MP4))).status_code for _ in range(20)} == {201}
    problem(await line.begin(len(MP4)), 409)
    assert (await Line(house, "bai").begin(len(MP4))).status_code == 201


async def test_an_upload_that_nobody_goes_on_with_is_forgotten(house: House) -> None:
    line, folder = Line(house), upload_folder(house.parts.settings)
    where = (await line.begin(len(MP4))).headers["location"]
    young = (await line.begin(len(MP4))).headers["location"]
    await line.send(where, 0, MP4[:100])
    part = folder / f"{where.rpartition('/')[2]}.part"
    old = part.stat().st_mtime - KEPT - 1
    os.utime(part, (old, old))
    assert forget_old_uploads(folder, dry_run=True) == 1
    assert forget_old_uploads(folder) == 1
    assert (await line.look(where)).status_code == 404
    assert (await line.look(young)).status_code == 200
