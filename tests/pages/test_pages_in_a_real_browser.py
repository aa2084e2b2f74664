"""The pages in Debian's Chromium: what the scripts add, and what only a browser can judge."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Literal

from fastapi import FastAPI
from playwright.async_api import Browser, ConsoleMessage, Page, Route, ViewportSize

from domain.events import EventKind
from domain.knowledge import Act, ArticleContent
from store.articles import article_id_of, change_article, create_article
from tests.pages.in_chromium import IN_CHROMIUM, address, app, chromium
from tests.pages.looks import FAINT, SETTLED, SMALL, SQUEEZED, WIDE
from tests.pages.making import HOSTILE, FakeEngine, MadeCase, virtual_now

__all__ = ["address", "app", "chromium"]  # fixtures of the tests in a browser
pytestmark = IN_CHROMIUM
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]


async def _signed_in(chromium: Browser, address: str, user: str, **how: object) -> tuple[Page, list[str]]:
    context = await chromium.new_context(base_url=address, **how)  # type: ignore[arg-type]  # plain keywords
    page = await context.new_page()
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "422" not in message.text:
            complaints.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto("/sign-in")
    await page.fill("#user", user)
    await page.fill("#password", "correct horse")
    await page.click("main button")
    await page.wait_for_url("**/")
    return page, complaints


async def _fill(made_case: Make, project: Project, text: str = "Rattles since Monday") -> MadeCase:
    made = made_case(1, text)
    first = made.offer("contact_customer", due_in=-30)
    made.complete(first, {"reached": "yes", "requirement": text, "attachments": []})
    made.offer("engineer_call", due_in=0.5)
    made.offer("site_visit", due_in=30)
    late = made.offer("remote_diagnosis", due_in=3, escalation_level=1, reason=text)
    late.first_due_at = made.now - timedelta(minutes=90)
    made.add_information(text)
    made.with_costs()
    costs = [
        line.model_dump(mode="json") | {"rule": "The customer pays what the contract charges"}
        for line in made.state.costs
    ]
    made.note(EventKind.COSTS_ENTERED, data={"costs": costs})
    await project(made)
    return made


async def _article(app: FastAPI, text: str) -> str:
    """Publishes an article about the cases' product and writes a newer draft; returns its identifier."""
    article_id = article_id_of("browser")
    said = {
        "title": text[:200],
        "models": ["AX-200", text[:200]],
        "symptom": text,
        "steps": [text],
        "text": f"# {text}",
    }
    content = ArticleContent.model_validate(said)
    async with app.state.parts.database.session() as session:
        await create_article(session, article_id, content, Act.PUBLISHED, by="lin", at=virtual_now())
        newer = content.model_copy(update={"steps": (*content.steps, text[::-1])})
        await change_article(session, article_id, 1, Act.WRITTEN, newer, by="mei", at=virtual_now())
    return article_id


_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


async def test_pages_are_readable_fit_and_complain_of_nothing_on_any_screen_in_either_theme(
    chromium: Browser, address: str, made_case: Make, project: Project, app: FastAPI
) -> None:
    made = await _fill(made_case, project, f"{HOSTILE} {'W' * 90}")
    article = await _article(app, f"{HOSTILE} {'W' * 90}")
    page, complaints = await _signed_in(chromium, address, "admin")
    case = made.case_id
    paths = [
        "/",
        "/cases",
        f"/cases/{case}",
        f"/cases/{case}/do/pause",
        f"/tasks/{case}.site_visit",
        "/escalations",
        "/cases/new",
        "/cases/x",
        f"/tasks/{case}.remote_diagnosis",
        "/knowledge",
        f"/knowledge/{article}",
        f"/knowledge/{article}/versions/2",
        f"/knowledge/{article}/edit",
        "/reports",
        "/reports/issued",
        "/actions",
        "/engineers",
        "/products",
    ]
    for path in paths:
        await page.goto(path)
        for width in (1280, 390):
            await page.set_viewport_size(ViewportSize(width=width, height=844))
            assert await page.evaluate(WIDE) == [], f"{path} is too wide"
            for scheme in _SCHEMES:
                await page.emulate_media(color_scheme=scheme)
                await page.evaluate(SETTLED)
                assert await page.evaluate(FAINT) == [], f"{path}, {width}, {scheme}"
        assert await page.evaluate(SMALL) == [], path
        for closed in reversed(await page.locator("ol.time details:not([open]) > summary").all()):
            await closed.click()
        for width in (390, 1280):
            await page.set_viewport_size(ViewportSize(width=width, height=844))
            assert await page.evaluate(SQUEEZED) == [], f"{path}, {width}"
    assert [one for one in complaints if "404" not in one] == []


