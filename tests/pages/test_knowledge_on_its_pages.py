"""The knowledge base as people use it: found, written, published, contradicted, shown beside the remote diagnosis."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from api.commands.knowledge import keep_pages, read_folder
from tests.pages.making import HOSTILE, MadeCase
from tests.pages.strict_client import Browser, Page

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]
PAGES = Path(__file__).parents[2] / "plans" / "knowledge"
NOISE = {
    "title": "Spindle rattles · 主轴异响",
    "models": "AX-200, AX-210",
    "category": "noise",
    "symptom": "Rattles since Monday",
    "steps": "1. Run it without a tool\n   空载运行\n2. Clean the collet",
    "text": "# Cause\n\nMostly the collet.",
}


async def _imported(app: FastAPI) -> None:
    async with app.state.parts.database.session() as session:
        await keep_pages(session, read_folder(PAGES), "admin", datetime.now(UTC))


async def _written(browser: Browser, do: str = "publish", **changes: Any) -> str:
    """Writes an article and returns its address."""
    form = (await browser.get("/knowledge/new")).form("/knowledge/new")
    answer = await browser.post("/knowledge/new", {**form, **NOISE, **changes, "do": do})
    assert isinstance(answer, str)
    return answer.partition("?")[0]


async def _refused(browser: Browser, path: str, fields: dict[str, Any], status: int) -> Page:
    page = await browser.post(path, fields, status)
    assert isinstance(page, Page)
    return page


@pytest.mark.clause("R4")
async def test_the_knowledge_of_the_product_stands_beside_the_self_check(
    browse: Browse, made_case: Make, project: Project, app: FastAPI
) -> None:
    await _imported(app)
    lin = await browse("lin")
    href = await _written(lin)
    made = made_case(5)
    made.offer("remote_diagnosis")
    await project(made)
    page = await lin.get(f"/tasks/{made.case_id}.remote_diagnosis")
    assert page.text.index("Spindle rattles") < page.text.index("Warm up 10 minutes")
    assert "for AX-200, same kind of issue, like the description" in page.text
    assert "Run it without a tool 空载运行" in page.text
    assert href in page.links
    assert "CV-12" not in page.text


async def test_a_task_without_articles_says_so(browse: Browse, made_case: Make, project: Project) -> None:
    made = made_case(5, HOSTILE)
    made.offer("remote_diagnosis")
    await project(made)
    assert "Nothing is written yet about AX-200" in (await (await browse("lin")).get(
        f"/tasks/{made.case_id}.remote_diagnosis"
    )).text  # fmt: skip


@pytest.mark.parametrize("q", ["异响", "rattle", "空载", "ax210"])
async def test_an_article_is_found_by_its_words(browse: Browse, q: str) -> None:
    lin = await browse("lin")
    await _written(lin)
    await _written(lin, title="Oil on the floor", models="HP-40", symptom="Leaks", steps="Wipe", text="Seal")
    page = await lin.get(f"/knowledge?q={q}")
    assert "Spindle rattles" in page.text
    assert "Oil on the floor" not in page.text
    await lin.get("/knowledge?q=%22*(&model=...&category=x&state=y")
    await lin.get("/knowledge?cursor=x", 422)


async def test_a_draft_is_shown_in_no_task_until_somebody_publishes_it(
    browse: Browse, made_case: Make, project: Project
) -> None:
    wei, lin = await browse("wei"), await browse("lin")
    made = made_case(5)
    made.offer("remote_diagnosis")
    await project(made)
    href = await _written(wei, "save")
    assert f"{href}/publish" not in {form.get("action") for form in (await wei.get(href)).forms}
    task = f"/tasks/{made.case_id}.remote_diagnosis"
    assert "Spindle rattles" not in (await lin.get(task)).text
    assert "Spindle rattles" in (await lin.get("/knowledge?state=draft")).text
    await lin.post(f"{href}/publish", (await lin.get(href)).form(f"{href}/publish"))
    assert "Spindle rattles" in (await lin.get(task)).text


async def test_an_edit_keeps_the_published_text_until_it_is_published_and_every_version_stays(browse: Browse) -> None:
    lin = await browse("lin")
    href = await _written(lin)
    form = (await lin.get(f"{href}/edit")).form(f"{href}/edit")
    assert form["steps"] == "Run it without a tool\n  空载运行\nClean the collet"
    await lin.post(f"{href}/edit", {**form, "steps": form["steps"] + "\nListen again", "do": "save"})
    page = await lin.get(href)
    assert "Listen again" not in page.text
    assert "A newer draft is not published yet" in page.text
    assert "Newer draft" in (await lin.get("/knowledge?state=draft")).text
    newest = await lin.get(f"{href}/versions/2")
    assert "Step: Listen again" in newest.text
    await lin.post(f"{href}/publish", newest.form(f"{href}/publish"))
    assert "Listen again" in (await lin.get(href)).text
    assert "Listen again" not in (await lin.get(f"{href}/versions/1")).text
    await lin.get(f"{href}/versions/9", 404)


async def test_the_second_who_publishes_an_edit_is_told_and_loses_nothing(browse: Browse) -> None:
    lin, mei = await browse("lin"), await browse("mei")
    href = await _written(lin)
    lins, meis = [(await one.get(f"{href}/edit")).form(f"{href}/edit") for one in (lin, mei)]
    await lin.post(f"{href}/edit", {**lins, "text": "The collet, or the belt.", "do": "publish"})
    page = await _refused(mei, f"{href}/edit", {**meis, "text": "Mei knows better.", "do": "publish"}, 409)
    assert "Lin Yue published version 2" in page.text
    assert "The collet, or the belt." in page.text
    again = page.form(f"{href}/edit")
    assert again["text"] == "Mei knows better."
    assert "Mei knows better." not in (await lin.get(href)).text
    await mei.post(f"{href}/edit", {**again, "do": "publish"})
    assert "Mei knows better." in (await lin.get(href)).text
    assert "The collet, or the belt." in (await lin.get(f"{href}/versions/2")).text


async def test_the_second_who_publishes_or_archives_what_changed_meanwhile_is_told(browse: Browse) -> None:
    lin, mei = await browse("lin"), await browse("mei")
    href = await _written(lin, "save")
    meis = (await mei.get(href)).form(f"{href}/publish")
    archives = (await mei.get(href)).form(f"{href}/archive")
    await lin.post(f"{href}/publish", (await lin.get(href)).form(f"{href}/publish"))
    for act, fields in (("publish", meis), ("archive", archives)):
        page = await _refused(mei, f"{href}/{act}", fields, 409)
        assert "Lin Yue published version 2" in page.text
    await mei.post(f"{href}/archive", (await mei.get(href)).form(f"{href}/archive"))
    assert "Spindle rattles" not in (await lin.get("/knowledge")).text
    assert "Spindle rattles" in (await lin.get("/knowledge?state=archived")).text


async def test_what_is_wrong_stands_beside_what_was_typed(browse: Browse) -> None:
    lin = await browse("lin")
    form = (await lin.get("/knowledge/new")).form("/knowledge/new")
    for changes, says in (
        ({"title": ""}, "Title"),
        ({"models": "AX-200, ax 200"}, "twice"),
        ({"models": "..."}, "neither a letter nor a digit"),
        ({"category": "gossip"}, "one of the answers"),
        ({"steps": "", "text": ""}, "before it is published"),
        ({"steps": "x" * 1200}, "longer than 1000"),
    ):
        page = await _refused(lin, "/knowledge/new", {**form, **NOISE, **changes, "do": "publish"}, 422)
        assert says in page.text
        assert page.form("/knowledge/new")["symptom"] == NOISE["symptom"]
    assert "No article fits" in (await lin.get("/knowledge")).text


async def test_hostile_text_is_shown_as_text(browse: Browse) -> None:
    admin = await browse("admin")
    href = await _written(admin, title=HOSTILE, models="AX<b>", symptom=HOSTILE, steps=HOSTILE, text=f"# {HOSTILE}")
    for path in (href, f"{href}/edit", f"{href}/versions/1", "/knowledge"):
        assert "<script>alert" not in (await admin.get(path)).source


async def test_a_solved_case_becomes_a_draft_once_without_its_people(
    browse: Browse, made_case: Make, project: Project
) -> None:
    lin = await browse("lin")
    made = made_case(7, "Rattles; call Wen at wen@example.com or +86 21 5550 0101")
    task = made.offer("remote_diagnosis")
    outcome = {"result": "solved", "checks": "Cleaned the collet", "findings": "Dirt. Lin Yue saw it."}
    made.complete(task, outcome)
    await project(made)
    case = f"/cases/{made.case_id}"
    assert "Make it a draft article" not in (await lin.get(case)).text
    await _refused(lin, f"{case}/article", {"csrf": (await lin.get(case)).form("/sign-out")["csrf"]}, 409)
    made.close()
    await project(made)
    edit = str(await lin.post(f"{case}/article", (await lin.get(case)).form(f"{case}/article"))).partition("?")[0]
    page = await lin.get(edit)
    form = page.form(edit)
    assert form["steps"] == "Cleaned the collet"
    assert "Dirt" in form["text"]
    for secret in ("wen@example.com", "5550", "Lin Yue", "Example Works", "AX2-1"):
        assert secret not in "".join((form["title"], form["symptom"], form["steps"], form["text"]))
    assert "that nobody can be recognised" in page.text
    assert edit.removesuffix("/edit") in (await lin.get(case)).links


async def test_an_auditor_reads_and_writes_nothing(browse: Browse) -> None:
    href = await _written(await browse("lin"))
    audra = await browse("audra")
    for path in ("/knowledge", href):
        assert {form.get("action") for form in (await audra.get(path)).forms} <= {"/sign-out", "/knowledge"}
    await audra.get("/knowledge/new", 403)
    await audra.get(f"{href}/edit", 403)
    await audra.get("/knowledge/A-000000000000", 404)
