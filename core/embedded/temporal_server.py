"""The command line of the packaged Temporal server for the embedded default."""

from __future__ import annotations

from pathlib import Path

from core import search_attributes
from core.embedded.ports import LOOPBACK


def command(binary: Path, database: Path, *, port: int, ui_port: int | None, codec: str = "") -> list[str]:
    """Program and arguments of a server with a database file, reachable from this machine alone.

    The write-ahead journal gives two to three times the throughput of SQLite's default and survives a killed process; a
    power cut can lose the last moment.

    Args:
        binary: the program `temporal`.
        database: file of all its state, made when missing.
        port: of the gRPC service.
        ui_port: of the Web UI; ``None`` leaves the UI out.
        codec: address of the codec server, which the Web UI asks to open what is sealed.
    """
    line = [
        str(binary), "server", "start-dev",
        "--ip", LOOPBACK,
        "--port", str(port),
        "--db-filename", str(database),
        "--sqlite-pragma", "journal_mode=wal",
        "--sqlite-pragma", "synchronous=normal",
        "--log-level", "error",
        "--log-format", "json",
    ]  # fmt: skip
    for key in search_attributes.ALL:
        line += ["--search-attribute", f"{key.name}={key.indexed_value_type.name.capitalize()}"]
    if ui_port is None:
        return [*line, "--headless"]
    line += ["--ui-ip", LOOPBACK, "--ui-port", str(ui_port), "--ui-disable-news-fetch"]
    return [*line, "--ui-codec-endpoint", codec] if codec else line
