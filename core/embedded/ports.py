"""Ports on the loopback interface."""

from __future__ import annotations

import errno
import socket

from core.errors import Refused

LOOPBACK = "127.0.0.1"


def free() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def free_or(preferred: int | None) -> int:
    """The preferred port when it is free, another free one otherwise: addresses stay the same where they can."""
    if preferred:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, preferred))
            except OSError:
                pass
            else:
                return preferred
    return free()


def listen(port: int) -> socket.socket:
    """A listening socket, held by the parent and inherited by the API process.

    So the port is ours from the first moment, and a request that comes while the API process is restarted waits instead
    of failing. Port 0 takes a free one.

    Raises:
        Refused: somebody else listens there, or this user may not.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        if error.errno == errno.EACCES:
            raise Refused(
                f"port {port} needs more rights than this user has: choose one above 1023 with --port"
            ) from None
        raise Refused(f"port {port} is in use: choose another with --port, or --port 0 for any free one") from None
    listener.setblocking(False)
    return listener
