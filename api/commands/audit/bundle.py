"""Writing a bundle of archives: one zip with an index that a person reads, and one that a program does."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from core.errors import Refused

INDEX, INDEX_JSON, KEYS, SECRET = "index.html", "index.json", "public-keys.json", "SECRET-case-keys.json"
_CHUNK = 1024 * 1024
_LARGE = 1024 * 1024 * 1024


@dataclass
class Bundled:
    """One case of a bundle as its index tells it; `file` and `readable` are paths inside the bundle."""

    case_id: str
    plan: str
    closed_at: str
    result: str
    events: int
    files: int
    file: str
    sha256: str
    bytes: int
    readable: str | None = None
    why_not: str = ""


@dataclass
class Contents:
    """What the index says of the whole bundle."""

    title: str
    readable: bool
    secret: bool
    cases: list[Bundled] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class BundleWriter:
    """Writes a zip beside its place and puts it there when it is whole; a context. Its owner alone can read it."""

    def __init__(self, place: Path) -> None:
        """Begins the file. Raises Refused when there is one already, OSError."""
        if place.exists():
            raise Refused(f"{place} exists already: name another file")
        self._place = place
        self._partial = place.with_name(f".{place.name}.{os.getpid()}")
        descriptor = os.open(self._partial, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "w+b")
        self._zip = ZipFile(self._file, "w", ZIP_DEFLATED)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Puts the file in its place, or takes it away when something was raised."""
        try:
            if raised is None:
                self._zip.close()
                self._file.flush()
                os.fsync(self._file.fileno())
                self._partial.replace(self._place)
        finally:
            self._file.close()
            self._partial.unlink(missing_ok=True)

    def text(self, name: str, text: str) -> None:
        """Writes an entry of text."""
        self._zip.writestr(_info(name, stored=False), text)

    def json(self, name: str, value: Any) -> None:
        """Writes an entry of JSON."""
        self.text(name, json.dumps(value, ensure_ascii=False, indent=1) + "\n")

    def parts(self, name: str, parts: Iterable[bytes], size: int) -> tuple[str, int]:
        """Writes an entry of about `size` bytes as its parts come; returns its SHA-256 and length."""
        digest, written = hashlib.sha256(), 0
        with self._zip.open(_info(name, stored=True), "w", force_zip64=size >= _LARGE) as entry:
            for part in parts:
                digest.update(part)
                written += entry.write(part)
        return digest.hexdigest(), written

    def copy(self, name: str, file: Path) -> tuple[str, int]:
        """Writes a file of the disk as an entry; returns its SHA-256 and length."""
        with file.open("rb") as source:
            return self.parts(name, _chunks(source), file.stat().st_size)


def _info(name: str, *, stored: bool) -> ZipInfo:
    info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = ZIP_STORED if stored else ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk
