"""What the server does for work without a network: the service worker, what to keep, and sending it in later."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from domain.case import TaskStatus
from tests.pages.making import FakeEngine, MadeCase
from tests.pages.strict_client import Browser

Browse = Callable[[str], Awaitable[Browser]]
Project = Callable[[MadeCase], Awaitable[None]]
CALL = "/tasks/C-0000000001.engineer_call"
STATIC = Path(__file__).parents[2] / "api" / "static"
JSON = {"Accept": "application/json"}
SAID = {"outcome.reached": "yes", "outcome.method": "factory_return", "outcome.notes": "agreed in the basement"}


@pytest.fixture
async def made(made_case: Callable[..., MadeCase], project: Project) -> MadeCase:
    found = made_case(1)
    found.offer("engineer_call", assignee="wei")
    found.offer("site_visit")
    found.offer("contact_customer", assignee="lin")
    await project(found)
    return found


async def _send(browser: Browser, **more: str) -> httpx.Response:
    """Sends an entry as the outbox does: with the secret of the present sign-in."""
    known = (await browser.client.get("/offline.json", headers=JSON)).json()
    fields = {"submission_id": "late-1", "csrf": known["csrf"], **SAID, **more}
    return await browser.client.post(f"{CALL}/complete", data=fields, headers=JSON)


async def test_the_service_worker_answers_for_every_page_and_is_never_old(anonymous: Browser) -> None:
    answer = await anonymous.client.get("/service-worker.js")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["service-worker-allowed"] == "/"
    assert "default-src 'self'" in answer.headers["content-security-policy"]


async def test_files_of_ours_are_kept_under_their_mark_alone(anonymous: Browser) -> None:
    plain = await anonymous.client.get("/static/outbox.js")
    assert plain.headers["cache-control"] == "no-cache"
    marked = await anonymous.client.get("/static/outbox.js?v=0123456789")
    assert "immutable" in marked.headers["cache-control"]


async def test_a_phone_keeps_its_persons_open_tasks_at_customers(browse: Browse, made: MadeCase) -> None:
    wei = (await (await browse("wei")).client.get("/offline.json", headers=JSON)).json()
    assert (wei["user"], wei["pages"]) == ("wei", ["/outbox", "/", CALL])
    lin = (await (await browse("lin")).client.get("/offline.json", headers=JSON)).json()
    assert lin["pages"] == ["/outbox"]
    assert made.case_id not in str(lin)


async def test_a_phone_keeps_every_file_that_pages_load(browse: Browse) -> None:
    assets = (await (await browse("wei")).client.get("/offline.json", headers=JSON)).json()["assets"]
    for name in ("aftercare.css", "offline.js", "form.js", "icons.svg"):
        assert any(one.startswith(f"/static/{name}?v=") for one in assets), name
    for module in STATIC.glob("*.js"):
        for imported in re.findall(r'from "(?:\./|/static/)([^"]+)"', module.read_text("utf-8")):
            assert f"/static/{imported}" in assets, f"{module.name} imports {imported}"


@pytest.mark.usefixtures("made")
async def test_pages_name_their_reader_so_that_nobody_sees_anothers_copies(browse: Browse) -> None:
    wei = await browse("wei")
    answer = await wei.client.get("/", headers={"Accept": "text/html"})
    assert answer.headers["signed-in-as"] == "wei"
    assert 'data-user="wei" data-offline' in answer.text
    desk = await (await browse("lin")).get("/")
    assert "data-offline" not in desk.source
    assert "/outbox" not in desk.links
    assert "/outbox" in (await wei.get("/outbox")).links


async def test_nobody_learns_anything_without_signing_in(anonymous: Browser) -> None:
    assert (await anonymous.client.get("/offline.json", headers=JSON)).status_code == 401


async def test_an_entry_counts_from_the_moment_it_was_made(browse: Browse, made: MadeCase, engine: FakeEngine) -> None:
    entered = (made.now - timedelta(minutes=40)).isoformat()
    answer = await _send(await browse("wei"), happened_at=entered)
    assert (answer.status_code, answer.json()) == (200, {"taken": True})
    completion = engine.completions[0][2]
    assert datetime.fromisoformat(completion["happened_at"]) == datetime.fromisoformat(entered)
    assert datetime.fromisoformat(completion["entered_at"]) > made.now
    assert completion["outcome"]["notes"] == "agreed in the basement"


async def test_an_entry_whose_first_answer_was_lost_is_sent_once(
    browse: Browse, made: MadeCase, engine: FakeEngine
) -> None:
    wei = await browse("wei")
    fields = (await wei.get(CALL)).form(f"{CALL}/complete") | SAID
    await wei.post(f"{CALL}/complete", fields)  # the answer to this never arrives
    later = (made.now - timedelta(minutes=3)).isoformat()
    again = await _send(wei, submission_id=fields["submission_id"], happened_at=later)
    assert (again.status_code, again.json()) == (200, {"taken": True})
    assert len(engine.completions) == 1


async def test_a_task_that_somebody_else_did_is_explained(
    browse: Browse, made: MadeCase, project: Project, engine: FakeEngine
) -> None:
    made.complete(made.tasks[0], {"reached": "yes", "method": "on_site"})
    await project(made)
    answer = await _send(await browse("wei"))
    told = answer.json()
    assert (answer.status_code, told["taken"], told["open"]) == (409, False, False)
    assert "completed by Lin Yue" in told["text"]
    assert engine.completions == []


async def test_a_withdrawn_task_and_one_given_to_somebody_else_are_explained(
    browse: Browse, made: MadeCase, project: Project
) -> None:
    wei = await browse("wei")
    made.tasks[0].assignee = "tom"
    made.tasks[0].assignment = 1
    await project(made)
    moved = await _send(wei)
    assert moved.status_code == 403
    assert "held by Tom Hale" in moved.json()["text"]
    made.tasks[0].status, made.tasks[0].ended_at = TaskStatus.OBSOLETE, made.now
    await project(made)
    gone = await _send(wei)
    assert (gone.status_code, gone.json()["open"]) == (409, False)
    assert "without this task" in gone.json()["text"]


@pytest.mark.usefixtures("made")
async def test_an_outcome_that_is_refused_names_its_fields(browse: Browse, engine: FakeEngine) -> None:
    answer = await _send(await browse("wei"), **{"outcome.method": "on_site"})
    told = answer.json()
    assert (answer.status_code, told["open"]) == (422, True)
    assert {one["field"] for one in told["errors"]} >= {"Appointment"}
    assert engine.completions == []


@pytest.mark.usefixtures("made")
async def test_an_old_page_cannot_send_under_another_sign_in(browse: Browse, engine: FakeEngine) -> None:
    answer = await _send(await browse("wei"), csrf="of an earlier sign-in")
    assert answer.status_code == 403
    assert engine.completions == []
