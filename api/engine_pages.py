"""The pages of the engine (Temporal's Web UI), which stand on an address of their own and ask ours to open payloads.

A browser lets them read our answer only where it names their origin; it does so for the one configured, and for the
codec's addresses alone.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.settings import Settings

CODEC = "/codec/"
_ALLOWED = {
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Allow-Methods": "POST",
    "Access-Control-Allow-Headers": "authorization, content-type, x-namespace, x-workflow-id",
    "Access-Control-Max-Age": "600",
}


def origin_of_pages(settings: Settings) -> str:
    """Returns the origin of the engine's pages, empty where none are configured."""
    address = urlsplit(settings.temporal_ui_url)
    return f"{address.scheme}://{address.netloc}" if address.scheme and address.netloc else ""


def from_engine_pages(settings: Settings, origin: str | None) -> bool:
    """True for a request that a browser says the engine's pages started."""
    return bool(origin) and origin == origin_of_pages(settings)


class EnginePages:
    """Lets the engine's pages read the answers of the codec, refusals too; nobody else's, and nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, with the headers that a browser asks for added."""
        if scope["type"] != "http" or not scope["path"].startswith(CODEC):
            await self.app(scope, receive, send)
            return
        origin = Headers(scope=scope).get("origin")

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.add_vary_header("Origin")
                if origin and from_engine_pages(scope["app"].state.parts.settings, origin):
                    headers["Access-Control-Allow-Origin"] = origin
                    headers.update(_ALLOWED)
            await send(message)

        await self.app(scope, receive, with_headers)
