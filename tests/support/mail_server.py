"""A real mail server as a process of its own: `python -m tests.support.mail_server FOLDER` keeps mails as files there.

It prints its port. `gone@…` has no mailbox (550), `busy@…` is told to come back (450). While `FOLDER/hold` is there, it
has taken a mail and does not say so yet; while `FOLDER/wait` is there, it does not take one.
"""

from __future__ import annotations

import asyncio
import contextlib
import email
import os
import signal
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any


class _Keeps:
    """Keeps what is sent."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_RCPT(  # noqa: N802 - the name the library asks for
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: list[str]
    ) -> str:
        if address.startswith("gone@"):
            return "550 no such mailbox"
        if address.startswith("busy@"):
            return "450 mailbox busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - likewise
        (self.folder / "reached").touch()
        while (self.folder / "wait").exists():  # noqa: ASYNC110 - a file of the test, no event of this process
            await asyncio.sleep(0.05)
        (self.folder / f"{uuid.uuid4().hex}.eml").write_bytes(envelope.content)
        while (self.folder / "hold").exists():  # noqa: ASYNC110 - likewise
            await asyncio.sleep(0.05)
        return "250 taken"


@dataclass
class MailServer:
    """A running server: where it listens, and what it has."""

    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def mails(self) -> list[EmailMessage]:
        """Every mail that was taken, the first first."""
        files = sorted(self.folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]


@contextlib.contextmanager
def mail_server(folder: Path, port: int = 0) -> Iterator[MailServer]:
    """Starts a server as a process and ends it."""
    folder.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.support.mail_server", str(folder), str(port)]
    process = Popen(command, stdout=PIPE, text=True, cwd=Path(__file__).parents[2])
    try:
        assert process.stdout is not None
        yield MailServer(int(process.stdout.readline()), folder)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


async def _serve(folder: Path, port: int) -> None:
    from aiosmtpd.smtp import SMTP

    server = await asyncio.get_running_loop().create_server(lambda: SMTP(_Keeps(folder)), "127.0.0.1", port)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - the parent reads it
    await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(_serve(Path(sys.argv[1]), int(sys.argv[2])))
    finally:
        os._exit(0)
