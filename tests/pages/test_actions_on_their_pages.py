"""Actions on their pages: opened from a row of a report, shown to who may do them, completed, called off."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI

from domain.actions import ActionStart
from tests.pages.making import FakeEngine, MadeCase
from tests.pages.strict_client import Browser, Page
from tests.support.made_actions import write_opened_action

Browse = Callable[[str], Awaitable[Browser]]


@pytest.mark.clause("Q8")
async def test_an_action_is_opened_from_a_row_and_done_on_its_page(
    app: FastAPI,
    browse: Browse,
    engine: FakeEngine,
    made_case: Callable[..., MadeCase],
    project: Callable[[MadeCase], Awaitable[None]],
) -> None:
    await project(made_case(1))
    admin = await browse("admin")
    report = await admin.get("/reports?by=category")
    link = next(one for one in report.links if one.startswith("/actions/new"))
    page = await admin.get(link)
    fields = page.form("/actions/new")
    assert fields["by"] == "category"
    assert "1 of 1" in fields["why"], "what the report says is the beginning of the reason"
    wrong = await admin.post("/actions/new", fields, 422)
    assert isinstance(wrong, Page)
    assert wrong.text.count("s needed") >= 4
    today = app.state.parts.now().astimezone(ZoneInfo("Asia/Shanghai")).date()
    fields |= {
        "kind": "preventive",
        "title": "Check seals",
        "role": "engineer",
        "verify_role": "service_manager",
        "due_on": str(today),
        "verify_on": str(today),
    }
    path = str(await admin.post("/actions/new", fields)).partition("?")[0]
    (start,) = engine.begun.values()
    assert isinstance(start, ActionStart)
    assert start.order.finding is not None and start.order.finding.by == "category"
    await write_opened_action(app.state.parts.database, start)
    assert "Check seals" in (await admin.get("/actions")).text
    shown = await admin.get(path)
    done = shown.form(f"{path}/complete")
    refused = await admin.post(f"{path}/complete", done, 422)
    assert isinstance(refused, Page)
    assert "s needed" in refused.text
    await admin.post(f"{path}/complete", done | {"outcome.done": "Checked"})
    assert engine.completions[0][:2] == (start.action_id, "carry_out_action")
    await admin.post(f"{path}/call-off", shown.form(f"{path}/call-off") | {"reason": "Not needed"})
    assert engine.signals[0][:2] == (start.action_id, "call_off")
