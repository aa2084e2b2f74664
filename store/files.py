"""Files of cases on disk, named by their content: photos, scans and issued documents."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import tempfile
from collections.abc import AsyncIterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_SHA256 = re.compile(r"[0-9a-f]{64}")
_INCOMING = "incoming"


@dataclass(frozen=True)
class StoredFile:
    """What was stored: SHA-256 of the bytes (hex) and their number."""

    sha256: str
    size: int


class FileTooLarge(ValueError):
    """A stream was longer than its limit in bytes; nothing of it was kept."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        super().__init__(f"the file is larger than {limit} bytes")


class FileStore:
    """Keeps each content once under `root/ab/cd/<sha256>`.

    A file appears under its name only when all of it is on disk (written beside, then renamed), so that a reader never
    sees half of it and a crash leaves nothing but a stray file in `root/incoming`. Two writers of the same content are
    harmless: the second rename puts equal bytes in the same place.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def path(self, sha256: str) -> Path:
        """Returns where the content lies, stored or not. Raises ValueError for anything else than a SHA-256."""
        if not _SHA256.fullmatch(sha256):
            message = "not a SHA-256 in lower-case hex"
            raise ValueError(message)
        return self.root / sha256[:2] / sha256[2:4] / sha256

    def holds(self, sha256: str) -> bool:
        """True when the content is stored."""
        return self.path(sha256).is_file()

    async def read(self, sha256: str) -> bytes:
        """Returns the content. Raises FileNotFoundError."""
        return await asyncio.to_thread(self.path(sha256).read_bytes)

    async def write(self, content: bytes | AsyncIterable[bytes], *, limit: int | None = None) -> StoredFile:
        """Stores bytes or a stream of chunks and returns what was stored; a repeat changes nothing.

        Raises FileTooLarge as soon as more than `limit` bytes have come, OSError when the disk refuses.
        """
        partial = await asyncio.to_thread(_Partial, self.root / _INCOMING)
        try:
            if isinstance(content, bytes):
                await asyncio.to_thread(partial.add, content, limit)
            else:
                async for chunk in content:
                    await asyncio.to_thread(partial.add, chunk, limit)
            return await asyncio.to_thread(partial.keep, self)
        finally:
            await asyncio.to_thread(partial.drop)


class _Partial:
    """A file on its way in."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=folder)
        self._file: BinaryIO = os.fdopen(handle, "wb")
        self._path = Path(name)
        self._digest = hashlib.sha256()
        self._size = 0

    def add(self, chunk: bytes, limit: int | None) -> None:
        self._size += len(chunk)
        if limit is not None and self._size > limit:
            raise FileTooLarge(limit)
        self._digest.update(chunk)
        self._file.write(chunk)

    def keep(self, store: FileStore) -> StoredFile:
        """Moves the file to its place, all of it on disk first: a record must not name bytes that a power cut took."""
        stored = StoredFile(self._digest.hexdigest(), self._size)
        place = store.path(stored.sha256)
        if not place.is_file():
            self._file.flush()
            os.fsync(self._file.fileno())
            place.parent.mkdir(parents=True, exist_ok=True)
            self._path.replace(place)
        return stored

    def drop(self) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)
