"""Where the archives of cases lie: a folder, or a bucket of S3-compatible storage; `<year>/<case_id>.aftercare`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from core.errors import NotConfigured
from domain.record.manifest import SUFFIX

if TYPE_CHECKING:
    from core.settings import Settings

_CHUNK = 512 * 1024
_DESK = ".writing-"
_STRAY = 24 * 3600.0
_FIELD = "AFTERCARE_ARCHIVE_URL"


class Archives(ABC):
    """The archives of an installation by name. A name appears only when the whole file is there."""

    @abstractmethod
    def desk(self) -> AbstractAsyncContextManager[Path]:
        """Gives a folder in which a file is written before it is put; it goes when the block ends."""

    @abstractmethod
    async def put(self, file: Path, name: str) -> None:
        """Keeps a whole file of the desk under its name, in the place of an earlier one. Raises OSError, StoreAway."""

    @abstractmethod
    def local(self, name: str) -> AbstractAsyncContextManager[Path]:
        """Gives an archive as a file of this machine. Raises FileNotFoundError, StoreAway."""

    @abstractmethod
    def stream(self, name: str) -> AsyncGenerator[bytes]:
        """Gives the bytes of an archive. Raises FileNotFoundError, StoreAway."""

    @abstractmethod
    async def delete(self, name: str) -> None:
        """Removes an archive; one that is not there is no error. Raises OSError, StoreAway."""

    @abstractmethod
    def names(self) -> AsyncIterator[str]:
        """Lists every archive. Raises StoreAway."""

    async def find(self, case_id: str) -> str | None:
        """Returns the name of the archive of a case, None where there is none; the newest if there are several."""
        found = [name async for name in self.names() if name.rpartition("/")[2] == f"{case_id}{SUFFIX}"]
        return max(found, default=None)


class ArchiveFolder(Archives):
    """Archives in a folder that every process reaches."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[Path]:
        """Gives a folder on the same disk, so that a file is put by renaming it."""
        made = await asyncio.to_thread(self._begin)
        try:
            yield made
        finally:
            await asyncio.to_thread(shutil.rmtree, made, ignore_errors=True)

    def _begin(self) -> Path:
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self.root.glob(f"{_DESK}*"):  # by a process that was killed while it wrote
            with contextlib.suppress(FileNotFoundError):
                if time.time() - left.stat().st_mtime > _STRAY:
                    shutil.rmtree(left, ignore_errors=True)
        return Path(tempfile.mkdtemp(prefix=_DESK, dir=self.root))

    async def put(self, file: Path, name: str) -> None:
        """Renames the file to its place, and has the name survive a power cut."""
        await asyncio.to_thread(self._put, file, self.root / name)

    def _put(self, file: Path, place: Path) -> None:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.replace(place)
        handle = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    @asynccontextmanager
    async def local(self, name: str) -> AsyncIterator[Path]:
        """Gives the file itself."""
        place = self.root / name
        if not await asyncio.to_thread(place.is_file):
            raise FileNotFoundError(2, "there is no such archive", str(place))
        yield place

    async def stream(self, name: str) -> AsyncGenerator[bytes]:
        """Gives the bytes of an archive."""
        file = await asyncio.to_thread((self.root / name).open, "rb")
        try:
            while chunk := await asyncio.to_thread(file.read, _CHUNK):
                yield chunk
        finally:
            file.close()

    async def delete(self, name: str) -> None:
        """Removes an archive."""
        await asyncio.to_thread((self.root / name).unlink, missing_ok=True)

    async def names(self) -> AsyncIterator[str]:
        """Lists every archive, in order."""
        found = await asyncio.to_thread(lambda: sorted(self.root.glob(f"[0-9]*/C-*{SUFFIX}")))
        for path in found:
            yield path.relative_to(self.root).as_posix()


def open_archives(settings: Settings) -> Archives:
    """Returns where the settings say that archives lie; nothing is connected yet. Raises NotConfigured."""
    url = settings.archive_url
    if not url:
        return ArchiveFolder(settings.home / "archive")
    if url.startswith("s3://"):
        from store.archives.s3_places import ArchiveBucket  # the client is a large library that a folder does without

        return ArchiveBucket(settings)
    address = urlsplit(url)
    if address.scheme not in ("", "file") or not address.path.startswith("/"):
        raise NotConfigured("must be s3://bucket/prefix or the path of a folder, such as /srv/archive", field=_FIELD)
    return ArchiveFolder(Path(address.path))
