"""The file store: content once, under its hash, whole or not at all."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from store.disk_files import DiskFiles
from store.files import FileTooLarge


def files_in(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.rglob("*") if path.is_file()]


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_a_stream_lies_under_its_hash(tmp_path: Path) -> None:
    store = DiskFiles(tmp_path)
    stored = await store.write(chunks(b"one", b"two"))
    assert stored.sha256 == hashlib.sha256(b"onetwo").hexdigest()
    assert stored.size == 6
    assert store.path(stored.sha256) == tmp_path / stored.sha256[:2] / stored.sha256[2:4] / stored.sha256
    assert await store.read(stored.sha256) == b"onetwo"


async def test_the_same_content_is_kept_once_also_when_written_at_once(tmp_path: Path) -> None:
    store = DiskFiles(tmp_path)
    stored = await asyncio.gather(*(store.write(b"same") for _ in range(20)))
    assert len(set(stored)) == 1
    assert files_in(tmp_path) == [b"same"]


async def test_a_stream_beyond_its_limit_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FileTooLarge):
        await DiskFiles(tmp_path).write(chunks(b"12345", b"6"), limit=5)
    assert not files_in(tmp_path)


async def test_a_stream_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await DiskFiles(tmp_path).write(broken())
    assert not files_in(tmp_path)


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 65])
def test_only_a_hash_names_a_file(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        DiskFiles(tmp_path).path(name)
