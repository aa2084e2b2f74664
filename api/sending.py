"""Sending a stored file as HTTP asks for it: whole or a range, not again when it is known."""

from __future__ import annotations

import re
from contextlib import aclosing
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from core.errors import NotFound, Unavailable
from store.files import FileStore, StoreAway

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_INLINE = ("image/", "video/")


_OURS = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""What a browser's own viewer needs to show a PDF, and no more."""


class StoredFileResponse(Response):
    """A stored content, in a way that no browser takes for a page of ours. Ranges make videos seekable."""

    def __init__(
        self, files: FileStore, sha256: str, size: int, file_name: str, content_type: str, *, paper: bool = False
    ) -> None:
        super().__init__(None, media_type=content_type)
        self._files, self._sha256, self._size = files, sha256, size
        for name, value in headers_of(file_name, content_type, sha256, paper=paper).items():
            self.headers[name] = value
        self.headers["Accept-Ranges"] = "bytes"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers with what the request's conditions ask for."""
        asked = Headers(scope=scope)
        if self.headers["ETag"] in [tag.strip() for tag in asked.get("if-none-match", "").split(",")]:
            self.status_code = 304
            del self.headers["Content-Length"]
            await super().__call__(scope, receive, send)
            return
        start, stop = self._part(asked)
        self.headers["Content-Length"] = str(stop - start)
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        if scope["method"] != "HEAD" and stop > start:
            async with aclosing(self._files.stream(self._sha256, start, stop)) as chunks:
                async for chunk in chunks:
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _part(self, asked: Headers) -> tuple[int, int]:
        """Which bytes to send; sets the status. Several ranges at once and what is no range get the whole file."""
        size = self._size
        found = _RANGE.fullmatch(asked.get("range", "").replace(" ", ""))
        same = asked.get("if-range", self.headers["ETag"]) == self.headers["ETag"]
        if found is None or not same or not (found[1] or found[2]):
            return 0, size
        if found[1]:
            start, stop = int(found[1]), min(int(found[2] or size) + 1, size)
        else:
            start, stop = max(size - int(found[2]), 0), size
        if start >= size or (found[1] and found[2] and int(found[2]) < start):
            self.status_code = 416
            self.headers["Content-Range"] = f"bytes */{size}"
            return 0, 0
        self.status_code = 206
        self.headers["Content-Range"] = f"bytes {start}-{stop - 1}/{size}"
        return start, stop


def headers_of(file_name: str, content_type: str, tag: str, *, paper: bool = False) -> dict[str, str]:
    """What is said with every file: its name, that it is nothing to be run, that it never changes.

    A `paper` that we set ourselves is shown in place: browsers open no PDF in the sandbox that uploads are kept in.
    """
    how = "inline" if paper or content_type.startswith(_INLINE) else "attachment"
    plain = "".join(sign if sign.isascii() and sign.isprintable() and sign not in '"\\' else "_" for sign in file_name)
    return {
        "Content-Disposition": f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}",
        "Content-Security-Policy": _OURS if paper else "sandbox; default-src 'none'",
        "Cache-Control": "private, max-age=86400, immutable",
        "ETag": f'"{tag}"',
    }


async def size_of(files: FileStore, sha256: str) -> int:
    """Returns the bytes of a stored content. Raises NotFound, Unavailable when the storage cannot be reached."""
    try:
        size = await files.size(sha256)
    except StoreAway:
        raise Unavailable("the storage of files cannot be reached; try again in a moment") from None
    if size is None:
        raise NotFound("there is no such file")
    return size