async def test_fields_follow_the_answers_and_typed_text_survives_a_reload(
    chromium: Browser, address: str, made_case: Make, project: Project, engine: FakeEngine
) -> None:
    made = await _fill(made_case, project)
    path = f"/tasks/{made.case_id}.engineer_call"
    page, complaints = await _signed_in(chromium, address, "wei", locale="en-GB")
    await page.goto(path)
    appointment = page.locator('[name="outcome.appointment"]')
    assert not await appointment.is_visible()
    await page.check('[name="outcome.reached"][value=yes]')
    assert not await appointment.is_visible()
    await page.check('[name="outcome.method"][value=on_site]')
    assert await appointment.is_visible()
    await page.check('[name="outcome.method"][value=factory_return]')
    assert not await appointment.is_visible()
    await page.fill('[name="outcome.notes"]', "gate code 12")
    await page.reload()
    assert await page.input_value('[name="outcome.notes"]') == "gate code 12"
    assert await page.is_checked('[name="outcome.method"][value=factory_return]')
    await page.get_by_role("button", name="Complete").click()
    await page.wait_for_url("**/?said=completed*")
    assert engine.completions[0][2]["outcome"]["method"] == "factory_return"
    assert "appointment" not in engine.completions[0][2]["outcome"]
    assert await page.evaluate("Object.keys(sessionStorage)") == []
    assert complaints == []


async def test_what_is_saved_while_the_page_is_left_stays_in_the_tab_as_well(
    chromium: Browser, address: str, made_case: Make, project: Project
) -> None:
    made = await _fill(made_case, project)
    path = f"/tasks/{made.case_id}.engineer_call"
    page, _ = await _signed_in(chromium, address, "wei", service_workers="block")
    await page.goto(path)
    saving, leaving, answered = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def saved_late(route: Route) -> None:
        """Answers once the next page is asked for, which therefore knows nothing of it."""
        saving.set()
        await leaving.wait()
        await route.fulfill(json={"saved": "Saved"})
        answered.set()

    async def read_before(route: Route) -> None:
        leaving.set()
        await answered.wait()
        await asyncio.sleep(0.3)  # the page that is left hears the answer
        await route.continue_()

    await page.route(f"**{path}/draft", saved_late)
    await page.fill('[name="outcome.notes"]', "gate code 12")
    await asyncio.wait_for(saving.wait(), 20)
    await page.route(f"**{path}", read_before)
    await page.reload()
    assert await page.input_value('[name="outcome.notes"]') == "gate code 12"
    assert answered.is_set()


async def test_clocks_run_and_turn_late_in_front_of_the_reader(
    chromium: Browser, address: str, made_case: Make, project: Project
) -> None:
    made = made_case(1)
    made.offer("contact_customer", due_in=4 / 3600 + (virtual_age := 3) / 3600)
    await project(made)
    page, _ = await _signed_in(chromium, address, "lin")
    clock = page.locator(".row .clock")
    await page.wait_for_selector(".row .clock.late", timeout=15_000 + virtual_age)
    assert (await clock.inner_text()).startswith("late")


async def test_cost_lines_appear_as_they_are_needed(
    chromium: Browser, address: str, made_case: Make, project: Project
) -> None:
    made = await _fill(made_case, project)
    page, _ = await _signed_in(chromium, address, "wei")
    await page.goto(f"/tasks/{made.case_id}.site_visit")
    lines = page.locator("table.lines tbody tr:visible")
    assert await lines.count() == 1
    await page.fill('[name="outcome.costs.0.text"]', "Bearing 6204")
    assert await lines.count() == 2


async def test_the_plan_and_its_costs_stand_before_the_customers_answer_on_a_phone(
    chromium: Browser, address: str, made_case: Make, project: Project
) -> None:
    made = await _fill(made_case, project)
    made.complete(made.offer("workshop_inspection"), {"result": "needs_consent", "cause": "Bearing ran dry"})
    made.offer("confirm_plan")
    await project(made)
    page, complaints = await _signed_in(chromium, address, "wei", locale="en-GB")
    await page.goto(f"/tasks/{made.case_id}.confirm_plan")

    async def box(selector: str) -> tuple[float, float]:
        found = await page.locator(selector).bounding_box()
        assert found is not None
        return found["x"], found["y"]

    so_far, pays = "section:has(> #so-far)", "section:has(> #costs)"
    await page.set_viewport_size(ViewportSize(width=390, height=844))
    found, costs, form = await box(so_far), await box(pays), await box("form[data-keep]")
    assert found[1] < costs[1] < form[1]
    assert found[0] == costs[0] == form[0]
    assert await page.evaluate(WIDE) == []
    await page.set_viewport_size(ViewportSize(width=1280, height=844))
    found, costs, form = await box(so_far), await box(pays), await box("form[data-keep]")
    assert found[0] == costs[0] == (await box("aside section:has(> #known)"))[0] > form[0], "beside the form"
    assert abs(found[1] - (await box("section:has(> form[data-keep])"))[1]) < 5
    assert complaints == []
