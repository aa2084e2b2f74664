"""People in front of a house's pages, each with a window of their own."""

from __future__ import annotations

from typing import Literal

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize

from api.signin import SESSION_COOKIE
from tests.browser.house import House

PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=900)
_PATIENCE = 30_000
"""Milliseconds until something on a page must have come."""


class Visitors:
    """Opens windows; what their pages complain about is collected."""

    def __init__(self, chromium: Browser, house: House) -> None:
        self._chromium, self._house = chromium, house
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        self.expected = {"422"}
        """What a browser may complain about: a form that refuses something answers 422, which it tells as an error."""

    async def window(
        self,
        user: str | None,
        *,
        phone: bool = False,
        scheme: Literal["light", "dark"] = "light",
        javascript: bool = True,
        language: str = "en-GB",
    ) -> Page:
        """A new window of somebody who is signed in, or of a stranger.

        `page.context.set_offline(True)` cuts its network.
        """
        context = await self._chromium.new_context(
            base_url=self._house.address,
            viewport=PHONE if phone else DESK,
            has_touch=phone,
            is_mobile=phone,
            color_scheme=scheme,
            java_script_enabled=javascript,
            locale=language,
        )
        self._contexts.append(context)
        if user:
            cookie = await self._house.session_of(user)
            await context.add_cookies([{"name": SESSION_COOKIE, "value": cookie, "url": self._house.address}])
        page = await context.new_page()
        page.set_default_timeout(_PATIENCE)
        page.on("console", lambda message: self._listen(page, message))
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("dialog", lambda dialog: self.complaints.append(f"{page.url} opened a dialog: {dialog.message}"))
        return page

    def _listen(self, page: Page, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not any(one in message.text for one in self.expected):
            self.complaints.append(f"{page.url}: {message.text}")

    async def leave(self) -> None:
        """Closes every window."""
        for context in self._contexts:
            await context.close()
