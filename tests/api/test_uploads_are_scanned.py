"""What the virus scanner refuses is not kept, and without its answer nothing is."""

from __future__ import annotations

import asyncio
import shlex
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from api.scanning import Scanner
from core.errors import NotConfigured
from core.settings import Settings
from tests.api.house import PNG, House, paths, problem
from tests.api.test_an_upload_goes_on_after_a_broken_line import MP4, Line

# the test file of all scanners, put together here so that none of them takes this file for it
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
VIRUS = b"%PDF-1.7\n" + EICAR


def scanning(house: House, setting: str, timeout: float = 20.0) -> None:
    """Has the house scan from now on."""
    settings = house.parts.settings.model_copy(update={"virus_scan": setting, "virus_scan_timeout": timeout})
    house.parts = house.app.state.parts = replace(house.parts, scanner=Scanner(settings))


def kept(house: House) -> list[Path]:
    return [path for path in house.parts.settings.attachments.rglob("*") if path.is_file()]


def command(script: str) -> str:
    return "exec:" + shlex.join([sys.executable, "-c", script])


FINDS = command("import sys; bad = b'EICAR' in open(sys.argv[1], 'rb').read(); bad and print(sys.argv[1] + ': Test-Virus FOUND'); sys.exit(bad)")  # fmt: skip  # noqa: E501


class Clamd:
    """Speaks INSTREAM as clamd does, with its limit of a stream."""

    def __init__(self, most: int = 1 << 20) -> None:
        self.most, self.asked = most, 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked += 1
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        content, answer = b"", b"stream: OK\0"
        while length := int.from_bytes(await reader.readexactly(4)):
            content += await reader.readexactly(length)
            if len(content) > self.most:
                answer = b"INSTREAM size limit exceeded. ERROR\0"
                break
        if b"EICAR" in content:
            answer = b"stream: Eicar-Test-Signature FOUND\0"
        writer.write(answer)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def clamd(tmp_path: Path, most: int = 1 << 20) -> AsyncIterator[tuple[Clamd, str]]:
    spoken, where = Clamd(most), tmp_path / "clamd.ctl"
    async with await asyncio.start_unix_server(spoken, where):
        yield spoken, f"unix:{where}"


async def test_clamd_is_asked_and_what_it_finds_is_told_and_not_kept(house: House, tmp_path: Path) -> None:
    async with clamd(tmp_path) as (spoken, setting):
        scanning(house, setting)
        assert (await house.upload("lin", "a.png", PNG)).status_code == 201
        before = kept(house)
        refused = await house.upload("lin", "offer.pdf", VIRUS)
        assert paths(refused, 422) == {"file"}
        assert "Eicar-Test-Signature" in refused.json()["detail"]
        assert kept(house) == before
        assert spoken.asked == 2


async def test_clamd_is_reached_over_the_network_too(house: House) -> None:
    server = await asyncio.start_server(Clamd(), "127.0.0.1", 0)
    async with server:
        scanning(house, f"tcp:127.0.0.1:{server.sockets[0].getsockname()[1]}")
        assert paths(await house.upload("lin", "offer.pdf", VIRUS), 422) == {"file"}
        assert (await house.upload("lin", "a.png", PNG)).status_code == 201


async def test_a_command_is_asked_and_its_word_is_told_without_our_path(house: House) -> None:
    scanning(house, FINDS)
    assert (await house.upload("lin", "a.png", PNG)).status_code == 201
    refused = await house.upload("lin", "offer.pdf", VIRUS)
    assert "(Test-Virus)" in problem(refused, 422)["detail"]
    assert "incoming" not in refused.text


@pytest.mark.parametrize(
    "setting",
    ["unix:/nowhere/clamd.ctl", "tcp:127.0.0.1:1", "exec:/nowhere/scanner", command("raise SystemExit(2)")],
)
async def test_a_scanner_that_cannot_be_asked_lets_nothing_through(house: House, setting: str) -> None:
    scanning(house, setting)
    assert "scanner" in problem(await house.upload("lin", "a.png", PNG), 503)["detail"]
    assert kept(house) == []


async def test_a_scanner_that_takes_too_long_or_too_little_lets_nothing_through(house: House, tmp_path: Path) -> None:
    scanning(house, command("import time; time.sleep(30)"), timeout=0.3)
    problem(await house.upload("lin", "a.png", PNG), 503)
    async with clamd(tmp_path, most=1000) as (_, setting):
        scanning(house, setting)
        problem(await house.upload("lin", "offer.pdf", b"%PDF-1.7\n" + b"x" * 200_000), 503)
    assert kept(house) == []


async def test_a_video_in_parts_waits_whole_for_the_scanner(house: House, tmp_path: Path) -> None:
    line = Line(house)
    where = (await line.begin(len(MP4))).headers["location"]
    scanning(house, "unix:/nowhere/clamd.ctl")
    problem(await line.send(where, 0, MP4), 503)
    here = await line.look(where)
    assert (here.headers["upload-offset"], "attachment-id" in here.headers) == (str(len(MP4)), False)
    async with clamd(tmp_path) as (_, setting):
        scanning(house, setting)
        stored = (await line.send(where, len(MP4), b"")).headers["attachment-id"]
    assert (await house.get("lin", f"/attachments/{stored}")).content == MP4


async def test_an_infected_video_in_parts_is_forgotten(house: House) -> None:
    scanning(house, FINDS)
    bad, line = MP4[:5000] + EICAR, Line(house)
    where = (await line.begin(len(bad))).headers["location"]
    problem(await line.send(where, 0, bad), 422)
    assert (await line.look(where)).status_code == 404
    assert kept(house) == []


@pytest.mark.parametrize("setting", ["clamd", "unix:", "tcp:localhost", "exec:", "exec:'open"])
def test_a_wrong_setting_is_told_at_the_start(tmp_path: Path, setting: str) -> None:
    with pytest.raises(NotConfigured, match="AFTERCARE_VIRUS_SCAN"):
        Scanner(Settings(home=tmp_path, virus_scan=setting))
