"""The virus scan of what is uploaded: clamd over its socket, or a command, by setting.

A scanner that cannot be asked lets nothing through: the upload is refused as "later", and nothing of it is kept.
"""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from core.errors import Invalid, NotConfigured, Unavailable
from core.logging import get_logger
from core.settings import Settings

_CHUNK = 256 * 1024
_LONGEST_ANSWER = 4096
_LONGEST_NAME = 80
_SETTING = "AFTERCARE_VIRUS_SCAN"
_log = get_logger(__name__)


class Infected(Invalid):
    """The virus scanner refused a file."""

    title = "Refused by the virus scanner"


class Scanner:
    """Asks the scanner of the settings about files on disk."""

    def __init__(self, settings: Settings) -> None:
        kind, _, where = settings.virus_scan.partition(":")
        self._where, self._timeout = where, settings.virus_scan_timeout
        ways: dict[str, Callable[[Path], object]] = {"unix": self._clamd, "tcp": self._clamd, "exec": self._command}
        self._kind = kind if settings.virus_scan else ""
        if self._kind and (self._kind not in ways or not where):
            raise NotConfigured("must be unix:PATH, tcp:HOST:PORT or exec:COMMAND", field=_SETTING)
        if self._kind == "tcp" and not where.rpartition(":")[2].isdecimal():
            raise NotConfigured("tcp: needs HOST:PORT", field=_SETTING)
        if self._kind == "exec":
            try:
                self._words = shlex.split(where)
            except ValueError as wrong:
                raise NotConfigured(f"is no command: {wrong}", field=_SETTING) from None

    async def check(self, path: Path) -> None:
        """Returns when the file may be kept. Raises Infected with what was found, Unavailable when nobody can tell."""
        if not self._kind:
            return
        try:
            async with asyncio.timeout(self._timeout):
                found = await (self._command(path) if self._kind == "exec" else self._clamd(path))
        except TimeoutError:
            raise self._silent("it took longer than the setting allows") from None
        except (OSError, asyncio.IncompleteReadError) as away:
            raise self._silent(type(away).__name__) from None
        if found is not None:
            raise Infected(f"the virus scanner refused it ({found}); nothing of it was kept", field="file")

    def _silent(self, reason: str) -> Unavailable:
        _log.warning("virus scanner does not answer", reason=reason)
        return Unavailable(
            "the virus scanner does not answer, and without it no file is taken; nothing was kept, try again later"
        )

    async def _command(self, path: Path) -> str | None:
        """Runs the command with the path as its last word: exit 0 is clean, 1 is infected, as with clamdscan."""
        process = await asyncio.create_subprocess_exec(
            *self._words,
            str(path),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            said, _ = await process.communicate()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise
        if process.returncode == 0:
            return None
        if process.returncode == 1:
            return _name(said.decode("utf-8", "replace"), path)
        raise self._silent(f"exit status {process.returncode}")

    async def _clamd(self, path: Path) -> str | None:
        """Sends the file by clamd's INSTREAM: chunks with their length before them, an empty one at the end."""
        if self._kind == "unix":
            reader, writer = await asyncio.open_unix_connection(self._where)
        else:
            host, _, port = self._where.rpartition(":")
            reader, writer = await asyncio.open_connection(host.strip("[]"), int(port))
        try:
            with suppress(ConnectionError):  # it hangs up when it has seen enough; its answer tells why
                await _send(writer, path)
            answer = (await reader.readuntil(b"\0")).decode("utf-8", "replace").rstrip("\0")
        finally:
            writer.close()
        if answer.endswith("OK"):
            return None
        if answer.endswith("FOUND"):
            return _name(answer.removesuffix("FOUND"), path)
        raise self._silent(answer[:_LONGEST_NAME])


async def _send(writer: asyncio.StreamWriter, path: Path) -> None:
    writer.write(b"zINSTREAM\0")
    with path.open("rb") as file:
        while chunk := await asyncio.to_thread(file.read, _CHUNK):
            writer.write(len(chunk).to_bytes(4) + chunk)
            await writer.drain()
    writer.write(bytes(4))
    await writer.drain()


def _name(said: str, path: Path) -> str:
    """What was found, in one short line without our path."""
    first = next((line for line in said.splitlines() if line.strip()), "")
    plain = first.replace(str(path), "").removeprefix("stream").strip(" :")
    shown = "".join(sign for sign in plain.removesuffix("FOUND").strip() if sign.isprintable())
    return shown[:_LONGEST_NAME] or "it gave no name"
