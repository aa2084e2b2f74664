"""A stored file is given whole or in the range that is asked for, and not again when it is known."""

from __future__ import annotations

import httpx
import pytest

from tests.api.house import House
from tests.api.test_an_upload_goes_on_after_a_broken_line import MP4

SIZE = len(MP4)


async def get(house: House, **headers: str) -> httpx.Response:
    stored = (await house.upload("lin", "noise.mp4", MP4)).json()["attachment_id"]
    asked = house.headers("lin") | {name.replace("_", "-"): value for name, value in headers.items()}
    return await house.client.get(f"/api/v1/attachments/{stored}", headers=asked)


@pytest.mark.parametrize(
    ("asked", "start", "stop"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        ("bytes=100-", 100, SIZE),
        ("bytes=-100", SIZE - 100, SIZE),
        (f"bytes=-{SIZE * 2}", 0, SIZE),
        (f"bytes=100-{SIZE * 2}", 100, SIZE),
    ],
)
async def test_a_range_is_given(house: House, asked: str, start: int, stop: int) -> None:
    part = await get(house, range=asked)
    assert part.status_code == 206
    assert part.content == MP4[start:stop]
    assert part.headers["content-range"] == f"bytes {start}-{stop - 1}/{SIZE}"
    assert part.headers["content-length"] == str(stop - start)


@pytest.mark.parametrize("asked", [f"bytes={SIZE}-", "bytes=9-5", "bytes=-0"])
async def test_a_range_that_is_not_there_is_refused(house: House, asked: str) -> None:
    refused = await get(house, range=asked)
    assert (refused.status_code, refused.content) == (416, b"")
    assert refused.headers["content-range"] == f"bytes */{SIZE}"


@pytest.mark.parametrize("asked", ["bytes=-", "lines=1-2", "bytes=0-1,5-6", "bytes=x-y", "", "bytes=" + "9" * 40 + "-"])
async def test_what_is_no_range_gets_the_whole_file(house: House, asked: str) -> None:
    whole = await get(house, range=asked)
    assert (whole.status_code, whole.content) == (200, MP4)
    assert whole.headers["accept-ranges"] == "bytes"


async def test_a_file_that_is_known_is_not_sent_again(house: House) -> None:
    tag = (await get(house)).headers["etag"]
    known = await get(house, if_none_match=f'"other", {tag}')
    assert (known.status_code, known.content) == (304, b"")
    assert (await get(house, range="bytes=0-9", if_range=tag)).status_code == 206
    assert (await get(house, range="bytes=0-9", if_range='"other"')).status_code == 200
