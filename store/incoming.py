"""Receiving a file: bytes go to disk as they come, with their hash, until the file is whole."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

_LOOK_EVERY = 16 * 1024 * 1024
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Received:
    """A whole file on disk, on its way in: SHA-256 (hex) and number of bytes."""

    path: Path
    sha256: str
    size: int


class FileTooLarge(ValueError):
    """A stream was longer than its limit in bytes; nothing of it was kept."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"the file is larger than {limit} bytes")


@asynccontextmanager
async def received(
    folder: Path, content: bytes | AsyncIterable[bytes], *, limit: int | None, spare: int
) -> AsyncIterator[Received]:
    """Gives the content as a file in `folder` that goes when the block ends.

    Raises FileTooLarge as soon as more than `limit` bytes have come, OSError when the disk refuses or `spare` bytes
    would not be left on it.
    """
    partial = await asyncio.to_thread(_Partial, folder, limit, spare)
    try:
        if isinstance(content, bytes):
            await asyncio.to_thread(partial.add, content)
        else:
            async for chunk in content:
                await asyncio.to_thread(partial.add, chunk)
        yield await asyncio.to_thread(partial.whole)
    finally:
        await asyncio.to_thread(partial.drop)


def digest_of(path: Path) -> Received:
    """Returns a file that is on disk already with its hash, read in pieces. Raises OSError."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Received(path, digest.hexdigest(), size)


def require_room(folder: Path, more: int, spare: int) -> None:
    """Raises OSError (ENOSPC) unless `more` bytes fit on the disk of a folder and `spare` bytes are left then."""
    if shutil.disk_usage(folder).free < more + spare:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))


class _Partial:
    """A file on its way in. Unbuffered, so that a full disk is told by the write that meets it."""

    def __init__(self, folder: Path, limit: int | None, spare: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        require_room(folder, 0, spare)
        handle, name = tempfile.mkstemp(dir=folder)
        self._file = os.fdopen(handle, "wb", buffering=0)
        self._path = Path(name)
        self._limit, self._spare = limit, spare
        self._digest = hashlib.sha256()
        self._size = self._looked = 0

    def add(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._limit is not None and self._size > self._limit:
            raise FileTooLarge(self._limit)
        if self._size - self._looked >= _LOOK_EVERY:
            require_room(self._path.parent, len(chunk), self._spare)
            self._looked = self._size
        self._digest.update(chunk)
        rest = memoryview(chunk)
        while rest:
            rest = rest[self._file.write(rest) :]

    def whole(self) -> Received:
        os.fsync(self._file.fileno())  # a record must not name bytes that a power cut took
        return Received(self._path, self._digest.hexdigest(), self._size)

    def drop(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)
