"""Security headers on every answer; one log line a request, and an answer to every mistake, without personal data."""

from __future__ import annotations

import secrets
import time

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import unexpected
from core.logging import get_logger

SECURITY = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}
CUSTOMERS = {
    "/t/": {"X-Robots-Tag": "noindex, nofollow, noarchive"},
    "/request": {"X-Robots-Tag": "noindex, nofollow, noarchive"},
}
"""Addresses of customers' pages begin so, and no search engine lists them. A tracking link is a secret: other sites are

told nothing of it by `Referrer-Policy: same-origin`. Without any referrer, browsers would keep from us too that a form
came from our own page.
"""
RESUMABLE = "/api/v1/attachments/resumable"
TUS = ("Tus-Resumable", "1.0.0")
_log = get_logger("api.request")


class SecurityHeaders:
    """Adds the headers that an answer does not set itself; JSON and pages of people are never cached by others."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers with the headers added."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**SECURITY, **_of_customers(scope["path"])}.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith(RESUMABLE):
                    headers.setdefault(*TUS)  # on refusals too, as its clients expect
                headers.setdefault("Cache-Control", _kept(scope["path"], scope["query_string"]))
            await send(message)

        await self.app(scope, receive, with_headers)


def _kept(path: str, query: bytes) -> str:
    """How long an answer may be kept: a file of ours for good under the mark of its content, else until it changes."""
    if not path.startswith("/static/"):
        return "no-store"
    return "public, max-age=31536000, immutable" if query.startswith(b"v=") else "no-cache"


def _of_customers(path: str) -> dict[str, str]:
    return next((headers for begin, headers in CUSTOMERS.items() if path.startswith(begin)), {})


class RequestLog:
    """Logs method, route, status and time of each request: the route's template, never what stood in its place.

    A mistake of ours is answered here, so that nothing above it writes the values it was made with into the log.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, then logs."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun, status, request, begun_to_answer = time.perf_counter(), 500, secrets.token_hex(6), False

        async def watched(message: Message) -> None:
            nonlocal status, begun_to_answer
            if message["type"] == "http.response.start":
                begun_to_answer = True
                status = message["status"]
                MutableHeaders(scope=message).setdefault("X-Request-ID", request)
            await send(message)

        try:
            await self.app(scope, receive, watched)
        except Exception as error:  # noqa: BLE001 - the last place that can answer; whoever is above would log values
            answer = unexpected(Request(scope), error)
            if not begun_to_answer:
                await answer(scope, receive, watched)
        finally:
            route = getattr(scope.get("route"), "path", "(none)")
            took = round((time.perf_counter() - begun) * 1000, 1)
            say = _log.debug if route in ("/healthz", "/readyz") else _log.info
            say("request", request=request, method=scope["method"], route=route, status=status, ms=took)
