"""What a person typed last stands in the form, whichever of the server, the tab and the phone's copy has it."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from playwright.async_api import Browser, BrowserContext, Page, expect

from store.drafts import Draft, find_draft, save_draft
from tests.pages.in_chromium import IN_CHROMIUM, address, app, chromium
from tests.pages.test_pages_in_a_real_browser import _signed_in
from tests.pages.test_work_goes_on_without_a_network import VISIT, _copied, _phone, made

pytestmark = IN_CHROMIUM
__all__ = ["address", "app", "chromium", "made"]  # fixtures of the tests in a browser
CAUSE = '[name="outcome.cause"]'
TASK = VISIT.removeprefix("/tasks/")


async def _kept_on_the_server(app: FastAPI, cause: str, at: datetime) -> None:
    async with app.state.parts.database.session() as session:
        await save_draft(session, Draft(TASK, "wei", at, {"outcome.result": "inspected", "outcome.cause": cause}))


async def _until_on_the_server(app: FastAPI, cause: str) -> None:
    for _ in range(100):
        async with app.state.parts.database.reading() as session:
            draft = await find_draft(session, TASK, "wei")
        if draft and draft.texts.get("outcome.cause") == cause:
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"never saved {cause!r}")


async def _type(page: Page, cause: str) -> None:
    await page.check('[name="outcome.result"][value=inspected]')
    await page.fill(CAUSE, cause)


@pytest.mark.usefixtures("made")
async def test_text_typed_after_the_draft_was_saved_wins_over_the_draft_and_is_saved(
    chromium: Browser, address: str, app: FastAPI
) -> None:
    page, _ = await _signed_in(chromium, address, "wei", service_workers="block")
    await _kept_on_the_server(app, "Bearing ran dry", datetime.now(UTC) - timedelta(minutes=5))
    await page.goto(VISIT)
    await page.route(f"**{VISIT}/draft", lambda route: route.abort())
    await page.fill(CAUSE, "Bearing ran dry, seal torn")
    await page.reload()
    assert await page.input_value(CAUSE) == "Bearing ran dry, seal torn"
    await page.unroute(f"**{VISIT}/draft")
    await _until_on_the_server(app, "Bearing ran dry, seal torn")


@pytest.mark.usefixtures("made")
async def test_a_field_that_was_emptied_stays_empty(chromium: Browser, address: str, app: FastAPI) -> None:
    page, _ = await _signed_in(chromium, address, "wei", service_workers="block")
    await _kept_on_the_server(app, "Bearing ran dry", datetime.now(UTC) - timedelta(minutes=5))
    await page.goto(VISIT)
    await page.route(f"**{VISIT}/draft", lambda route: route.abort())
    await page.fill(CAUSE, "")
    await page.reload()
    assert await page.input_value(CAUSE) == ""


@pytest.mark.usefixtures("made")
async def test_a_draft_saved_later_on_another_device_stands_and_the_tabs_text_is_offered(
    chromium: Browser, address: str, app: FastAPI
) -> None:
    page, _ = await _signed_in(chromium, address, "wei", locale="en-GB", service_workers="block")
    await page.goto(VISIT)
    await page.route(f"**{VISIT}/draft", lambda route: route.abort())
    await _type(page, "Typed at the desk")
    await _kept_on_the_server(app, "Typed on the phone", datetime.now(UTC) + timedelta(seconds=30))
    await page.reload()
    assert await page.input_value(CAUSE) == "Typed on the phone"
    other = page.get_by_role("button", name="Show the other text")
    await other.click()
    assert await page.input_value(CAUSE) == "Typed at the desk"
    await other.click()
    assert await page.input_value(CAUSE) == "Typed on the phone"
    await page.fill(CAUSE, "Typed on the phone, and more")
    await page.reload()
    assert await page.input_value(CAUSE) == "Typed on the phone, and more"
    await other.click()
    assert await page.input_value(CAUSE) == "Typed at the desk"


@pytest.mark.usefixtures("made")
async def test_nobody_else_who_signs_in_in_this_tab_gets_the_text(chromium: Browser, address: str) -> None:
    page, _ = await _signed_in(chromium, address, "wei", locale="en-GB", service_workers="block")
    await page.goto(VISIT)
    await page.route(f"**{VISIT}/draft", lambda route: route.abort())
    await _type(page, "Bearing ran dry")
    await page.context.clear_cookies()
    await page.goto("/sign-in")
    await page.fill("#user", "admin")
    await page.fill("#password", "correct horse")
    await page.click("main button")
    await page.wait_for_url("**/")
    await page.goto(VISIT)
    assert await page.input_value(CAUSE) == ""


async def _with_an_old_copy(chromium: Browser, address: str) -> tuple[BrowserContext, Page, Any]:
    """A phone that shows the visit, and the copy that it keeps of that by now."""
    context, page = await _phone(chromium, address, "wei")
    await _copied(page, VISIT)
    await page.goto(VISIT)
    return context, page, await page.evaluate(_COPY, VISIT)


@pytest.mark.usefixtures("made")
async def test_a_copy_from_before_the_draft_does_not_hide_what_was_saved(
    chromium: Browser, address: str, app: FastAPI
) -> None:
    context, page, old = await _with_an_old_copy(chromium, address)
    await _type(page, "Bearing ran dry")
    await _until_on_the_server(app, "Bearing ran dry")
    await expect(page.locator("[data-saved]")).to_have_text(re.compile("Draft saved"))
    await page.wait_for_timeout(1000)
    await page.evaluate(_PUT_BACK, [VISIT, old])
    await context.set_offline(True)
    await page.reload()
    assert await page.locator("html").get_attribute("data-copy")
    assert await page.input_value(CAUSE) == "Bearing ran dry"


@pytest.mark.usefixtures("made")
async def test_the_button_on_a_slow_line_loses_nothing_when_an_old_copy_answers(
    chromium: Browser, address: str, app: FastAPI
) -> None:
    context, page, old = await _with_an_old_copy(chromium, address)
    await page.route(f"**{VISIT}/draft", lambda route: route.abort())
    await _type(page, "Bearing ran dry")
    await page.evaluate("place => sessionStorage.setItem('typed:sent', place)", f"typed:wei:{VISIT}:complete")
    await page.evaluate(_PUT_BACK, [VISIT, old])
    await context.set_offline(True)
    await page.goto(f"{VISIT}?said=kept")
    assert await page.input_value(CAUSE) == "Bearing ran dry"


@pytest.mark.usefixtures("made")
async def test_the_copy_is_made_anew_once_a_draft_was_saved(chromium: Browser, address: str, app: FastAPI) -> None:
    context, page = await _phone(chromium, address, "wei")
    await _copied(page, VISIT)
    await page.goto(VISIT)
    await page.wait_for_timeout(1500)  # the copy of this visit is kept
    await _type(page, "Bearing ran dry")
    await _until_on_the_server(app, "Bearing ran dry")
    await page.wait_for_function(
        f"async () => (await ({_COPY})('{VISIT}')).includes('Bearing ran dry')", timeout=10_000
    )
    await context.set_offline(True)
    fresh = await context.new_page()  # a tab that has typed nothing
    await fresh.goto(VISIT)
    assert await fresh.input_value(CAUSE) == "Bearing ran dry"


_COPY = """async (path) => {
  for (const name of await caches.keys()) {
    const found = await (await caches.open(name)).match(path);
    if (found) return found.text();
  }
}"""
_PUT_BACK = """async ([path, text]) => {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    const found = await cache.match(path);
    if (found) await cache.put(path, new Response(text, { headers: found.headers }));
  }
}"""
