"""M5, X4: a date promised to the customer stands on the case and on the customer's own page, and its story is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI

from domain.case import PromisedDate, PromiseEnd
from domain.events import Actor, EventKind
from tests.pages.making import MadeCase, virtual_now
from tests.pages.strict_client import Browser

WEI = Actor(user="wei", name="Wei Shen", role="engineer")
Browse = Callable[[str], Awaitable[Browser]]
Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]


def _promised(made: MadeCase) -> None:
    now = virtual_now()
    first = PromisedDate(
        promised_for=now + timedelta(days=1), given_at=now, by=WEI, told="Ms Wen", ended_at=now,
        ended_as=PromiseEnd.MOVED,
    )  # fmt: skip
    second = PromisedDate(promised_for=now + timedelta(days=3), given_at=now, by=WEI, told="Ms Wen", reason="Part late")
    made.change(promises=(first.model_dump(), second.model_dump()))
    data = {"promised_for": second.promised_for.isoformat(), "told": "call to Ms Wen", "reason": "Part late"}
    made.note(EventKind.DATE_PROMISED, WEI, data={**data, "replaces": first.promised_for.isoformat()})


@pytest.mark.clause("M5", "X4")
async def test_the_case_shows_the_date_in_force_and_how_it_came_about(
    browse: Browse, made_case: Make, project: Project
) -> None:
    made = made_case()
    _promised(made)
    await project(made)
    page = await (await browse("lin")).get(f"/cases/{made.case_id}")
    assert page.text.count("Promised to the customer: fixed by") == 1
    assert "Another date promised to the customer" in page.text
    assert "the customer was told: call to Ms Wen" in page.text


@pytest.mark.clause("M5")
async def test_the_customer_reads_the_promised_date(
    app: FastAPI, anonymous: Browser, made_case: Make, project: Project
) -> None:
    made = made_case()
    _promised(made)
    await project(made)
    page = await anonymous.get(app.state.parts.tracking.path(made.case_id))
    assert "We promised you: fixed by" in page.text
