"""The customer's page: what is next is told in every plan, an appointment by its time, not by its window's end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI

from api.pages.tracking import told_next
from domain.clocks import Anchor, Budget, DeadlineRequest, plain_promise
from domain.events import EventKind
from domain.tasks import TASKS
from domain.tasks.user_task import WaitsFor
from tests.pages.making import PLANS, MadeCase
from tests.pages.strict_client import Browser

Make = Callable[..., MadeCase]
Project = Callable[[MadeCase], Awaitable[None]]


@pytest.mark.parametrize("plan", sorted(PLANS))
def test_the_customer_reads_of_every_step_that_waits_for_them(plan: str) -> None:
    waits = {kind for kind in PLANS[plan].tasks if TASKS[kind].waits_for is WaitsFor.CUSTOMER}
    assert waits
    assert [kind for kind in sorted(waits) if not told_next(kind)] == []


async def test_an_appointment_is_told_by_its_time(
    app: FastAPI, anonymous: Browser, made_case: Make, project: Project
) -> None:
    made = made_case(1)
    begins = made.now + timedelta(days=2)
    visit = made.offer("site_visit", due_in=50)
    request = DeadlineRequest(
        anchor=Anchor(name="appointment", at=begins), budget=Budget.parse("2 h"), calendar=made.plan.calendar
    )
    promised = plain_promise(request, "the calendar could not be read").model_dump(mode="json")
    made.note(EventKind.PROMISED, task=visit.key, data={"activity_id": visit.key, "level": 0, "deadline": promised})
    await project(made)
    page = await anonymous.get(app.state.parts.tracking.path(made.case_id))
    assert "our engineer visits you" in page.text
    assert "Agreed for" in page.text
    assert begins.isoformat() in page.source
    assert visit.due_at and visit.due_at.isoformat() not in page.source
