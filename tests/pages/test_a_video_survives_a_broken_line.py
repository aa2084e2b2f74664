"""A large file that is chosen on a page goes ahead of the form, in parts, through a line that breaks."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.async_api import Browser, Page, Route

from api.parts import Parts
from store.attachments import find_attachment
from tests.pages.in_chromium import IN_CHROMIUM, address, app, chromium
from tests.pages.test_pages_in_a_real_browser import _signed_in

pytestmark = IN_CHROMIUM
__all__ = ["address", "app", "chromium"]  # fixtures of the tests in a browser
SIZE = 9 * 1024 * 1024
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42" + bytes(SIZE - 24)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    file = tmp_path / "noise 刀.mp4"
    file.write_bytes(MP4)
    return file


async def _choose(page: Page, file: Path) -> None:
    await page.locator("input[type=file]").first.set_input_files(file)


async def test_it_goes_on_by_itself_and_the_form_names_it(
    chromium: Browser, address: str, app: FastAPI, video: Path
) -> None:
    page, complaints = await _signed_in(chromium, address, "lin")
    broken: list[str] = []

    async def breaks(route: Route) -> None:
        if route.request.method == "PATCH" and len(broken) < 2:
            broken.append(route.request.method)
            await route.abort("connectionreset")
        else:
            await route.continue_()

    await page.route("**/attachments/resumable/**", breaks)
    await page.goto("/cases/new?plan=rapid-response")
    await _choose(page, video)
    await page.wait_for_selector("text=the line is broken")
    tick = page.locator("ul.ticks input[type=checkbox]")
    await tick.wait_for(timeout=30_000)
    assert await tick.is_checked()
    assert "noise 刀.mp4" in await page.locator("ul.ticks label").inner_text()
    parts: Parts = app.state.parts
    async with parts.database.reading() as session:
        stored = await find_attachment(session, await tick.input_value())
    assert stored is not None
    assert (stored.size, stored.file_name, stored.uploaded_by) == (SIZE, "noise 刀.mp4", "lin")
    assert len(broken) == 2
    assert [text for text in complaints if "CONNECTION_RESET" not in text] == []


async def test_what_is_refused_is_told_beside_the_field(chromium: Browser, address: str, tmp_path: Path) -> None:
    page, _ = await _signed_in(chromium, address, "lin")
    await page.goto("/cases/new?plan=rapid-response")
    wrong = tmp_path / "noise.mp4"
    wrong.write_bytes(b"no video at all " * 200_000)
    await _choose(page, wrong)
    await page.wait_for_selector("ul.ticks >> text=this is no photo")


async def test_a_form_waits_for_its_files(chromium: Browser, address: str, video: Path) -> None:
    page, _ = await _signed_in(chromium, address, "lin")
    await page.goto("/cases/new?plan=rapid-response")

    async def never(route: Route) -> None:
        await route.abort()

    await page.route("**/attachments/resumable", never)
    await _choose(page, video)
    await page.locator("main form[enctype] button.go").last.click()
    await page.wait_for_selector("text=the form goes once it is uploaded")
    assert "/cases/new" in page.url
