"""A real S3-compatible server process with one empty bucket, called `bucket`."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

_START = 60.0


@contextmanager
def s3_server() -> Iterator[str]:
    """Runs the server and gives its address."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + _START
        while True:
            try:
                urllib.request.urlopen(urllib.request.Request(f"{address}/bucket", method="PUT"), timeout=10).close()
                break
            except OSError:
                assert process.poll() is None
                assert time.monotonic() < until, "the S3-compatible server did not start"
                time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(10)
