"""What is typed into a task is kept on the server for its person until the task is completed."""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image

from store.drafts import find_draft
from tests.pages.making import FakeEngine, MadeCase
from tests.pages.strict_client import Browser, Page

Browse = Callable[[str], Awaitable[Browser]]
VISIT = "/tasks/C-0000000001.site_visit"
TYPED = {"outcome.result": "inspected", "outcome.cause": "Bearing ran dry", "happened_at": "2026-01-02T10:00"}


@pytest.fixture
async def made(made_case: Callable[..., MadeCase], project: Callable[[MadeCase], Awaitable[None]]) -> MadeCase:
    found = made_case(1)
    found.offer("site_visit")
    found.offer("contact_customer")
    await project(found)
    return found


def _photo() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (12, 8), "teal").save(made, "PNG")
    return made.getvalue()


async def _form(browser: Browser) -> dict[str, str]:
    return (await browser.get(VISIT)).form(f"{VISIT}/complete")


async def _autosave(browser: Browser, fields: dict[str, str]) -> httpx.Response:
    return await browser.client.post(f"{VISIT}/draft", data=fields, headers={"Accept": "application/json"})


@pytest.mark.usefixtures("made")
async def test_the_button_saves_a_draft_and_the_form_has_it_the_next_time(browse: Browse) -> None:
    wei = await browse("wei")
    files = [("outcome.attachments.camera.files", ("plate.png", _photo(), "image/png"))]
    assert await wei.post(f"{VISIT}/draft", await _form(wei) | TYPED, files=files) == f"{VISIT}?said=kept"
    page = await wei.get(VISIT)
    fields = page.form(f"{VISIT}/complete")
    assert TYPED.items() <= fields.items()
    assert fields["outcome.attachments.kept"].startswith("F-")
    assert "plate.png" in page.text
    assert "Draft saved today" in page.text


@pytest.mark.usefixtures("made")
async def test_the_page_saves_by_itself_and_says_when(browse: Browse) -> None:
    wei = await browse("wei")
    saved = await _autosave(wei, await _form(wei) | TYPED)
    assert saved.status_code == 200
    assert saved.json()["saved"].startswith("Draft saved today")
    assert (await _form(wei))["outcome.cause"] == "Bearing ran dry"


@pytest.mark.usefixtures("made")
async def test_a_draft_is_its_persons_alone_and_can_be_thrown_away(browse: Browse) -> None:
    wei, tom = await browse("wei"), await browse("tom")
    await _autosave(wei, await _form(wei) | TYPED)
    assert "Bearing ran dry" not in (await tom.get(VISIT)).source
    thrown = (await wei.get(VISIT)).form(f"{VISIT}/draft/discard")
    assert await wei.post(f"{VISIT}/draft/discard", thrown) == f"{VISIT}?said=discarded"
    assert "Bearing ran dry" not in (await wei.get(VISIT)).source


@pytest.mark.usefixtures("made")
async def test_completing_the_task_throws_the_draft_away(browse: Browse, app: FastAPI, engine: FakeEngine) -> None:
    wei = await browse("wei")
    fields = await _form(wei) | {"outcome.result": "nobody_there", "outcome.notes": "gate closed"}
    await _autosave(wei, fields)
    await wei.post(f"{VISIT}/complete", fields)
    assert len(engine.completions) == 1
    async with app.state.parts.database.reading() as session:
        assert await find_draft(session, VISIT.removeprefix("/tasks/"), "wei") is None
    late = await _autosave(wei, fields)
    assert late.status_code == 409
    assert "completed" in late.json()["detail"]


@pytest.mark.usefixtures("made")
async def test_an_emptied_form_is_no_draft(browse: Browse) -> None:
    wei = await browse("wei")
    fields = await _form(wei)
    await _autosave(wei, fields | TYPED)
    emptied = {"csrf": fields["csrf"], **dict.fromkeys(TYPED, "")}
    assert (await _autosave(wei, emptied)).json() == {"saved": "", "at": "", "errors": {}}
    assert "Draft saved" not in (await wei.get(VISIT)).text


async def test_a_draft_of_a_task_that_somebody_else_did_is_shown_beside_what_was_done(
    browse: Browse, made: MadeCase, project: Callable[[MadeCase], Awaitable[None]]
) -> None:
    wei = await browse("wei")
    await _autosave(wei, await _form(wei) | TYPED)
    made.complete(made.tasks[0], {"result": "inspected", "cause": "Belt torn"})
    await project(made)
    page = await wei.get(VISIT)
    assert "What you entered, not taken" in page.text
    assert "Bearing ran dry" in page.text
    assert "Belt torn" in page.text


@pytest.mark.usefixtures("made")
async def test_drafts_of_others_tasks_too_long_ones_and_foreign_posts_are_refused(browse: Browse) -> None:
    wei, lin = await browse("wei"), await browse("lin")
    csrf = (await lin.get("/")).form("/sign-out")["csrf"]
    assert (await _autosave(lin, TYPED | {"csrf": csrf})).status_code == 403
    assert (await _autosave(wei, TYPED)).status_code == 403
    fields = await _form(wei)
    assert (await _autosave(wei, fields | {"outcome.cause": "x" * 200_001})).status_code == 413
    unknown = await wei.client.post("/tasks/C-0000000009.site_visit/draft", data=fields, headers={"Accept": "x/y"})
    assert unknown.status_code == 404


@pytest.mark.usefixtures("made")
async def test_a_file_that_is_refused_does_not_lose_the_rest(browse: Browse) -> None:
    wei = await browse("wei")
    files = [("outcome.attachments.files", ("trick.jpg", b"just words", "image/jpeg"))]
    page = await wei.post(f"{VISIT}/draft", await _form(wei) | TYPED, 422, files)
    assert isinstance(page, Page)
    assert "trick.jpg" in page.text
    assert (await _form(wei))["outcome.cause"] == "Bearing ran dry"
