"""An engineer's phone in a basement: the network is cut and comes back, in Chromium with a phone's screen."""

from __future__ import annotations

import io
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from fastapi import FastAPI
from PIL import Image
from playwright.async_api import Browser, BrowserContext, Page, expect

from store.sign_ins import end_sessions_of
from tests.pages.desks import PHONE
from tests.pages.in_chromium import IN_CHROMIUM, address, app, chromium
from tests.pages.looks import FAINT, SMALL, WIDE
from tests.pages.making import HOSTILE, FakeEngine, MadeCase

__all__ = ["address", "app", "chromium"]  # fixtures of the tests in a browser
pytestmark = IN_CHROMIUM
Project = Callable[[MadeCase], Awaitable[None]]
SIGN = "/tasks/C-0000000001.acceptance"
VISIT = "/tasks/C-0000000001.site_visit"
TRAVEL = timedelta(seconds=20)
"""What a page may take from the server to the phone: its clock is behind by that."""
KEPT = """async () => {
  const kept = [];
  for (const name of await caches.keys()) {
    for (const { url } of await (await caches.open(name)).keys()) kept.push(new URL(url).pathname);
  }
  return kept;
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def made(made_case: Callable[..., MadeCase], project: Project) -> MadeCase:
    found = made_case(1)
    found.offer("acceptance", assignee="wei")
    found.offer("site_visit", assignee="wei")
    await project(found)
    return found


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    made = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(made, "JPEG")
    file = tmp_path / "spindle.jpg"
    file.write_bytes(made.getvalue())
    return file


async def _phone(chromium: Browser, address: str, user: str) -> tuple[BrowserContext, Page]:
    context = await chromium.new_context(base_url=address, locale="en-GB", **PHONE)  # type: ignore[arg-type]
    page = await context.new_page()
    await _sign_in(page, user)
    return context, page


async def _sign_in(page: Page, user: str) -> None:
    await page.goto("/sign-in")
    await page.fill("#user", user)
    await page.fill("#password", "correct horse")
    await page.click("main button")
    await page.wait_for_url("**/")


async def _copied(page: Page, *paths: str) -> None:
    """Waits until the pages are on the phone."""
    kept: list[str] = []
    for _ in range(100):
        kept = await page.evaluate(KEPT)
        if set(paths) <= set(kept):
            return
        await page.wait_for_timeout(200)
    raise AssertionError(f"never copied {paths}, only {kept}")


async def _inspect(page: Page, cause: str) -> None:
    """Fills in what a visit found."""
    await page.check('[name="outcome.result"][value=inspected]')
    await page.fill('[name="outcome.cause"]', cause)
    await page.check('[name="outcome.proposal"][value=repair]')
    await page.fill('[name="outcome.explanation"]', "A new bearing, about an hour")


async def test_a_signed_acceptance_with_a_photo_waits_and_is_sent_once(
    chromium: Browser, address: str, made: MadeCase, engine: FakeEngine, photo: Path
) -> None:
    context, page = await _phone(chromium, address, "wei")
    await _copied(page, "/", "/outbox", SIGN, VISIT)
    await context.set_offline(True)
    await page.goto(SIGN)
    assert await page.get_by_text("No network. You see the copy on this phone").is_visible()
    for name in ("decision=accepted", "signature=electronic"):
        field, _, value = name.partition("=")
        await page.check(f'[name="outcome.{field}"][value={value}]')
    await page.fill('[name="outcome.checks"]', "Runs at 8,000 rpm without noise")
    await page.fill('[name="outcome.signed_by"]', "Ms Wen")
    box = await page.locator(".pad canvas").bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 40, box["y"] + 60)
    await page.mouse.down()
    await page.mouse.move(box["x"] + 180, box["y"] + 120, steps=8)
    await page.mouse.up()
    await page.set_input_files('[name="outcome.attachments.camera.files"]', photo)
    for look in (WIDE, SMALL, FAINT):
        assert await page.evaluate(look) == []
    before = datetime.now(UTC)
    await page.get_by_role("button", name="Complete").click()
    await page.wait_for_url("**/outbox?kept=*")
    await page.wait_for_selector("text=waits for the network")
    await page.locator(".bottom [data-outbox-count]", has_text=re.compile("^1$")).wait_for()
    assert engine.completions == []
    await page.goto(SIGN)
    await page.get_by_text("It waits to be sent").wait_for(state="visible")
    await page.goto("/outbox")
    for look in (WIDE, SMALL, FAINT):
        assert await page.evaluate(look) == []
    away = datetime.now(UTC)
    await context.set_offline(False)
    await page.wait_for_selector(".entry .tag.fine", timeout=20_000)
    assert len(engine.completions) == 1
    completion = engine.completions[0][2]
    assert completion["outcome"]["signed_by"] == "Ms Wen"
    assert completion["outcome"]["evidence"] == "Signed by hand on this page: signature.png"
    assert len(completion["outcome"]["attachments"]) == 2
    assert before - TRAVEL <= datetime.fromisoformat(completion["happened_at"]) <= away
    await page.reload()
    await page.wait_for_selector(".entry .tag.fine")
    assert len(engine.completions) == 1


async def test_a_task_finished_by_somebody_else_is_explained_and_nothing_lost(
    chromium: Browser, address: str, made: MadeCase, project: Project, engine: FakeEngine
) -> None:
    context, page = await _phone(chromium, address, "wei")
    await _copied(page, VISIT)
    await context.set_offline(True)
    await page.goto(VISIT)
    await _inspect(page, f"Bearing ran dry {HOSTILE}")
    await page.get_by_role("button", name="Complete").click()
    await page.wait_for_selector("text=waits for the network")
    made.complete(made.tasks[1], {"result": "inspected", "cause": "Belt torn"})
    await project(made)
    await context.set_offline(False)
    await page.wait_for_selector("text=This task was completed by Lin Yue", timeout=20_000)
    await page.get_by_text("What you entered", exact=True).click()
    assert await page.get_by_text(f"Bearing ran dry {HOSTILE}").is_visible()
    assert await page.locator("img[src=x], script:not([src])").count() == 0
    await page.get_by_role("button", name="Add it to the case").click()
    await page.wait_for_selector("text=Nothing waits")
    assert engine.completions == []
    case_id, name, message = engine.signals[0]
    assert (case_id, name) == (made.case_id, "add_information")
    assert f"Bearing ran dry {HOSTILE}" in message["text"]


async def test_what_was_refused_is_opened_with_all_that_was_typed_and_sent_again(
    chromium: Browser, address: str, made: MadeCase, engine: FakeEngine
) -> None:
    context, page = await _phone(chromium, address, "wei")
    await _copied(page, VISIT)
    await context.set_offline(True)
    await page.goto(VISIT)
    await page.check('[name="outcome.result"][value=inspected]')
    await page.fill('[name="outcome.cause"]', "Bearing ran dry")
    await page.get_by_role("button", name="Complete").click()
    await page.wait_for_selector("text=waits for the network")
    await context.set_offline(False)
    await page.wait_for_selector("text=not taken", timeout=20_000)
    await page.get_by_role("link", name="Open the task with it").click()
    await page.wait_for_url("**/tasks/**")
    await expect(page.locator('[name="outcome.cause"]')).to_have_value("Bearing ran dry", timeout=20_000)
    await _inspect(page, "Bearing ran dry, seal torn")
    await page.get_by_role("button", name="Complete").click()
    await page.wait_for_url("**/?said=completed*")
    assert [one[2]["outcome"]["cause"] for one in engine.completions] == ["Bearing ran dry, seal torn"]
    await page.goto("/outbox")
    assert await page.get_by_text("Nothing waits").is_visible()


async def test_a_sign_in_that_ended_meanwhile_is_asked_for_and_the_entry_sent_after_it(
    chromium: Browser, address: str, app: FastAPI, made: MadeCase, engine: FakeEngine
) -> None:
    context, page = await _phone(chromium, address, "wei")
    await _copied(page, "/outbox", VISIT)
    await context.set_offline(True)
    await page.goto(VISIT)
    await _inspect(page, "Bearing ran dry")
    await page.get_by_role("button", name="Complete").click()
    await page.wait_for_selector("text=waits for the network")
    async with app.state.parts.database.session() as session:
        await end_sessions_of(session, "wei")
    await context.set_offline(False)
    await page.wait_for_selector("text=Your sign-in has ended", timeout=20_000)
    assert engine.completions == []
    await page.locator("[data-signed-out] a").click()
    await page.fill("#user", "wei")
    await page.fill("#password", "correct horse")
    await page.click("main button")
    await page.wait_for_url("**/outbox")
    await page.wait_for_selector(".entry .tag.fine", timeout=20_000)
    assert [one[2]["outcome"]["cause"] for one in engine.completions] == ["Bearing ran dry"]


async def test_signing_out_takes_the_copies_away_and_nobody_sees_those_of_another(
    chromium: Browser, address: str, made: MadeCase
) -> None:
    context, page = await _phone(chromium, address, "wei")
    await _copied(page, VISIT)
    await page.locator(".me > summary").click()
    await page.get_by_role("button", name="Sign out").click()
    await page.wait_for_url("**/sign-in")
    assert [one for one in await page.evaluate(KEPT) if not one.startswith("/static/")] == []
    await _sign_in(page, "tom")
    await _copied(page, "/outbox")
    await context.set_offline(True)
    await page.goto(VISIT)
    assert await page.get_by_text("The page you wanted is not on this phone").is_visible()
    assert "Rattles since Monday" not in await page.content()
