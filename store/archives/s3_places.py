"""Archives in a bucket of S3-compatible storage, under the same names as in a folder."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import obstore

from domain.record.manifest import SUFFIX
from store.archives.places import Archives
from store.s3 import AT_ONCE, CHUNK, LISTED, PART, bucket, told

if TYPE_CHECKING:
    from core.settings import Settings


class ArchiveBucket(Archives):
    """One object an archive; it appears when all of it is there."""

    def __init__(self, settings: Settings) -> None:
        self._bucket = bucket(settings, settings.archive_url, "AFTERCARE_ARCHIVE_URL")

    @asynccontextmanager
    async def desk(self) -> AsyncIterator[Path]:
        """Gives a folder of this machine for temporary files."""
        made = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="aftercare-"))
        try:
            yield made
        finally:
            await asyncio.to_thread(shutil.rmtree, made, ignore_errors=True)

    async def put(self, file: Path, name: str) -> None:
        """Sends the file, in parts when it is large."""
        with told(missing_is_away=True):
            await obstore.put_async(self._bucket, name, file, chunk_size=PART, max_concurrency=AT_ONCE)

    @asynccontextmanager
    async def local(self, name: str) -> AsyncIterator[Path]:
        """Gives a copy on this machine, which goes when the block ends."""
        async with self.desk() as folder:
            copy = folder / name.rpartition("/")[2]
            with copy.open("xb") as file:
                async for chunk in self.stream(name):
                    await asyncio.to_thread(file.write, chunk)
            yield copy

    async def stream(self, name: str) -> AsyncGenerator[bytes]:
        """Gives the bytes of an archive."""
        with told():
            found = await obstore.get_async(self._bucket, name)
            async for chunk in found.stream(min_chunk_size=CHUNK):
                yield bytes(chunk)

    async def delete(self, name: str) -> None:
        """Removes an archive."""
        with told(missing_is_away=True):
            await obstore.delete_async(self._bucket, name)

    async def names(self) -> AsyncIterator[str]:
        """Lists every archive under our prefix."""
        with told(missing_is_away=True):
            async for some in obstore.list(self._bucket, chunk_size=LISTED):
                for one in some:
                    if one["path"].endswith(SUFFIX):
                        yield one["path"]
