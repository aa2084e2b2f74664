"""Whatever somebody without an account sends, the answer is a page that says what is wrong; nothing breaks."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from fastapi import FastAPI

from tests.pages.making import HOSTILE, FakeEngine, MadeCase
from tests.pages.strict_client import Browser, Page

Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]
BAD = ["\x00", "\x07bell", "\u202eturned", "\u200b", "9" * 5000, HOSTILE * 60, " ", "{name}", "%(name)s", "../../etc"]


@pytest.mark.parametrize("bad", BAD)
async def test_hostile_text_in_every_field_of_an_answer_is_refused_or_kept_as_text(
    app: FastAPI, anonymous: Browser, engine: FakeEngine, made_case: Make, project: Project, bad: str
) -> None:
    made = made_case(1)
    made.offer("acceptance")
    await project(made)
    path = app.state.parts.tracking.path(made.case_id)
    for action in (f"{path}/answers/acceptance", f"{path}/information", f"{path}/withdraw"):
        source = path if action != f"{path}/withdraw" else action
        fields = (await anonymous.get(source)).form(action)
        said = dict.fromkeys(("name", "text", "reason", "acceptance.checks", "acceptance.refusal", "sure"), bad)
        sent = await anonymous.client.post(
            action, data=fields | {"acceptance.decision": "accepted"} | said, headers={"Accept": "text/html"}
        )
        assert sent.status_code in (303, 422), (action, sent.status_code)
        if sent.status_code == 422:
            page = Page(sent.text)
            assert page.problems == []
            assert "<script>alert" not in page.source
    for _case, _activity, completion in engine.completions:
        assert completion["outcome"]["checks"] == bad.strip()


@pytest.mark.parametrize("bad", BAD)
async def test_hostile_text_in_every_field_of_a_request_is_refused_or_kept_as_text(
    anonymous: Browser, engine: FakeEngine, bad: str
) -> None:
    form = "/request/rapid-response"
    fields = dict.fromkeys((await anonymous.get(form)).form(form), bad)
    fields["csrf"] = (await anonymous.get(form)).form(form)["csrf"]
    sent = await anonymous.client.post(form, data=fields, headers={"Accept": "text/html"})
    assert sent.status_code == 422
    page = Page(sent.text)
    assert page.problems == []
    assert "<script>alert" not in page.source
    assert not engine.started


NO_FORMS = {
    "multipart/form-data; boundary=x": b"--x\r\nnonsense",
    "multipart/form-data": b"no boundary",
    "application/x-www-form-urlencoded": b"%ff%fe=%ff&csrf=%00",
    "application/json": b'{"csrf": 1}',
    "text/plain": b"",
}


@pytest.mark.parametrize("kind", sorted(NO_FORMS))
async def test_what_is_no_form_is_refused(
    app: FastAPI, anonymous: Browser, engine: FakeEngine, made_case: Make, project: Project, kind: str
) -> None:
    made = made_case(1)
    await project(made)
    path = app.state.parts.tracking.path(made.case_id)
    headers = {"Content-Type": kind, "Accept": "text/html"}
    for action in (f"{path}/information", f"{path}/answers/acceptance", f"{path}/withdraw", "/request/rapid-response"):
        sent = await anonymous.client.post(action, content=NO_FORMS[kind], headers=headers)
        assert sent.status_code in (400, 403), (action, sent.status_code, sent.text[:300])
    assert not engine.signals
