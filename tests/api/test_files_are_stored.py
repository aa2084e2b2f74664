from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from PIL import Image

from api.sniff import type_of
from tests.api.house import PNG, House, paths, problem

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n" + b"x" * 2000
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42" + b"\x00" * 5000


def _jpeg(width: int = 40, height: int = 30) -> bytes:
    made = io.BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(made, "JPEG")
    return made.getvalue()


def _kept(house: House) -> list[Path]:
    return [path for path in house.parts.settings.attachments.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "content", "kind", "how"),
    [
        ("blade.jpg", _jpeg(), "image/jpeg", "inline"),
        ("blade.png", PNG, "image/png", "inline"),
        ("report.PDF", PDF, "application/pdf", "attachment"),
        ("noise.mp4", MP4, "video/mp4", "inline"),
    ],
)
async def test_a_file_comes_back_as_it_went_in(house: House, name: str, content: bytes, kind: str, how: str) -> None:
    stored = await house.upload("lin", name, content, "application/octet-stream")
    assert stored.status_code == 201, stored.text
    assert stored.json()["content_type"] == kind
    assert stored.json()["size"] == len(content)
    back = await house.get("zhou", f"/attachments/{stored.json()['attachment_id']}")
    assert back.content == content
    assert back.headers["content-type"] == kind
    assert back.headers["content-disposition"].startswith(how)
    assert back.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in back.headers["content-security-policy"]


async def test_equal_files_are_kept_once_under_two_names(house: House) -> None:
    ids = {(await house.upload("lin", name, PNG)).json()["attachment_id"] for name in ("a.png", "b.png")}
    assert len(ids) == 2
    assert len(_kept(house)) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.jpg", b"only text that calls itself a photo"),
        ("photo.jpg", b"<html><script>alert(1)</script></html>"),
        ("drawing.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("photo.jpg", PDF),
        ("photo.png", _jpeg()),
        ("photo.jpg", _jpeg()[:20]),
        ("photo.png", PNG[:30]),
        ("program.exe", b"MZ" + b"\x00" * 100),
        ("archive.zip", b"PK\x03\x04" + b"\x00" * 100),
    ],
)
async def test_a_file_that_is_not_what_it_says_is_refused_and_not_kept(house: House, name: str, content: bytes) -> None:
    assert paths(await house.upload("lin", name, content, "image/jpeg"), 415) == {"file"}
    assert _kept(house) == []


async def test_an_empty_file_and_no_file_are_refused(house: House) -> None:
    assert paths(await house.upload("lin", "a.png", b"")) == {"file"}
    assert paths(await house.post("lin", "/attachments", files={"photo": ("a.png", PNG)})) == {"file"}
    problem(await house.post("lin", "/attachments", content=PNG, headers={"Content-Type": "image/png"}), 415)
    broken = {"Content-Type": "multipart/form-data; boundary=xyz"}
    problem(await house.post("lin", "/attachments", content=b"no boundary here", headers=broken), 400)
    cut = b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n' + PNG
    problem(await house.post("lin", "/attachments", content=cut, headers=broken), 400)
    assert _kept(house) == []


async def test_a_photo_that_is_too_large_is_refused_long_before_its_end(house: House) -> None:
    limit = house.parts.settings.max_photo_bytes
    too_large = _jpeg() + b"\x00" * limit
    assert "photo" in problem(await house.upload("lin", "big.jpg", too_large), 413)["detail"]
    told = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal told
        yield b'--xyz\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n' + _jpeg()
        for _ in range(3000):
            told += 65_536
            yield b"\x00" * 65_536

    headers = {"Content-Type": "multipart/form-data; boundary=xyz"}
    problem(await house.post("lin", "/attachments", content=endless(), headers=headers), 413)
    assert told < 70 * 1024 * 1024
    assert _kept(house) == []


async def test_each_kind_of_file_has_its_own_limit(house: House) -> None:
    assert (await house.upload("lin", "a.mp4", MP4 + b"\x00" * 350_000)).status_code == 201
    problem(await house.upload("lin", "a.mp4", MP4 + b"\x00" * 400_000), 413)
    problem(await house.upload("lin", "a.pdf", PDF + b"\x00" * 350_000), 413)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.png", "passwd.png"),
        ("C:\\photos\\blade.png", "blade.png"),
        ("刀片.png", "刀片.png"),
        ("a\u202egnp.exe", "agnp.exe.png"),
        ("page.html", "page.html.png"),
        ("x" * 300 + ".png", "x" * 120 + ".png"),
        (" . ", "photo.png"),
    ],
)
async def test_a_file_gets_a_name_that_harms_nobody(house: House, name: str, shown: str) -> None:
    stored = (await house.upload("lin", name, PNG)).json()
    assert stored["file_name"] == shown
    assert (await house.get("lin", f"/attachments/{stored['attachment_id']}")).status_code == 200


def test_types_are_told_by_their_first_bytes() -> None:
    assert type_of(b"RIFF\x00\x00\x00\x00WEBPVP8 ") is not None
    assert type_of(b"\x1aE\xdf\xa3") is not None
    assert type_of(b"\x00\x00\x00\x14ftypqt  ") is not None
    assert type_of(b"\x00\x00\x00\x14ftypevil") is None
    assert type_of(b"") is None
