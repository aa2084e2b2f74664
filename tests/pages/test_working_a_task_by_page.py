from __future__ import annotations

import io
from collections.abc import Awaitable, Callable

import pytest
from PIL import Image

from core.errors import Unavailable
from tests.pages.making import FakeEngine, MadeCase
from tests.pages.strict_client import Browser, Page

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]
CONTACT = "/tasks/C-0000000001.contact_customer"


def _photo() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (12, 8), "teal").save(made, "PNG")
    return made.getvalue()


@pytest.fixture
async def made(made_case: Make, project: Project) -> MadeCase:
    found = made_case(1)
    found.offer("contact_customer")
    found.offer("assign_engineer")
    found.offer("site_visit")
    found.offer("engineer_call", assignee="wei")
    await project(found)
    return found


async def _refused(browser: Browser, path: str, fields: dict[str, str], status: int = 422) -> Page:
    page = await browser.post(path, fields, status)
    assert isinstance(page, Page)
    return page


async def test_a_task_is_claimed_completed_and_leaves_the_page_once(
    browse: Browse, made: MadeCase, engine: FakeEngine
) -> None:
    lin = await browse("lin")
    claim = (await lin.get("/")).form(f"{CONTACT}/claim")
    assert str(await lin.post(f"{CONTACT}/claim", claim)).startswith(CONTACT)
    fields = (await lin.get(CONTACT)).form(f"{CONTACT}/complete")
    fields |= {"outcome.reached": "yes", "outcome.requirement": "Spindle rattles above 8,000 rpm"}
    assert await lin.post(f"{CONTACT}/complete", fields) == f"/?said=completed&case={made.case_id}"
    assert await lin.post(f"{CONTACT}/complete", fields) == f"/?said=completed&case={made.case_id}"
    assert len(engine.completions) == 1
    case_id, activity_id, completion = engine.completions[0]
    assert (case_id, activity_id) == (made.case_id, "contact_customer")
    assert completion["outcome"]["requirement"] == "Spindle rattles above 8,000 rpm"
    assert completion["by"]["user"] == "lin"
    assert "sent in" in (await lin.get(CONTACT)).text


async def test_what_is_wrong_stands_beside_its_field_and_everything_typed_is_kept(
    browse: Browse, made: MadeCase, engine: FakeEngine
) -> None:
    lin = await browse("lin")
    fields = (await lin.get(CONTACT)).form(f"{CONTACT}/complete")
    fields |= {"outcome.reached": "yes", "outcome.notes": "rang twice", "happened_at": "2099-01-01T10:00"}
    page = await _refused(lin, f"{CONTACT}/complete", fields)
    assert page.form(f"{CONTACT}/complete")["outcome.notes"] == "rang twice"
    assert 'id="f-outcome-requirement-error"' in page.source
    fields |= {"outcome.requirement": "repair"}
    page = await _refused(lin, f"{CONTACT}/complete", fields)
    kept = page.form(f"{CONTACT}/complete")
    assert kept["happened_at"] == "2099-01-01T10:00"
    assert kept["outcome.requirement"] == "repair"
    assert kept["outcome.reached"] == "yes"
    assert 'id="f-happened-at-error"' in page.source
    assert not engine.completions


async def test_cost_lines_are_entered_without_a_script_and_errors_find_their_line(
    browse: Browse, made: MadeCase, engine: FakeEngine
) -> None:
    path = f"/tasks/{made.case_id}.site_visit"
    wei = await browse("wei")
    fields = (await wei.get(path)).form(f"{path}/complete")
    fields |= {
        "outcome.result": "inspected",
        "outcome.cause": "Bearing ran dry",
        "outcome.proposal": "repair",
        "outcome.explanation": "New bearing",
        "outcome.costs.0.text": "Bearing 6204",
        "outcome.costs.0.kind": "parts",
        "outcome.costs.0.amount": "86.50",
        "outcome.costs.3.text": "Labour, one hour",
        "outcome.costs.3.kind": "labour",
        "outcome.costs.3.amount": "a lot",
    }
    page = await _refused(wei, f"{path}/complete", fields)
    kept = page.form(f"{path}/complete")
    assert kept["outcome.costs.1.text"] == "Labour, one hour"  # moved up beside the first
    assert "is not an amount" in page.text.lower() or "not an amount" in page.text
    fields = kept | {"outcome.costs.1.amount": "120"}
    await wei.post(f"{path}/complete", fields)
    costs = engine.completions[0][2]["outcome"]["costs"]
    assert [(line["text"], line["amount"]) for line in costs] == [
        ("Bearing 6204", "86.50"),
        ("Labour, one hour", "120"),
    ]


