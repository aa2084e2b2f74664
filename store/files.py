"""Files of cases by their content: photos, videos, scans and issued documents, on disk or in S3-compatible storage."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from core.settings import Settings
from store.incoming import FileTooLarge, Received, received

__all__ = ["FileStore", "FileTooLarge", "Kept", "Received", "StoreAway", "StoredFile", "open_files"]

_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class StoredFile:
    """What was stored: SHA-256 of the bytes (hex) and their number."""

    sha256: str
    size: int


@dataclass(frozen=True)
class Kept:
    """One content of a store and when it was put there, real UTC."""

    sha256: str
    at: datetime


class StoreAway(OSError):
    """The storage behind the network cannot be reached or refuses; the same may succeed later."""


class FileStore(ABC):
    """Keeps each content once, under its SHA-256, and beside it what was derived from it (a small picture).

    What comes in is received in a folder on disk first (`root/incoming`), so that it can be looked at whole before it
    is kept: a reader never sees half of it, and a crash leaves nothing but a stray file there.
    """

    def __init__(self, root: Path, *, spare: int = 0) -> None:
        self.root, self._spare = root, spare

    @property
    def incoming(self) -> Path:
        """Folder of files on their way in."""
        return self.root / "incoming"

    def received(
        self, content: bytes | AsyncIterable[bytes], *, limit: int | None = None
    ) -> AbstractAsyncContextManager[Received]:
        """Gives a content as a file on disk that goes when the block ends, kept or not.

        Raises FileTooLarge as soon as more than `limit` bytes have come, OSError when the disk refuses (ENOSPC also
        while it would still have a little room: `spare` bytes are left to the databases).
        """
        return received(self.incoming, content, limit=limit, spare=self._spare)

    async def write(self, content: bytes | AsyncIterable[bytes], *, limit: int | None = None) -> StoredFile:
        """Receives bytes or a stream and keeps them; a repeat changes nothing. Raises as `received` and `keep` do."""
        async with self.received(content, limit=limit) as file:
            await self.keep(file)
            return StoredFile(file.sha256, file.size)

    async def holds(self, sha256: str) -> bool:
        """True when the content is stored."""
        return await self.size(sha256) is not None

    async def read(self, sha256: str) -> bytes:
        """Returns the whole content. Raises FileNotFoundError, StoreAway."""
        return b"".join([chunk async for chunk in self.stream(sha256)])

    @abstractmethod
    async def keep(self, file: Received) -> None:
        """Keeps a received file under its hash, all of it on disk before it appears. Raises OSError."""

    @abstractmethod
    async def size(self, sha256: str) -> int | None:
        """Returns the number of bytes of a content, None when it is not stored. Raises StoreAway."""

    @abstractmethod
    def stream(self, sha256: str, start: int = 0, stop: int | None = None) -> AsyncGenerator[bytes]:
        """Gives the bytes from `start` to before `stop`, by default all. Raises FileNotFoundError, StoreAway."""

    @abstractmethod
    async def delete(self, sha256: str) -> None:
        """Removes a content and what was derived from it; one that is not there is no error. Raises OSError."""

    @abstractmethod
    async def read_derived(self, sha256: str, name: str) -> bytes | None:
        """Returns what was derived from a content under a name, None when nothing was. Raises StoreAway."""

    @abstractmethod
    async def write_derived(self, sha256: str, name: str, content: bytes) -> None:
        """Keeps what was derived from a content. Raises OSError."""

    @abstractmethod
    def kept(self) -> AsyncIterator[Kept]:
        """Lists every content. Raises StoreAway."""


def open_files(settings: Settings) -> FileStore:
    """Returns the store that the settings name. Nothing is connected yet; raises NotConfigured for a wrong address."""
    if settings.files_url:
        from store.s3_files import S3Files  # the client is a large library that a folder does without

        return S3Files(settings)
    from store.disk_files import DiskFiles

    return DiskFiles(settings.attachments, spare=settings.spare_disk_bytes)


def checked(sha256: str) -> str:
    """Returns a SHA-256 in lower-case hex. Raises ValueError for anything else: it becomes part of a path."""
    if not _SHA256.fullmatch(sha256):
        message = "not a SHA-256 in lower-case hex"
        raise ValueError(message)
    return sha256
