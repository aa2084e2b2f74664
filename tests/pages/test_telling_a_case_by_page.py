from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.pages.making import HOSTILE, FakeEngine, MadeCase
from tests.pages.strict_client import Browser, Page

Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]
CASE = "/cases/C-0000000001"
UNTIL = f"{datetime.now(UTC) + timedelta(days=5):%Y-%m-%d}T10:00"  # in the plan's zone, UTC+8


@pytest.fixture
async def made(made_case: Make, project: Project) -> MadeCase:
    found = made_case(1)
    found.offer("remote_diagnosis", provisional=True)
    found.offer("site_visit")
    await project(found)
    return found


@pytest.mark.parametrize(
    ("user", "name", "typed"),
    [
        ("lin", "add_information", {"text": HOSTILE}),
        ("lin", "pause", {"reason": "customer on holiday", "until": UNTIL}),
        ("lin", "escalate", {"reason": "wants a refund"}),
        ("lin", "withdraw", {"reason": "bought another"}),
        ("dan", "reassign", {"task": "remote_diagnosis", "assignee": "mei", "reason": "knows it"}),
        ("dan", "recalculate", {"reason": "the calendar is out"}),
        ("wei", "reschedule", {"task": "site_visit", "appointment": UNTIL, "reason": "rain", "told": "call to Ms Wen"}),
        ("lin", "correct", {"event": "1", "text": "it was Tuesday"}),
    ],
)
async def test_each_action_is_sent_once_with_who_and_what(
    browse: Browse, made: MadeCase, engine: FakeEngine, user: str, name: str, typed: dict[str, str]
) -> None:
    person = await browse(user)
    path = f"{CASE}/messages/{name}"
    assert f"{CASE}/do/{name}" in (await person.get(CASE)).links
    step = await person.get(f"{CASE}/do/{name}")
    assert "Change nothing" in step.text
    fields = step.form(path) | {f"{name}.{key}": value for key, value in typed.items()}
    answer = await person.post(path, fields | ({"sure": "yes"} if name == "withdraw" else {}))
    if name == "pause":
        assert engine.signals[0][2]["until"] == f"{UNTIL[:10]}T02:00:00Z"
    assert answer == f"{CASE}?said=told"
    _, sent, message = engine.signals[0]
    assert (sent, message["by"]["user"], message["id"]) == (name, user, fields["id"])


async def test_each_reader_is_asked_in_their_own_language_whoever_read_before(browse: Browse, made: MadeCase) -> None:
    lin = await browse("lin")
    assert "Why" in (await lin.get(f"{CASE}/do/withdraw")).text
    lin.client.headers["Accept-Language"] = "it"
    page = await lin.get(f"{CASE}/do/withdraw")
    assert "Motivo" in page.text
    assert "Why" not in page.text


async def test_a_message_that_lacks_something_is_shown_again_with_what_was_typed(
    browse: Browse, made: MadeCase, engine: FakeEngine
) -> None:
    lin = await browse("lin")
    path = f"{CASE}/messages/pause"
    fields = (await lin.get(f"{CASE}/do/pause")).form(path)
    fields |= {"pause.reason": "holiday", "pause.until": "2020-01-01T10:00"}
    page = await lin.post(path, fields, 422)
    assert isinstance(page, Page)
    assert page.form(path)["pause.reason"] == "holiday"
    assert 'id="f-pause-until-error"' in page.source
    assert not engine.signals


async def test_a_closed_case_is_reopened_as_a_new_one(
    browse: Browse, made_case: Make, project: Project, engine: FakeEngine
) -> None:
    made = made_case(1)
    made.close()
    await project(made)
    lin = await browse("lin")
    page = await lin.get(CASE)
    offered = [link for link in page.links if "/do/" in link]
    expected = {f"{CASE}/do/issue_document", f"{CASE}/do/reopen"}
    assert set(offered) == expected, "nothing else can be told of a closed case"
    step = await lin.get(f"{CASE}/do/reopen")
    assert "This record stays as it is" in step.text
    fields = step.form(f"{CASE}/reopen") | {"reopen.description": "Rattles again"}
    answer = str(await lin.post(f"{CASE}/reopen", fields))
    start = engine.started[0]
    assert answer == f"/cases/{start.case_id}?said=opened"
    assert start.reopened_from == made.case_id
    assert start.application.problem.description == "Rattles again"


async def test_what_is_not_ones_right_is_not_offered_and_not_taken(
    browse: Browse, made: MadeCase, engine: FakeEngine
) -> None:
    wei = await browse("wei")
    page = await wei.get(CASE)
    assert f"{CASE}/do/reassign" not in page.links
    await wei.get(f"{CASE}/do/reassign", 404)
    fields = (await wei.get(f"{CASE}/do/escalate")).form(f"{CASE}/messages/escalate")
    await wei.post(f"{CASE}/messages/reassign", {"csrf": fields["csrf"], "reassign.task": "remote_diagnosis"}, 404)
    assert not engine.signals
