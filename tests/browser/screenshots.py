"""Takes the pictures of docs/screenshots: every page on sample data, at a desk, on a phone and in the dark.

    make screenshots
    .venv/bin/python -m tests.browser.screenshots [FOLDER] [--only my-work]

Each is a WebP named after its page: `case.webp`, `case.phone.webp`, `case.dark.webp`.
"""

# ruff: noqa: T201 - a program that says what it does
from __future__ import annotations

import argparse
import asyncio
import io
import re
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Browser, BrowserContext, FloatRect, Page, async_playwright

from core.embedded.people import kept
from tests.browser.places import FILES, PAGES, address, visitor
from tests.browser.visitors import DESK, PHONE
from tests.pages.looks import ARGUMENTS, CHROMIUM
from tests.platform.product import Product

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
_SAMPLES = 25
_WITHIN = 300.0
"""Seconds within which the sample cases have come."""
_TALLEST = 1600
_MOST_BYTES = 4_000_000
_LOOKERS = {
    "/": "lin.yue",
    "/dispatch": "qian.wei",
    "/escalations": "chen.an",
    "/outbox": "shen.tao",
}
"""Who looks at a page that shows each person something else; the others are looked at by the administrator."""
_NAMES = {"/": "my-work", "/cases/{case_id}": "case", "/tasks/{task_id}": "task", "/t/{token}": "customer"}
_LEFT_OUT = {"/reports/issued", "/knowledge/{article_id}/versions/{number}", "/request/held/{request_id}", "/requests"}
"""Pages that the sample data has nothing for."""


class Sample:
    """The product with its sample cases, and what stands for the parameters of addresses there."""

    def __init__(self, product: Product) -> None:
        self.product = product
        self.passwords = {one.user: one.password for one in kept(product.home / "initial-passwords")}
        self._api = product.api()

    def wait(self) -> None:
        """Waits until every sample case is there."""
        until = time.monotonic() + _WITHIN
        while len(self._api.get("/cases", limit="100")["items"]) < _SAMPLES or "sample" in self._last_line():
            if time.monotonic() > until:
                break
            time.sleep(2)
        time.sleep(10)  # the last steps of the last cases

    def _last_line(self) -> str:
        log = self.product.home / "logs" / "samples.log"
        told = [line for line in (log.read_text() if log.exists() else "").splitlines() if "Sample case" in line]
        return "" if len(told) >= _SAMPLES else "sample"

    def examples(self) -> dict[str, str]:
        """A case whose engineer is on the way, and what else has a page by a name that is known."""
        tasks = self._all("/tasks", state="ready") + self._all("/tasks", state="reserved")
        visit = next((one for one in tasks if one["kind"] == "site_visit"), tasks[0])
        case = self._api.get(f"/cases/{visit['case_id']}")
        token = case["tracking_url"].rpartition("/")[2] if case.get("tracking_url") else ""
        return {
            "cases": visit["case_id"],
            "tasks": visit["task_id"],
            "holder": visit["assignee"] or "admin",
            "do": "pause",
            "plans": "rapid-response",
            "request": "rapid-response",
            "t": token,
        }

    def _all(self, path: str, **query: str) -> list[dict[str, Any]]:
        return list(self._api.get(path, **query)["items"])


def name_of(path: str) -> str:
    """The name of a page's pictures."""
    return _NAMES.get(path) or re.sub(r"\W+", "-", re.sub(r"/\{[^}]+\}", "/one", path)).strip("-")


async def _context(chromium: Browser, sample: Sample, user: str | None, *, phone: bool) -> BrowserContext:
    context = await chromium.new_context(
        base_url=sample.product.address,
        viewport=PHONE if phone else DESK,
        is_mobile=phone,
        has_touch=phone,
        locale="en-GB",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        service_workers="block",
    )
    context.set_default_timeout(60_000)
    if user:
        page = await context.new_page()
        await page.goto("/sign-in")
        await page.fill("#user", user)
        await page.fill("#password", sample.passwords[user])
        await page.click("main button")
        await page.wait_for_url("**/")
        await page.close()
    return context


async def _tall(page: Page) -> bytes:
    height = min(await page.evaluate("document.documentElement.scrollHeight"), _TALLEST)
    clip = FloatRect(x=0, y=0, width=DESK["width"], height=max(height, DESK["height"]))
    return await page.screenshot(full_page=True, clip=clip)


async def _listed(context: BrowserContext, examples: dict[str, str]) -> None:
    """Adds the first entries of lists."""
    page = await context.new_page()
    for name in ("products", "customers", "knowledge", "actions"):
        await page.goto(f"/{name}")
        links = await page.evaluate(
            "[...document.querySelectorAll('main a[href]')].map((one) => one.getAttribute('href'))"
        )
        found = (link for link in links if re.fullmatch(rf"/{name}/(?!new)[^/?]+", link))
        if link := next(found, ""):
            examples[name] = link.rpartition("/")[2]
    await page.close()


async def take(sample: Sample, folder: Path, only: str) -> None:
    """Takes the pictures."""
    examples = sample.examples()
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        admin = await _context(chromium, sample, "admin", phone=False)
        await _listed(admin, examples)
        contexts: dict[tuple[str | None, bool], BrowserContext] = {("admin", False): admin}
        for path in PAGES:
            if path in FILES | _LEFT_OUT or only not in name_of(path):
                continue
            try:
                place = address(path, examples)
            except KeyError as missing:
                print(f"{path}: the sample data has no {missing}")
                continue
            user = examples["holder"] if path == "/tasks/{task_id}" else _LOOKERS.get(path) or visitor(path)
            for kind in ("", ".phone", ".dark"):
                phone = kind == ".phone"
                if (user, phone) not in contexts:
                    contexts[user, phone] = await _context(chromium, sample, user, phone=phone)
                page = await contexts[user, phone].new_page()
                await page.emulate_media(color_scheme="dark" if kind == ".dark" else "light")
                await page.goto(place)
                await page.wait_for_timeout(300)
                # a phone as it is held: what is fixed to its edges would stand in the middle of a longer picture
                shot = await page.screenshot() if phone else await _tall(page)
                await page.close()
                picture = Image.open(io.BytesIO(shot)).convert("RGB")
                picture.save(folder / f"{name_of(path)}{kind}.webp", "WEBP", quality=28, method=6)
            print(f"{path} as {user}", flush=True)
        await chromium.close()


def main() -> int:
    """Starts the product with sample data, takes the pictures, stops it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--only", default="", help="pages whose name contains this")
    parser.add_argument("--home", type=Path, help="the home of a product that runs already, with its sample cases")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    if given.home:
        asyncio.run(take(Sample(Product(given.home)), given.folder, given.only))
        return 0
    with tempfile.TemporaryDirectory(prefix="aftercare-pictures-") as home:
        product = Product(Path(home) / "home", "--sample-data")
        try:
            sample = Sample(product.start(within=300))
            sample.wait()
            asyncio.run(take(sample, given.folder, given.only))
        finally:
            product.stop()
    size = sum(file.stat().st_size for file in given.folder.glob("*.webp"))
    print(f"{len(list(given.folder.glob('*.webp')))} pictures, {size / 1e6:.1f} MB")
    return 0 if size <= _MOST_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
