"""Videos for customers: an MP4 or MOV as it came, except for where and with what it was taken.

Position, camera and the maker's notes lie in boxes of their own (`udta`, `meta`, `uuid`) and in tracks of timed
metadata. They are overwritten with nothing of the same length, so that the picture's own bytes stay where the tables
say they are. The time of recording stays, in the heads of the tracks.
"""

from __future__ import annotations

import asyncio
import struct
from collections import deque
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from itertools import islice, repeat

from store.files import FileStore
from store.pictures import NotShown

BARED = frozenset({"video/mp4", "video/quicktime", "video/3gpp"})
"""The types that can be given bare; in others nobody knows where a position may be."""
_SECRET = (b"udta", b"meta", b"uuid")
_WITHIN = (b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf")
_SHOWN_TRACKS = (b"vide", b"soun", b"text", b"sbtl", b"subt", b"clcp", b"tmcd")
_MOST_TABLES = 64 * 1024 * 1024
_MOST_BOXES = 100_000
_DEEPEST = 8
_HEAD = 16


@dataclass(frozen=True)
class _Box:
    """One box: `start` of its header, `body` of its content, `stop` after it, counted from the file's first byte."""

    kind: bytes
    start: int
    body: int
    stop: int


@dataclass(frozen=True, order=True)
class _Patch:
    """Bytes to be written over what is there; without `text` as many zeros as `length` says."""

    start: int
    length: int
    text: bytes = b""


async def bare_video(files: FileStore, sha256: str, content_type: str) -> AsyncGenerator[bytes]:
    """Gives a stored video without position, camera and timed metadata, byte for byte as long as it was.

    Raises NotShown before the first byte for another type and for a file whose boxes cannot be followed,
    FileNotFoundError, StoreAway.
    """
    size = await files.size(sha256)
    if size is None:
        raise FileNotFoundError(sha256)
    if content_type not in BARED:
        raise NotShown(content_type)
    try:
        patches = deque(sorted(await _patches(files, sha256, size)))
    except (struct.error, IndexError) as broken:
        raise NotShown(type(broken).__name__) from None
    at = 0
    async with aclosing(files.stream(sha256)) as chunks:
        async for chunk in chunks:
            yield _patched(chunk, at, patches)
            at += len(chunk)


def _patched(chunk: bytes, at: int, patches: deque[_Patch]) -> bytes:
    """A chunk at its place with what is to be written over it; patches that lie before it are dropped."""
    while patches and patches[0].start + patches[0].length <= at:
        patches.popleft()
    changed = bytearray(chunk)
    for patch in patches:
        if patch.start >= at + len(chunk):
            break
        first, last = max(patch.start, at), min(patch.start + patch.length, at + len(chunk))
        if first < last:
            text = patch.text[first - patch.start : last - patch.start] if patch.text else bytes(last - first)
            changed[first - at : last - at] = text
    return bytes(changed)


async def _patches(files: FileStore, sha256: str, size: int) -> list[_Patch]:
    found: list[_Patch] = []
    at = boxes = 0
    while at < size:
        boxes += 1
        head = await _read(files, sha256, at, min(at + _HEAD, size))
        box = _box(head, 0, at, size)
        if boxes > _MOST_BOXES:
            raise NotShown("too many boxes")
        if box.kind in _SECRET:
            found += _emptied(box)
        elif box.kind in _WITHIN:
            if box.stop - box.start > _MOST_TABLES:
                raise NotShown("tables too large")
            content = await _read(files, sha256, box.start, box.stop)
            found += await asyncio.to_thread(_within, content, box, box.start)
        at = box.stop
    return found


async def _read(files: FileStore, sha256: str, start: int, stop: int) -> bytes:
    async with aclosing(files.stream(sha256, start, stop)) as chunks:
        return b"".join([chunk async for chunk in chunks])


def _box(content: bytes, at: int, offset: int, limit: int) -> _Box:
    """The box at `at` of a content that begins at `offset` of the file. Raises NotShown where it does not fit."""
    length, kind = struct.unpack_from(">I4s", content, at)
    start, body = offset + at, offset + at + 8
    if length == 1:
        (length,) = struct.unpack_from(">Q", content, at + 8)
        body += 8
    stop = limit if length == 0 else start + length
    if not body <= stop <= limit:
        raise NotShown("a box does not fit into the one around it")
    return _Box(kind, start, body, stop)


def _inner(content: bytes, box: _Box, offset: int) -> Iterator[_Box]:
    at = box.body
    while at + 8 <= box.stop:
        inner = _box(content, at - offset, offset, box.stop)
        yield inner
        at = inner.stop


def _emptied(box: _Box) -> list[_Patch]:
    """A box that says nothing any more: `free`, and its content zeros."""
    return [_Patch(box.start + 4, 4, b"free"), _Patch(box.body, box.stop - box.body)]


def _within(content: bytes, box: _Box, offset: int, depth: int = 0) -> list[_Patch]:
    found: list[_Patch] = []
    if depth > _DEEPEST:
        raise NotShown("boxes within boxes without end")
    for inner in _inner(content, box, offset):
        if inner.kind in _SECRET:
            found += _emptied(inner)
        elif inner.kind == b"cmov":
            raise NotShown("its tables are compressed")
        elif inner.kind == b"trak" and _handler(content, inner, offset) not in _SHOWN_TRACKS:
            found += [*_samples(content, inner, offset), *_emptied(inner)]
        elif inner.kind in _WITHIN:
            found += _within(content, inner, offset, depth + 1)
    return found


def _find(content: bytes, box: _Box, offset: int, *path: bytes) -> _Box | None:
    for inner in _inner(content, box, offset):
        if inner.kind == path[0]:
            return inner if len(path) == 1 else _find(content, inner, offset, *path[1:])
    return None


def _handler(content: bytes, track: _Box, offset: int) -> bytes:
    """What a track holds: picture, sound, or something else."""
    handler = _find(content, track, offset, b"mdia", b"hdlr")
    return content[handler.body - offset + 8 : handler.body - offset + 12] if handler else b""


def _samples(content: bytes, track: _Box, offset: int) -> Iterator[_Patch]:
    """Zeros over the samples of a track, found by its tables."""
    table = _find(content, track, offset, b"mdia", b"minf", b"stbl")
    if table is None:
        return
    sizes = _sizes(content, table, offset)
    first_chunks = _numbers(content, _find(content, table, offset, b"stsc"), offset, ">III", 4)
    wide = _find(content, table, offset, b"co64")
    narrow = _find(content, table, offset, b"stco")
    places = _numbers(content, wide or narrow, offset, ">Q" if wide else ">I", 4)
    run = 0
    for number, (place,) in enumerate(places, 1):
        while run + 1 < len(first_chunks) and first_chunks[run + 1][0] <= number:
            run += 1
        if not first_chunks:
            raise NotShown("samples without a table")
        yield _Patch(place, sum(islice(sizes, first_chunks[run][1])))


def _sizes(content: bytes, table: _Box, offset: int) -> Iterator[int]:
    box = _find(content, table, offset, b"stsz")
    if box is None:
        raise NotShown("samples without sizes")
    same, count = struct.unpack_from(">II", content, box.body - offset + 4)
    if same:
        return repeat(same, min(count, _MOST_TABLES))
    return iter([one for (one,) in _numbers(content, box, offset, ">I", 8)])


def _numbers(content: bytes, box: _Box | None, offset: int, form: str, count_at: int) -> list[tuple[int, ...]]:
    """The rows of a table whose number of rows stands `count_at` bytes into its content."""
    if box is None:
        return []
    (count,) = struct.unpack_from(">I", content, box.body - offset + count_at)
    first, step = box.body - offset + count_at + 4, struct.calcsize(form)
    if first + count * step > box.stop - offset:
        raise NotShown("a table is longer than its box")
    return [struct.unpack_from(form, content, first + row * step) for row in range(count)]
