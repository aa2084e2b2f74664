"""The file store in a folder: `ab/cd/<sha256>`, and what was derived from it under `derived/ab/cd/<sha256>/`."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from store.files import FileStore, Kept, checked
from store.incoming import Received

_CHUNK = 256 * 1024
_AT_ONCE = 1000


class DiskFiles(FileStore):
    """Contents in a folder that every process reaches.

    A file appears under its name only when all of it is on disk. Two writers of the same content are harmless: the
    second puts equal bytes in the same place.
    """

    def path(self, sha256: str) -> Path:
        """Returns where the content lies, stored or not. Raises ValueError for anything else than a SHA-256."""
        name = checked(sha256)
        return self.root / name[:2] / name[2:4] / name

    async def keep(self, file: Received) -> None:
        """Gives the received file its place; no byte is copied where the file system knows links."""
        await asyncio.to_thread(self._keep, file)

    def _keep(self, file: Received) -> None:
        place = self.path(file.sha256)
        if place.is_file():
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            try:
                os.link(file.path, place)
            except FileExistsError:
                raise
            except OSError:  # a file system without links: a copy, renamed when it is whole
                self._copy(file.path, place)
            os.utime(place)
            _settle(place.parent)

    def _copy(self, source: Path, place: Path) -> None:
        self.incoming.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.incoming)
        copy = Path(name)
        try:
            with os.fdopen(handle, "wb") as target, source.open("rb") as origin:
                shutil.copyfileobj(origin, target, _CHUNK)
                target.flush()
                os.fsync(target.fileno())
            copy.replace(place)
        finally:
            copy.unlink(missing_ok=True)

    async def size(self, sha256: str) -> int | None:
        """Returns the number of bytes of a content, None when it is not stored."""
        try:
            return (await asyncio.to_thread(self.path(sha256).stat)).st_size
        except FileNotFoundError:
            return None

    async def stream(self, sha256: str, start: int = 0, stop: int | None = None) -> AsyncGenerator[bytes]:
        """Gives the bytes from `start` to before `stop`, by default all. Raises FileNotFoundError."""
        file = await asyncio.to_thread(self.path(sha256).open, "rb")
        try:
            await asyncio.to_thread(file.seek, start)
            left = None if stop is None else stop - start
            while left is None or left > 0:
                chunk = await asyncio.to_thread(file.read, _CHUNK if left is None else min(_CHUNK, left))
                if not chunk:
                    return
                left = None if left is None else left - len(chunk)
                yield chunk
        finally:
            file.close()

    async def delete(self, sha256: str) -> None:
        """Removes a content and what was derived from it."""
        place, derived = self.path(sha256), self._derived(sha256)

        def remove() -> None:
            place.unlink(missing_ok=True)
            shutil.rmtree(derived, ignore_errors=True)

        await asyncio.to_thread(remove)

    async def read_derived(self, sha256: str, name: str) -> bytes | None:
        """Returns what was derived from a content under a name, None when nothing was."""
        try:
            return await asyncio.to_thread((self._derived(sha256) / name).read_bytes)
        except FileNotFoundError:
            return None

    async def write_derived(self, sha256: str, name: str, content: bytes) -> None:
        """Keeps what was derived from a content. Raises OSError."""
        async with self.received(content) as file:
            place = self._derived(sha256) / name

            def put() -> None:
                place.parent.mkdir(parents=True, exist_ok=True)
                file.path.replace(place)

            await asyncio.to_thread(put)

    def _derived(self, sha256: str) -> Path:
        name = checked(sha256)
        return self.root / "derived" / name[:2] / name[2:4] / name

    async def kept(self) -> AsyncIterator[Kept]:
        """Lists every content of the folder."""
        found = self._walk()
        while some := await asyncio.to_thread(lambda: list(islice(found, _AT_ONCE))):
            for one in some:
                yield one

    def _walk(self) -> Iterator[Kept]:
        for place in self.root.glob("??/??/*"):
            if len(place.name) == 64:
                with contextlib.suppress(FileNotFoundError):
                    yield Kept(place.name, datetime.fromtimestamp(place.stat().st_mtime, UTC))


def _settle(folder: Path) -> None:
    """Has a new name in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
