"""The file store against a real S3-compatible server process."""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from core.errors import NotConfigured
from core.settings import Settings
from store.files import FileStore, FileTooLarge, StoreAway, open_files
from tests.support.s3_server import s3_server


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with s3_server() as address:
        yield address


def opened(tmp_path: Path, address: str, url: str = "s3://bucket/files") -> FileStore:
    settings = Settings(home=tmp_path, files_url=url, s3_endpoint=address, spare_disk_bytes=0)
    return open_files(settings)


@pytest.fixture
def store(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> FileStore:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    return opened(tmp_path, server)


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def test_a_stream_comes_back_whole_and_in_parts(store: FileStore) -> None:
    stored = await store.write(chunks(b"one", b"two", b"three"))
    assert await store.size(stored.sha256) == 11
    assert await store.read(stored.sha256) == b"onetwothree"
    for start, stop in ((3, 6), (6, None), (0, 1), (4, 4)):
        part = b"".join([one async for one in store.stream(stored.sha256, start, stop)])
        assert part == b"onetwothree"[start:stop]
    assert list(store.incoming.iterdir()) == []


async def test_a_large_file_is_sent_in_parts(store: FileStore) -> None:
    piece = os.urandom(1024 * 1024)
    stored = await store.write(chunks(*[piece] * 20))
    assert await store.size(stored.sha256) == 20 * 1024 * 1024
    tail = b"".join([one async for one in store.stream(stored.sha256, 19 * 1024 * 1024)])
    assert tail == piece


async def test_the_same_content_is_kept_once_and_listed_with_its_time(store: FileStore) -> None:
    stored = await asyncio.gather(*(store.write(b"same") for _ in range(5)))
    assert len(set(stored)) == 1
    await store.write_derived(stored[0].sha256, "small.webp", b"small")
    listed = [one async for one in store.kept() if one.sha256 == stored[0].sha256]
    assert len(listed) == 1
    assert abs(listed[0].at.timestamp() - time.time()) < 600


async def test_what_is_removed_goes_with_what_was_made_of_it(store: FileStore) -> None:
    stored = await store.write(b"gone soon")
    assert await store.read_derived(stored.sha256, "small.webp") is None
    await store.write_derived(stored.sha256, "small.webp", b"small")
    assert await store.read_derived(stored.sha256, "small.webp") == b"small"
    for _ in range(2):  # what is not there is no error
        await store.delete(stored.sha256)
    assert not await store.holds(stored.sha256)
    assert await store.read_derived(stored.sha256, "small.webp") is None
    with pytest.raises(FileNotFoundError):
        await store.read(stored.sha256)


async def test_a_stream_that_is_too_long_or_breaks_leaves_nothing(store: FileStore) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionError

    before = [one async for one in store.kept()]
    with pytest.raises(FileTooLarge):
        await store.write(chunks(b"12345", b"6"), limit=5)
    with pytest.raises(ConnectionError):
        await store.write(broken())
    assert [one async for one in store.kept()] == before
    assert list(store.incoming.iterdir()) == []


async def test_storage_that_is_away_or_lacks_the_bucket_is_told_as_such(
    tmp_path: Path, server: str, store: FileStore
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = opened(tmp_path, f"http://127.0.0.1:{nobody.getsockname()[1]}")
        with pytest.raises(StoreAway):
            await away.write(b"photo")
        with pytest.raises(StoreAway):
            await away.read("0" * 64)
    with pytest.raises(StoreAway, match="not found"):
        await opened(tmp_path, server, "s3://missing").write(b"photo")
    assert await store.size("0" * 64) is None


@pytest.mark.parametrize("url", ["bucket", "s3://", "http://bucket/x", "s3://bucket/x?y=1"])
def test_a_wrong_address_is_told_at_the_start(tmp_path: Path, url: str) -> None:
    with pytest.raises(NotConfigured, match="AFTERCARE_FILES_URL"):
        opened(tmp_path, "", url)


async def test_only_a_hash_names_an_object(store: FileStore) -> None:
    for name in ("", "..", "../" * 5, "A" * 64):
        with pytest.raises(ValueError, match="SHA-256"):
            await store.size(name)
