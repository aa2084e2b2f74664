"""Where archives lie: the same names and promises in a folder and in S3-compatible storage."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli import app
from core.errors import NotConfigured
from core.keys import CaseKey
from core.settings import Settings
from core.signing import SigningKeys, public_json
from store.archives.assembling import ArchivedFile, assemble
from store.archives.checking import check
from store.archives.content import check_content
from store.archives.places import ArchiveFolder, Archives, open_archives
from store.archives.reading import ArchiveReader
from store.files import StoreAway
from tests.support.archives import MADE_BY, contents, make_archive
from tests.support.s3_server import s3_server

NAME = "2026/C-0000000001.aftercare"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with s3_server() as address:
        yield address


@pytest.fixture(params=["folder", "bucket"])
def settings(request: pytest.FixtureRequest, tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    if request.param == "bucket":
        monkeypatch.setenv("AFTERCARE_ARCHIVE_URL", f"s3://bucket/{tmp_path.name}")
        monkeypatch.setenv("AFTERCARE_S3_ENDPOINT", server)
    return Settings(home=tmp_path / "home")


@pytest.fixture
def archives(settings: Settings) -> Archives:
    return open_archives(settings)


async def put(archives: Archives, content: bytes, name: str = NAME) -> None:
    async with archives.desk() as desk:
        (desk / "one").write_bytes(content)
        await archives.put(desk / "one", name)


async def test_what_was_put_is_found_given_and_removed(archives: Archives) -> None:
    await put(archives, b"first")
    await put(archives, b"second")
    await put(archives, b"other", "2025/C-0000000002.aftercare")
    assert [name async for name in archives.names()] == ["2025/C-0000000002.aftercare", NAME]
    assert await archives.find("C-0000000001") == NAME
    assert await archives.find("C-0000000003") is None
    assert b"".join([part async for part in archives.stream(NAME)]) == b"second"
    async with archives.local(NAME) as file:
        assert file.read_bytes() == b"second"
        assert file.name == "C-0000000001.aftercare"
    await archives.delete(NAME)
    await archives.delete(NAME)
    assert await archives.find("C-0000000001") is None


async def test_what_is_not_there_is_missing(archives: Archives) -> None:
    with pytest.raises(FileNotFoundError):
        async with archives.local(NAME):
            pass
    with pytest.raises(FileNotFoundError):
        [part async for part in archives.stream(NAME)]
    assert [name async for name in archives.names()] == []


async def test_a_desk_leaves_nothing_behind(archives: Archives, tmp_path: Path) -> None:
    async with archives.desk() as desk:
        (desk / "half").write_bytes(b"half of it")
    assert not desk.exists()
    assert [name async for name in archives.names()] == []


async def test_what_a_killed_process_left_is_swept_away_after_a_day(tmp_path: Path) -> None:
    old, new = tmp_path / ".writing-old", tmp_path / ".writing-new"
    for folder in (old, new):
        folder.mkdir()
        (folder / "half").write_bytes(b"half of it")
    os.utime(old, (0, 0))
    async with ArchiveFolder(tmp_path).desk():
        pass
    assert not old.exists()
    assert new.exists(), "somebody may still write there"


async def test_a_case_number_is_verified_wherever_its_archive_lies(
    settings: Settings, archives: Archives, tmp_path: Path, signing: SigningKeys, key: CaseKey
) -> None:
    path, _ = await asyncio.to_thread(make_archive, tmp_path, signing, key)
    await put(archives, path.read_bytes())
    trusted = tmp_path / "keys.json"
    trusted.write_text(json.dumps(public_json(signing.known)))
    command = ["audit", "verify", "C-0000000001", "--trust", str(trusted), "--home", str(settings.home)]
    done = await asyncio.to_thread(CliRunner().invoke, app, command)
    assert done.stdout.startswith("C-0000000001: nothing found"), done.output


async def test_a_bucket_that_is_not_there_is_told(tmp_path: Path, server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "tests")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "tests")
    archives = open_archives(Settings(home=tmp_path, archive_url="s3://nowhere", s3_endpoint=server))
    with pytest.raises(StoreAway):
        await put(archives, b"x")


@pytest.mark.parametrize("url", ["ftp://x/y", "relative/folder", "s3://", "s3://b?x=1"])
def test_an_address_that_is_none_is_told(tmp_path: Path, url: str) -> None:
    with pytest.raises(NotConfigured, match="AFTERCARE_ARCHIVE_URL"):
        open_archives(Settings(home=tmp_path, archive_url=url))


async def test_no_attachment_is_ever_in_memory_whole(tmp_path: Path, signing: SigningKeys, key: CaseKey) -> None:
    piece, times = bytes(range(256)) * 4096, 48
    digest = hashlib.sha256(piece * times).hexdigest()

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(times):
            yield piece

    name = "attachments/F-1ABCDEFGHJK"
    large = ArchivedFile(name, "sent in", "video/mp4", len(piece) * times, {"sha256": digest, "size": 1}, chunks)
    path = tmp_path / "C-0000000001.aftercare"
    tracemalloc.start()
    try:
        await assemble(path, contents(files=[large]), MADE_BY, key, signing)
        checked = check(path, [signing.current])
        with ArchiveReader(path) as reader:
            check_content(reader, key, checked)
        _, highest = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [one for one in checked.findings if one.place == name] == []
    assert path.stat().st_size > len(piece) * times
    assert highest < len(piece) * times / 3
