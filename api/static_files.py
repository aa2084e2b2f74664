"""Our own files for browsers: sent small, and kept by the browser for as long as their address stays the same."""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".webmanifest": "application/json"}
_FOR_EVER = "public, max-age=31536000, immutable"
"""For an address that carries a mark of the content: other content has another address."""


class OwnFiles(StaticFiles):
    """Sends texts compressed to whoever takes it; there are few of them, so each is compressed once and kept."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answers with a file of the folder. Raises HTTPException for what is not there."""
        answer = await super().get_response(path, scope)
        if b"v=" in scope.get("query_string", b""):
            answer.headers["Cache-Control"] = _FOR_EVER
        kind = _TYPES.get(Path(path).suffix)
        if kind is None or answer.status_code != 200:
            return answer
        answer.headers["Vary"] = "Accept-Encoding"
        if scope["method"] != "GET" or "gzip" not in Headers(scope=scope).get("accept-encoding", ""):
            return answer
        file, found = self.lookup_path(path)
        small = Response(_compressed(Path(file), found.st_mtime_ns if found else 0), media_type=kind)
        kept = ("etag", "last-modified", "cache-control", "vary")
        small.headers.update({name: answer.headers[name] for name in kept if name in answer.headers})
        small.headers["Content-Encoding"] = "gzip"
        return small


@cache
def _compressed(file: Path, _changed: int) -> bytes:
    return gzip.compress(file.read_bytes(), mtime=0)
