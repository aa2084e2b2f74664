from __future__ import annotations

import base64
from collections.abc import AsyncIterator
from typing import Any

import httpx
from starlette.requests import ClientDisconnect

from tests.api.house import House, paths, problem

MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42" + bytes(range(256)) * 400


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
