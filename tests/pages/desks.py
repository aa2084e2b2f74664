"""People who work a case on the pages of the whole product, each with a Chromium of their own: clicks and typing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from playwright.async_api import Browser, ConsoleMessage, Locator, Page

from core.embedded.people import kept
from tests.pages.looks import SMALL, SQUEEZED, WIDE

Answer = str | Path | Sequence[Mapping[str, str]]
"""What is chosen or typed, a file to upload, or the lines of a table."""
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DESK = {"viewport": {"width": 1280, "height": 900}}
_SHORT_NAMES = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")
_PATIENCE = 20_000
"""Milliseconds until something on a page must have come."""


class Desks:
    """Everybody's browser; who is on the way has a phone."""

    def __init__(
        self,
        chromium: Browser,
        address: str,
        home: Path,
        on_the_way: Sequence[str] = (),
        *,
        javascript: bool = True,
    ) -> None:
        self._chromium, self._address, self._on_the_way, self._javascript = chromium, address, on_the_way, javascript
        self._passwords = {one.user: one.password for one in kept(home / "initial-passwords")}
        self._pages: dict[str, Page] = {}
        self.complaints: list[str] = []

    async def of(self, user: str) -> Page:
        """The browser of somebody, who signs in when it is first asked for."""
        if user in self._pages:
            return self._pages[user]
        how = PHONE if user in self._on_the_way else DESK
        context = await self._chromium.new_context(
            base_url=self._address, locale="en-GB", java_script_enabled=self._javascript, **how
        )
        page = self._pages[user] = await context.new_page()
        page.set_default_timeout(_PATIENCE)
        page.on("console", lambda message: self._listen(user, message))
        page.on("pageerror", lambda error: self.complaints.append(f"{user}: {error}"))
        await page.goto("/sign-in")
        await page.fill("#user", user)
        await page.fill("#password", self._passwords[user])
        await page.click("main button")
        await page.wait_for_url("**/")
        await self.look(user, page)
        return page

    def _listen(self, user: str, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "422" not in message.text:
            self.complaints.append(f"{user}: {message.text}")

    async def look(self, user: str, page: Page) -> None:
        """Reads a page as somebody would: it fits the screen, a thumb meets everything, no name of the code shows."""
        told = page.url.removeprefix(self._address)
        too_wide = await page.evaluate(WIDE)
        too_small = await page.evaluate(SMALL) if user in self._on_the_way else []
        short = sorted(set(_SHORT_NAMES.findall(await page.inner_text("body"))))
        squeezed = await page.evaluate(SQUEEZED)
        found = (("too wide", too_wide), ("squeezed", squeezed), ("too small", too_small), ("not for people", short))
        self.complaints += [f"{told}, {user}: {what}: {which}" for what, which in found if which]


class CaseOnPages:
    """One case, from the request to the archive."""

    def __init__(self, desks: Desks, zone: str) -> None:
        self._desks, self._zone = desks, ZoneInfo(zone)
        self.case_id = ""

    def at(self, **later: float) -> str:
        """An instant from now on as it is typed, in the zone of the case."""
        return (datetime.now(self._zone) + timedelta(**later)).strftime("%Y-%m-%dT%H:%M")

    async def request_refused(self, user: str, words: str, **answers: Answer) -> None:
        """Sends in a wrong request, and reads at the top of the form what is wrong, with everything typed kept."""
        page, form = await self._request(user, answers)
        await form.get_by_role("button", name="Open the case").click()
        await self._reads_problem(user, page, words)

    async def opened(self, user: str, **answers: Answer) -> None:
        """Opens the case, or corrects a request that was refused; a name such as `customer__phone` is dotted there."""
        page, form = await self._request(user, answers)
        await form.get_by_role("button", name="Open the case").click()
        await page.wait_for_url(re.compile(r"/cases/C-[0-9A-Z]{10}"))
        self.case_id = page.url.rpartition("/cases/")[2].partition("?")[0]
        await self.now(user, "due")

    async def _request(self, user: str, answers: Mapping[str, Answer]) -> tuple[Page, Locator]:
        page = await self._desks.of(user)
        if not await page.locator("[data-problems]").count():
            await page.goto("/")
            await page.get_by_role("navigation").get_by_role("link", name="Open a case").click()
        form = page.locator('form[action="/cases/new"]')
        await _enter(form, "", {name.replace("__", "."): answer for name, answer in answers.items()})
        return page, form

    async def _reads_problem(self, user: str, page: Page, words: str) -> None:
        found = page.locator("[data-problems]")
        await found.wait_for()
        said = await found.inner_text()
        assert words in said, said
        await self._desks.look(user, page)

    async def is_refused(self, user: str, key: str, words: str, **answers: Answer) -> None:
        """Sends in a wrong answer to a task, and reads at the top of the form what is wrong, with nothing sent."""
        page, form = await self._form(user, key)
        await _enter(form, "outcome.", answers)
        await form.get_by_role("button", name="Complete").click()
        await self._reads_problem(user, page, words)

    async def does(self, user: str, key: str, **answers: Answer) -> None:
        """Takes a task from My work, answers its form and completes it."""
        page, form = await self._form(user, key)
        await _enter(form, "outcome.", answers)
        await self._desks.look(user, page)
        await page.evaluate("document.documentElement.dataset.left = ''")  # the next page, not this one, says more
        await form.get_by_role("button", name="Complete").click()
        problems = page.locator("[data-problems]")
        await page.locator("html:not([data-left]) .said:visible").first.wait_for()
        said = await problems.inner_text() if await problems.count() else ""
        assert "said=completed" in page.url, f"{key}: {said}"

    async def says_word(self, user: str, **answers: Answer) -> None:
        """Gives a member's word to the panel; each member has a task of their own, whatever its number."""
        page, start = await self._desks.of(user), f"/tasks/{self.case_id}.panel_word"
        await page.goto("/")
        place = f'.row .what a[href^="{start}"]'
        await self._until(page, lambda _: True, place)
        href = await page.locator(place).first.get_attribute("href") or ""
        await self.does(user, href.rpartition(".")[2], **answers)

    async def tells(self, user: str, act: str, **answers: Answer) -> None:
        """Does something with the case beside its tasks."""
        page = await self.seen_by(user)
        link = page.locator(f'main a[href$="/do/{act}"]:visible')  # a phone has some of them in the menu
        if not await link.is_visible():
            await page.locator(".does > .pop > summary").click()
        await link.click()
        form = page.locator("main form")
        await _enter(form, f"{act}.", answers)
        if await form.locator("#f-sure").count():
            await form.locator("#f-sure").check()
        await self._desks.look(user, page)
        await form.locator("button").click()
        await page.wait_for_url("**?said=told")

    async def seen_by(self, user: str) -> Page:
        """The page of the case, in somebody's browser."""
        page = await self._desks.of(user)
        await page.goto(f"/cases/{self.case_id}")
        await self._desks.look(user, page)
        return page

    async def now(self, user: str, *words: str) -> None:
        """Waits until the case says these words where it says what goes on now."""
        page = await self.seen_by(user)
        await self._until(page, lambda text: all(one in text for one in words), ".now")

    async def customer_reads(self, *words: str) -> None:
        """Opens the tracking link and waits for these words."""
        page = await self.seen_by("admin")
        link = await page.get_by_role("link", name="Tracking link").get_attribute("href")
        await page.goto(link or "")
        await self._desks.look("the customer", page)
        await self._until(page, lambda text: all(one in text for one in words), "main")

    async def ended(self, user: str, result: str) -> None:
        """Waits until the case is closed, filed whole, with this result; looks at everything it leaves behind."""
        await self.now(user, result)
        page = await self.seen_by(user)
        for details in reversed(await page.locator("ol.time details:not([open]) > summary").all()):
            await details.click()
        await self._desks.look(user, page)
        assert await page.locator(".track > ol > li:not(.is-done, .is-skipped)").count() == 0

    async def _form(self, user: str, key: str) -> tuple[Page, Locator]:
        page, task = await self._desks.of(user), f"/tasks/{self.case_id}.{key}"
        form = page.locator(f'form[action="{task}/complete"]')
        if not await form.count():
            if urlsplit(page.url).path != "/":  # a completed task led there already
                await page.goto("/")
            await self._until(page, lambda _: True, f'.row a[href="{task}"]')
            await page.click(f'.row .what a[href="{task}"]')
            await page.wait_for_url(f"**{task}")
            if await page.get_by_role("button", name="Claim").count():
                await page.get_by_role("button", name="Claim").click()
                await page.wait_for_url("**?said=claimed")
        return page, form

    @staticmethod
    async def _until(page: Page, holds: object, place: str) -> None:
        """Loads a page again until a place on it is there and says what it should."""
        assert callable(holds)
        text, found = "", page.locator(place).first
        for _ in range(_PATIENCE // 250):
            if await found.count() and holds(text := await found.inner_text()):
                return
            await page.wait_for_timeout(250)
            await page.reload()
        raise AssertionError(f"{page.url}: {place} never came so far: {text or await page.inner_text('main')}")


async def _enter(form: Locator, prefix: str, answers: Mapping[str, Answer]) -> None:
    """Answers a form in the order in which it was told."""
    for name, answer in answers.items():
        if isinstance(answer, Path):
            await form.locator(f'[name="{prefix}{name}.files"]').set_input_files(answer)
        elif isinstance(answer, str):
            await _answer(form, f"{prefix}{name}", answer)
        else:
            for number, line in enumerate(answer):
                for column, text in line.items():
                    await _answer(form, f"{prefix}{name}.{number}.{column}", text)


async def _answer(form: Locator, name: str, text: str) -> None:
    field = form.locator(f'[name="{name}"]')
    kind = await field.first.evaluate("one => one.type")
    if kind == "radio":
        await form.locator(f'label:has([name="{name}"][value="{text}"])').click()
    elif kind == "select-one":
        await field.select_option(text)
    else:
        await field.fill(text)
