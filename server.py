"""One API process: settings, logging, the application under uvicorn."""

from __future__ import annotations

import asyncio
import os
import socket
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from core import logging, memory, settings
from core.embedded.process import LISTEN_VARIABLE, announce_ready

if TYPE_CHECKING:
    from api.live import Live
    from core.settings import Settings

_GRACE = 5  # seconds that requests under way get when stopping


class _Server(uvicorn.Server):
    """Says so once it takes requests; as soon as it shall stop, it ends the streams that pages follow."""

    def __init__(self, config: uvicorn.Config, live: Live) -> None:
        super().__init__(config)
        self._live = live

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._live.stop()
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            memory.settle()
            announce_ready()


def serve(configured: Settings) -> None:
    """Serve until SIGTERM or Ctrl-C.

    Raises:
        AftercareError: a setting is missing.
        SystemExit: the port cannot be taken.
    """
    from activities.calendars import national_calendar
    from api.app import create_app
    from core.keys.master import master_keys

    configured.secret()  # said now rather than at the first sign-in
    master_keys(configured)
    logging.configure(configured.log_level, configured.log_format, process="server")
    app = create_app(configured, calendars=national_calendar)
    config = uvicorn.Config(
        app,
        host=configured.host,
        port=configured.port,
        log_config=None,
        access_log=False,  # paths hold names and tracking links
        server_header=False,
        timeout_graceful_shutdown=_GRACE,
        timeout_keep_alive=15,
    )
    server = _Server(config, app.state.live)
    inherited = os.environ.pop(LISTEN_VARIABLE, "")
    sockets = [socket.socket(fileno=int(inherited))] if inherited else None
    asyncio.run(server.serve(sockets))


if __name__ == "__main__":
    serve(settings.load())
