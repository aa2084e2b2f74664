"""The file store in S3-compatible storage, under the same names as in a folder."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from typing import TYPE_CHECKING

import obstore

from store.files import FileStore, Kept, StoreAway, checked
from store.s3 import AT_ONCE, CHUNK, LISTED, PART, bucket, told

if TYPE_CHECKING:
    from core.settings import Settings
    from store.incoming import Received


class S3Files(FileStore):
    """Contents in a bucket. Who may write there is told by the `AWS_*` variables or the machine's own role.

    An object appears only when all of it is there. A large upload that broke leaves parts that nobody sees: the
    bucket's own rule for incomplete uploads removes them.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.attachments, spare=settings.spare_disk_bytes)
        self._bucket = bucket(settings, settings.files_url, "AFTERCARE_FILES_URL")

    @staticmethod
    def key(sha256: str) -> str:
        """Returns the name of a content's object. Raises ValueError for anything else than a SHA-256."""
        name = checked(sha256)
        return f"{name[:2]}/{name[2:4]}/{name}"

    async def keep(self, file: Received) -> None:
        """Sends a received file, in parts when it is large. Raises StoreAway."""
        if await self.size(file.sha256) == file.size:
            return
        with told(missing_is_away=True):
            await obstore.put_async(
                self._bucket, self.key(file.sha256), file.path, chunk_size=PART, max_concurrency=AT_ONCE
            )
        if await self.size(file.sha256) != file.size:
            raise StoreAway("the storage did not keep all of the file")

    async def size(self, sha256: str) -> int | None:
        """Returns the number of bytes of a content, None when it is not stored. Raises StoreAway."""
        try:
            with told():
                return (await obstore.head_async(self._bucket, self.key(sha256)))["size"]
        except FileNotFoundError:
            return None

    async def stream(self, sha256: str, start: int = 0, stop: int | None = None) -> AsyncGenerator[bytes]:
        """Gives the bytes from `start` to before `stop`, by default all. Raises FileNotFoundError, StoreAway."""
        if stop is not None and stop <= start:
            return
        key = self.key(sha256)
        with told():
            if stop is not None:
                found = await obstore.get_async(self._bucket, key, options={"range": (start, stop)})
            elif start:
                found = await obstore.get_async(self._bucket, key, options={"range": {"offset": start}})
            else:
                found = await obstore.get_async(self._bucket, key)
            async for chunk in found.stream(min_chunk_size=CHUNK):
                yield bytes(chunk)

    async def delete(self, sha256: str) -> None:
        """Removes a content and what was derived from it. Raises StoreAway."""
        with told(missing_is_away=True):
            derived = [one["path"] async for some in obstore.list(self._bucket, self._derived(sha256)) for one in some]
            for key in (self.key(sha256), *derived):
                await obstore.delete_async(self._bucket, key)

    async def read_derived(self, sha256: str, name: str) -> bytes | None:
        """Returns what was derived from a content under a name, None when nothing was. Raises StoreAway."""
        try:
            with told():
                found = await obstore.get_async(self._bucket, f"{self._derived(sha256)}/{name}")
                return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None

    async def write_derived(self, sha256: str, name: str, content: bytes) -> None:
        """Keeps what was derived from a content. Raises StoreAway."""
        with told(missing_is_away=True):
            await obstore.put_async(self._bucket, f"{self._derived(sha256)}/{name}", content)

    @staticmethod
    def _derived(sha256: str) -> str:
        name = checked(sha256)
        return f"derived/{name[:2]}/{name[2:4]}/{name}"

    async def kept(self) -> AsyncIterator[Kept]:
        """Lists every content of the bucket under our prefix. Raises StoreAway."""
        with told(missing_is_away=True):
            async for some in obstore.list(self._bucket, chunk_size=LISTED):
                for one in some:
                    folder, _, name = one["path"].rpartition("/")
                    if folder == f"{name[:2]}/{name[2:4]}" and len(name) == 64:
                        yield Kept(name, one["last_modified"])