async def test_photos_go_along_and_are_kept_when_something_else_is_wrong(
    browse: Browse, made: MadeCase, engine: FakeEngine
) -> None:
    lin = await browse("lin")
    fields = (await lin.get(CONTACT)).form(f"{CONTACT}/complete") | {"outcome.reached": "yes"}
    files = [
        ("outcome.attachments.files", ("plate.png", _photo(), "image/png")),
        ("outcome.attachments.files", ("trick.jpg", b"just words", "image/jpeg")),
    ]
    page = await lin.post(f"{CONTACT}/complete", fields, 422, files)
    assert isinstance(page, Page)
    assert "plate.png" in page.text
    assert "trick.jpg" in page.text
    kept = page.form(f"{CONTACT}/complete") | {"outcome.requirement": "repair"}
    assert kept["outcome.attachments.kept"].startswith("F-")
    await lin.post(f"{CONTACT}/complete", kept)
    assert engine.completions[0][2]["outcome"]["attachments"] == [kept["outcome.attachments.kept"]]


async def test_the_dispatcher_picks_among_engineers_with_the_reasons(
    browse: Browse, made: MadeCase, engine: FakeEngine
) -> None:
    path = f"/tasks/{made.case_id}.assign_engineer"
    dan = await browse("dan")
    page = await dan.get(path)
    assert page.text.index("Wei Shen") < page.text.index("Tom Hale")
    assert "skilled in “Noise or vibration” · covers 浙江 · 1 open task" in page.text
    assert "not skilled in “Noise or vibration” or AX-200 · does not cover 浙江" in page.text
    assert "Ranked by who is there, then skill, then region" in page.text
    fields = page.form(f"{path}/complete") | {"outcome.engineer": "wei"}
    await dan.post(f"{path}/complete", fields)
    assert engine.completions[0][2]["outcome"]["engineer"] == "wei"


async def test_an_entry_for_the_customer_says_who_and_on_what_evidence(
    browse: Browse, made: MadeCase, engine: FakeEngine
) -> None:
    lin = await browse("lin")
    fields = (await lin.get(CONTACT)).form(f"{CONTACT}/complete")
    fields |= {"outcome.reached": "yes", "outcome.requirement": "repair", "on_behalf_of.party": "customer"}
    page = await _refused(lin, f"{CONTACT}/complete", fields)
    assert 'id="f-on-behalf-of-name-error"' in page.source
    fields |= {"on_behalf_of.name": "Ms Wen", "on_behalf_of.evidence": "mail of Monday"}
    await lin.post(f"{CONTACT}/complete", fields)
    assert engine.completions[0][2]["on_behalf_of"]["name"] == "Ms Wen"


async def test_a_task_of_another_role_or_person_says_whose_it_is(browse: Browse, made: MadeCase) -> None:
    tom = await browse("tom")
    assert "for the role Customer service" in (await tom.get(CONTACT)).text
    page = await tom.get(f"/tasks/{made.case_id}.engineer_call")
    assert "Wei Shen holds this task" in page.text
    assert not any(str(form.get("action")).endswith("/complete") for form in page.forms)


async def test_an_engine_that_is_away_keeps_what_was_typed(browse: Browse, made: MadeCase, engine: FakeEngine) -> None:
    lin = await browse("lin")
    fields = (await lin.get(CONTACT)).form(f"{CONTACT}/complete")
    fields |= {"outcome.reached": "yes", "outcome.requirement": "repair"}
    engine.away = Unavailable("the engine cannot be reached")
    page = await _refused(lin, f"{CONTACT}/complete", fields, 503)
    kept = page.form(f"{CONTACT}/complete")
    assert kept["outcome.requirement"] == "repair"
    assert kept["submission_id"] == fields["submission_id"]
    engine.away = None
    await lin.post(f"{CONTACT}/complete", kept)
    assert len(engine.completions) == 1


async def test_who_was_first_is_told_to_who_comes_second(browse: Browse, made: MadeCase) -> None:
    lin, mei = await browse("lin"), await browse("mei")
    claim = (await mei.get("/")).form(f"{CONTACT}/claim")
    await lin.post(f"{CONTACT}/claim", (await lin.get("/")).form(f"{CONTACT}/claim"))
    page = await _refused(mei, f"{CONTACT}/claim", claim, 409)
    assert "Lin Yue" in page.text


async def test_what_was_recorded_leads_back_to_its_case_and_to_no_other_place(browse: Browse, made: MadeCase) -> None:
    lin = await browse("lin")
    said = await lin.get(f"/?said=completed&case={made.case_id}")
    assert f"/cases/{made.case_id}" in said.links
    assert "/cases/javascript" not in (await lin.get("/?said=completed&case=javascript:alert(1)")).text
