"""English, Chinese and Italian on a phone: chosen by clicks, and spoken by pages and scripts alike."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.async_api import Page, expect

from tests.browser.house import House
from tests.browser.visitors import Visitors
from tests.pages.looks import SMALL, SQUEEZED, WIDE


@dataclass(frozen=True)
class Spoken:
    """What a person looks for on the pages in their language."""

    code: str
    work: str
    clock: str
    claim: str
    room: str
    complete: str
    recorded: str
    asked: str


LANGUAGES = (
    Spoken(
        "en", "My work", r"[34] h.* left", "Claim", r"^Characters left: 1$", "Complete", "Recorded", "Ask for service"
    ),
    Spoken("zh-CN", "我的工作", r"剩余 ?[34] ?小时", "认领", r"^还可输入 1 个字符$", "完成", "已记录", "申请服务"),
    Spoken(
        "it",
        "Il mio lavoro",
        r"restano [34] h",
        "Prendi",
        r"^Caratteri rimasti: 1$",
        "Completa",
        "Registrato",
        "Chiedi assistenza",
    ),
)
SPOKEN = pytest.mark.parametrize("spoken", LANGUAGES, ids=[one.code for one in LANGUAGES])


async def _fits(page: Page, spoken: Spoken) -> None:
    await expect(page.locator("html")).to_have_attribute("lang", spoken.code)
    for look in (WIDE, SMALL, SQUEEZED):
        assert await page.evaluate(look) == [], page.url


async def _choose(page: Page, code: str) -> None:
    await page.goto("/me")
    await page.locator(f'label:has([name=language][value="{code}"])').click()
    await page.locator('form[action="/me"] button').click()
    await page.wait_for_url("**/me?said=chosen")


@SPOKEN
async def test_a_task_is_done_in_the_language_somebody_chose(visitors: Visitors, house: House, spoken: Spoken) -> None:
    made = house.case("安装后有异响 · loud since Monday")
    made.offer("contact_customer", due_in=4)
    await house.project(made)
    page = await visitors.window("mei", phone=True, language="de-DE")
    try:
        await _choose(page, spoken.code)
        await _fits(page, spoken)
        await page.goto("/")
        await expect(page.locator("h1")).to_have_text(spoken.work)
        await _fits(page, spoken)
        task = f"/tasks/{made.case_id}.contact_customer"
        clock = page.locator(f'.row:has(a[href="{task}"]) [data-due]').first
        await clock.evaluate("one => { one.textContent = '' }")
        await expect(clock).to_have_text(re.compile(spoken.clock))  # written again by the script, in the same words
        await page.locator(f'.row .what a[href="{task}"]').click()
        await page.get_by_role("button", name=spoken.claim).click()
        await page.wait_for_url("**?said=claimed")
        await page.locator('label:has([name="outcome.reached"][value=yes])').click()
        field = page.locator('[name="outcome.requirement"]')
        longest = int(await field.get_attribute("data-longest") or 0)
        await field.fill("静" * (longest - 1))
        await expect(page.locator(".hint.left:visible")).to_have_text(re.compile(spoken.room))
        await _fits(page, spoken)
        await page.get_by_role("button", name=spoken.complete, exact=True).click()
        await page.wait_for_url("**said=completed**")
        await expect(page.locator(".said").first).to_contain_text(spoken.recorded)
        assert house.engine.completions[-1][2]["outcome"]["requirement"] == "静" * (longest - 1)
    finally:
        await _choose(page, "")


@SPOKEN
async def test_a_customer_is_asked_and_told_in_the_language_of_their_phone(
    visitors: Visitors, house: House, spoken: Spoken
) -> None:
    page = await visitors.window(None, phone=True, language=spoken.code)
    await page.goto("/request/rapid-response")
    await expect(page.locator("h1")).to_contain_text(spoken.asked)
    await _fits(page, spoken)
    await page.goto(f"/t/{house.examples['t']}")
    await _fits(page, spoken)
