"""A case reads its calendar once and keeps to it; it asks again only for what it does not know."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from activities.calendars import national_calendar
from domain.clocks import CalendarSpec, WorkCalendar
from tests.support.people import complex_issue, contacted
from tests.workflows.conftest import Opener


class Announced:
    """The national calendar, its decrees known or still awaited; counts how often it is read."""

    def __init__(self) -> None:
        self.decreed, self.asked = True, 0

    def __call__(self, spec: CalendarSpec, years: Iterable[int]) -> WorkCalendar:
        self.asked += 1
        known = national_calendar(spec, years)
        if self.decreed:
            return WorkCalendar(
                spec=spec,
                version=known.version,
                years=tuple(year.model_copy(update={"published": True, "settled_until": None}) for year in known.years),
            )
        awaited = tuple(year.model_copy(update={"published": False}) for year in known.years)
        return WorkCalendar(spec=spec, version=known.version, years=awaited)


@pytest.fixture
def calendars() -> Announced:
    return Announced()


async def test_a_case_reads_its_calendar_once(open_case: Opener, calendars: Announced) -> None:
    scene = await open_case()
    await contacted(scene)
    await complex_issue(scene)
    assert not (await scene.task("assign_engineer")).provisional
    assert calendars.asked == 1


async def test_a_decree_that_was_awaited_is_asked_for_again_after_a_day(
    open_case: Opener, calendars: Announced
) -> None:
    calendars.decreed = False
    scene = await open_case()
    await contacted(scene)
    assert (await scene.task("remote_diagnosis")).provisional
    calendars.decreed = True
    await scene.advance(hours=30)
    await complex_issue(scene)
    assert not (await scene.task("assign_engineer")).provisional


async def test_a_decree_that_was_awaited_is_not_asked_for_all_the_time(open_case: Opener, calendars: Announced) -> None:
    calendars.decreed = False
    scene = await open_case()
    await contacted(scene)
    await complex_issue(scene)
    assert (await scene.task("assign_engineer")).provisional
    assert calendars.asked == 1
