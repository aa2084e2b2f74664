"""People in front of a house's pages, each with a window of their own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Literal

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Dialog, Error, Page, ViewportSize

from api.signin import SESSION_COOKIE
from tests.browser.house import House

PHONE = ViewportSize(width=390, height=844)
DESK = ViewportSize(width=1280, height=900)
_PATIENCE = 30_000
"""Milliseconds until something on a page must have come."""


class Visitors:
    """Opens windows; what their pages complain about is collected.

    Windows to look by may be kept for further visitors of the same house.
    """

    def __init__(self, chromium: Browser, house: House, kept: dict[str | None, Page] | None = None) -> None:
        self._chromium, self._house = chromium, house
        self._contexts: list[BrowserContext] = []
        self._kept: dict[str | None, Page] = {} if kept is None else kept
        self._deaf: list[Callable[[], None]] = []
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
        self._listen(page)
        return page

    async def looking(self, user: str | None) -> Page:
        """A window at a desk, in light colours, for those who look and enter nothing.

        Others have looked at pages by it before: a window of one's own takes Chromium three times as long as a page.
        """
        page = self._kept.get(user)
        if page is None:
            page = self._kept[user] = await self.window(user)
            self._contexts.remove(page.context)
        else:
            await page.emulate_media(color_scheme="light")
            await page.set_viewport_size(DESK)
            self._listen(page)
        return page

    def _listen(self, page: Page) -> None:
        def said(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning") and not any(one in message.text for one in self.expected):
                self.complaints.append(f"{page.url}: {message.text}")

        def broke(error: Error) -> None:
            self.complaints.append(f"{page.url}: {error}")

        def asked(dialog: Dialog) -> None:
            self.complaints.append(f"{page.url} opened a dialog: {dialog.message}")

        page.on("console", said)
        page.on("pageerror", broke)
        page.on("dialog", asked)
        heard = (("console", said), ("pageerror", broke), ("dialog", asked))
        self._deaf += [partial(page.remove_listener, event, hear) for event, hear in heard]

    async def leave(self) -> None:
        """Closes every window but those that are kept, and hears nothing any more."""
        for page in self._kept.values():
            await page.goto("about:blank")  # no page of this visit goes on
        for context in self._contexts:
            await context.close()
        for deaf in self._deaf:
            deaf()
