"""A customer's video keeps picture and sound, byte for byte in place, and loses where and with what it was taken."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from store.disk_files import DiskFiles
from store.pictures import NotShown
from store.videos import bare_video

PICTURE, TRACE = b"PICTURE" * 9_000, b"GPS-TRACE"
SECRETS = (b"+30.2500+120.1500/", b"SecretMaker", TRACE)


def box(kind: bytes, *content: bytes, wide: bool = False) -> bytes:
    body = b"".join(content)
    return (
        struct.pack(">I4sQ", 1, kind, 16 + len(body)) + body
        if wide
        else struct.pack(">I4s", 8 + len(body), kind) + body
    )


def full(kind: bytes, *numbers: int, form: str = ">I") -> bytes:
    return box(kind, bytes(4), *(struct.pack(form, number) for number in numbers))


def track(handler: bytes, sizes: list[int], places: list[int], *more: bytes, each: int = 1, same: int = 0) -> bytes:
    stsz = full(b"stsz", same, len(sizes), *([] if same else sizes))
    stsc = full(b"stsc", 1, 1, each, 1)
    stbl = box(b"stbl", stsz, stsc, full(b"stco", len(places), *places))
    hdlr = box(b"hdlr", bytes(8), handler, bytes(12))
    return box(b"trak", box(b"tkhd", bytes(84)), box(b"mdia", hdlr, box(b"minf", stbl)), *more)


def video(*, each: int = 1, same: int = 0, wide: bool = False) -> bytes:
    """Picture first, then two chunks of timed metadata with a chunk of picture between them, tables at the end."""
    ftyp = box(b"ftyp", b"mp42", bytes(4), b"isommp42")
    start = len(ftyp) + (16 if wide else 8)
    chunk = TRACE * each
    mdat = box(b"mdat", PICTURE, chunk, PICTURE, chunk, wide=wide)
    one, two = start + len(PICTURE), start + 2 * len(PICTURE) + len(chunk)
    place = box(b"udta", box(b"\xa9xyz", b"\x00\x12\x15\xc7+30.2500+120.1500/"))
    keys = box(b"meta", box(b"ilst", b"SecretMaker"))
    shown = track(b"vide", [len(PICTURE)] * 2, [start, one + len(chunk)], place)
    traced = track(b"meta", [len(TRACE)] * 2 * each, [one, two], each=each, same=same)
    moov = box(b"moov", box(b"mvhd", bytes(100)), shown, traced, place, keys)
    return ftyp + mdat + moov + box(b"uuid", b"SecretMaker" * 3)


async def bared(tmp_path: Path, content: bytes, content_type: str = "video/mp4") -> bytes:
    files = DiskFiles(tmp_path)
    stored = await files.write(content)
    return b"".join([chunk async for chunk in bare_video(files, stored.sha256, content_type)])


@pytest.mark.parametrize(("each", "same"), [(1, 0), (3, 0), (3, len(TRACE))])
@pytest.mark.parametrize("wide", [False, True])
async def test_position_maker_and_traces_are_gone_and_the_picture_is_not(
    tmp_path: Path, each: int, same: int, wide: bool
) -> None:
    content = video(each=each, same=same, wide=wide)
    assert all(secret in content for secret in SECRETS)
    bare = await bared(tmp_path, content)
    assert [secret for secret in SECRETS if secret in bare] == []
    assert len(bare) == len(content)
    assert bare.count(PICTURE) == 2
    assert bare.index(PICTURE) == content.index(PICTURE)
    assert b"vide" in bare
    assert bare.count(b"free") == 5


async def test_what_says_nothing_of_it_is_given_as_it_came(tmp_path: Path) -> None:
    plain = box(b"ftyp", b"mp42") + box(b"moov", track(b"soun", [3], [100])) + box(b"mdat", b"sound")
    assert await bared(tmp_path, plain) == plain


BROKEN = {
    "a box longer than the file": box(b"ftyp", b"mp42") + struct.pack(">I4s", 500, b"moov") + bytes(8),
    "a box shorter than its head": box(b"ftyp", b"mp42") + struct.pack(">I4s", 3, b"moov") + bytes(80),
    "a box longer than the one around it": box(b"moov", struct.pack(">I4s", 99, b"udta")),
    "a head cut off": box(b"ftyp", b"mp42") + b"\x00\x00",
    "tables that are compressed": box(b"moov", box(b"cmov", bytes(20))),
    "a table longer than its box": box(b"moov", track(b"meta", [1], [1]).replace(b"stco\0\0\0\0\0", b"stco\0\0\0\0\7")),
}


@pytest.mark.parametrize("broken", BROKEN)
async def test_a_video_that_cannot_be_followed_is_not_given(tmp_path: Path, broken: str) -> None:
    with pytest.raises(NotShown):
        await bared(tmp_path, BROKEN[broken])


async def test_boxes_within_boxes_without_end_are_not_followed(tmp_path: Path) -> None:
    nested = b""
    for _ in range(3000):
        nested = box(b"moov", nested)
    with pytest.raises(NotShown):
        await bared(tmp_path, nested)


async def test_other_types_are_not_given(tmp_path: Path) -> None:
    with pytest.raises(NotShown):
        await bared(tmp_path, b"\x1aE\xdf\xa3", "video/webm")
