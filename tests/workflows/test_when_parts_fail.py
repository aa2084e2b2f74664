"""A case whose surroundings fail goes on: the database, the calendar, the documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from activities.calendars import national_calendar
from domain.clocks import CalendarSpec, WorkCalendar
from tests.support.people import contacted, finished, solved_remotely
from tests.workflows.conftest import Opener


class Broken:
    """A calendar that cannot be read, until it can."""

    def __init__(self) -> None:
        self.failing = True

    def __call__(self, spec: CalendarSpec, years: Iterable[int]) -> WorkCalendar:
        if self.failing:
            raise ConnectionError("no calendar today")
        return national_calendar(spec, years)


@pytest.fixture
def calendars() -> Broken:
    return Broken()


async def test_a_calendar_that_fails_gives_a_provisional_promise_and_a_better_one_later(
    open_case: Opener, calendars: Broken
) -> None:
    scene = await open_case()
    await contacted(scene)
    task = await scene.task("remote_diagnosis")
    promised = await scene.event("promised", "remote_diagnosis")
    assert task.provisional
    assert promised.data["deadline"]["reason"] == "the calendar could not be read"
    calendars.failing = False
    await scene.say("recalculate", reason="The calendar is back")
    for _ in range(3):
        await scene.rest()
    task = await scene.task("remote_diagnosis")
    promised = await scene.event("promised", "remote_diagnosis")
    assert (task.provisional, task.activity_id) == (False, "remote_diagnosis~2")
    assert promised.data["reason"] == "The calendar is back"
    assert promised.data["replaces"]


async def test_a_withdrawal_is_not_held_up_by_a_calendar_that_fails(open_case: Opener) -> None:
    scene = await open_case()
    await contacted(scene)
    await scene.say("withdraw", reason="Bought another machine")
    assert (await scene.end()).result == "withdrawn"


async def test_a_database_that_is_away_delays_pages_and_no_step(open_case: Opener, calendars: Any) -> None:
    calendars.failing = False
    scene = await open_case()
    await scene.task("contact_customer")
    await scene.rest()
    scene.memory.failing = True
    await contacted(scene)
    await solved_remotely(scene)
    await scene.task("acceptance")
    assert not scene.memory.tasks(scene.case_id).get("acceptance")
    scene.memory.failing = False
    await finished(scene)
    assert (await scene.end()).result == "resolved"
    assert scene.memory.tasks(scene.case_id)["acceptance"].status == "completed"
