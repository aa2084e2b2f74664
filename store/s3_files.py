"""The file store in S3-compatible storage, under the same names as in a folder."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from core.errors import NotConfigured
from store.files import FileStore, Kept, StoreAway, checked

if TYPE_CHECKING:
    from core.settings import Settings
    from store.incoming import Received

_PART = 8 * 1024 * 1024
_AT_ONCE = 4
_CHUNK = 512 * 1024
_TIMEOUT, _CONNECT = "60s", "5s"
_RETRIES = 3
_PATIENCE = timedelta(seconds=20)
_LISTED = 1000


class S3Files(FileStore):
    """Contents in a bucket. Who may write there is told by the `AWS_*` variables or the machine's own role.

    An object appears only when all of it is there. A large upload that broke leaves parts that nobody sees: the
    bucket's own rule for incomplete uploads removes them.
    """

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings.attachments, spare=settings.spare_disk_bytes)
        address = urlsplit(settings.files_url)
        if address.scheme != "s3" or not address.netloc or address.query or address.fragment:
            raise NotConfigured("must be s3://bucket or s3://bucket/prefix", field="AFTERCARE_FILES_URL")
        prefix, endpoint = address.path.strip("/") or None, settings.s3_endpoint or None
        try:
            self._bucket = S3Store(
                address.netloc,
                prefix=prefix,
                endpoint=endpoint,
                region=settings.s3_region,
                client_options={
                    "allow_http": bool(endpoint and endpoint.startswith("http://")),
                    "timeout": _TIMEOUT,
                    "connect_timeout": _CONNECT,
                },
                retry_config={"max_retries": _RETRIES, "retry_timeout": _PATIENCE},
            )
        except (BaseError, ValueError) as wrong:
            raise NotConfigured(_line(wrong), field="AFTERCARE_FILES_URL") from None

    @staticmethod
    def key(sha256: str) -> str:
        """Returns the name of a content's object. Raises ValueError for anything else than a SHA-256."""
        name = checked(sha256)
        return f"{name[:2]}/{name[2:4]}/{name}"

    async def keep(self, file: Received) -> None:
        """Sends a received file, in parts when it is large. Raises StoreAway."""
        if await self.size(file.sha256) == file.size:
            return
        with _told(missing_is_away=True):
            await obstore.put_async(
                self._bucket, self.key(file.sha256), file.path, chunk_size=_PART, max_concurrency=_AT_ONCE
            )
        if await self.size(file.sha256) != file.size:
            raise StoreAway("the storage did not keep all of the file")

    async def size(self, sha256: str) -> int | None:
        """Returns the number of bytes of a content, None when it is not stored. Raises StoreAway."""
        try:
            with _told():
                return (await obstore.head_async(self._bucket, self.key(sha256)))["size"]
        except FileNotFoundError:
            return None

    async def stream(self, sha256: str, start: int = 0, stop: int | None = None) -> AsyncGenerator[bytes]:
        """Gives the bytes from `start` to before `stop`, by default all. Raises FileNotFoundError, StoreAway."""
        if stop is not None and stop <= start:
            return
        key = self.key(sha256)
        with _told():
            if stop is not None:
                found = await obstore.get_async(self._bucket, key, options={"range": (start, stop)})
            elif start:
                found = await obstore.get_async(self._bucket, key, options={"range": {"offset": start}})
            else:
                found = await obstore.get_async(self._bucket, key)
            async for chunk in found.stream(min_chunk_size=_CHUNK):
                yield bytes(chunk)

    async def delete(self, sha256: str) -> None:
        """Removes a content and what was derived from it. Raises StoreAway."""
        with _told(missing_is_away=True):
            derived = [one["path"] async for some in obstore.list(self._bucket, self._derived(sha256)) for one in some]
            for key in (self.key(sha256), *derived):
                await obstore.delete_async(self._bucket, key)

    async def read_derived(self, sha256: str, name: str) -> bytes | None:
        """Returns what was derived from a content under a name, None when nothing was. Raises StoreAway."""
        try:
            with _told():
                found = await obstore.get_async(self._bucket, f"{self._derived(sha256)}/{name}")
                return bytes(await found.bytes_async())
        except FileNotFoundError:
            return None

    async def write_derived(self, sha256: str, name: str, content: bytes) -> None:
        """Keeps what was derived from a content. Raises StoreAway."""
        with _told(missing_is_away=True):
            await obstore.put_async(self._bucket, f"{self._derived(sha256)}/{name}", content)

    @staticmethod
    def _derived(sha256: str) -> str:
        name = checked(sha256)
        return f"derived/{name[:2]}/{name[2:4]}/{name}"

    async def kept(self) -> AsyncIterator[Kept]:
        """Lists every content of the bucket under our prefix. Raises StoreAway."""
        with _told(missing_is_away=True):
            async for some in obstore.list(self._bucket, chunk_size=_LISTED):
                for one in some:
                    folder, _, name = one["path"].rpartition("/")
                    if folder == f"{name[:2]}/{name[2:4]}" and len(name) == 64:
                        yield Kept(name, one["last_modified"])


@contextmanager
def _told(*, missing_is_away: bool = False) -> Iterator[None]:
    """Turns the client's refusals into ours; what is missing is missing, or the bucket itself is."""
    try:
        yield
    except FileNotFoundError as missing:
        if missing_is_away:
            raise StoreAway(_line(missing)) from None
        raise
    except (BaseError, PermissionError) as refused:
        raise StoreAway(_line(refused)) from None


def _line(error: Exception) -> str:
    """The first line alone: the rest is the client's own picture of the error."""
    return str(error).partition("\n")[0][:300]
