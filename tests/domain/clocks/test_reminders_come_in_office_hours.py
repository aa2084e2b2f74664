from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.calendars import national_calendar
from domain.clocks import CalendarSpec, CalendarYear, WorkCalendar
from tests.domain.clocks.oracles import CHINA, is_open

CALENDAR = national_calendar(CHINA, (2025, 2026))
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 320 * 24 * 60).map(lambda minutes: BEGINNING + timedelta(minutes=minutes))


@given(at=INSTANTS)
def test_the_next_office_time_is_the_first_open_minute(at: datetime) -> None:
    found = CALENDAR.next_office_time(at)
    assert found >= at
    assert is_open(found, CHINA)
    passed = int((found - at) / timedelta(minutes=1))
    assert not any(is_open(at + timedelta(minutes=minute), CHINA) for minute in range(0, passed, 7))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-20T10:00:00+08:00", "2026-11-20T10:00:00+08:00"),
        ("2026-11-20T03:00:00+08:00", "2026-11-20T09:00:00+08:00"),
        ("2026-11-20T17:30:00+08:00", "2026-11-23T09:00:00+08:00"),
        ("2026-09-30T18:00:00+08:00", "2026-10-08T09:00:00+08:00"),
    ],
)
def test_a_night_a_weekend_and_a_holiday_are_waited_for(at: str, expected: str) -> None:
    assert CALENDAR.next_office_time(datetime.fromisoformat(at)) == datetime.fromisoformat(expected)


def test_an_office_that_never_opens_leaves_the_instant_as_it_is() -> None:
    days = [BEGINNING + timedelta(days=day) for day in range(365)]
    closed = CalendarYear(year=2026, days_off={day.date(): "closed" for day in days})
    never = WorkCalendar(spec=CalendarSpec(country="CN"), version="closed", years=(closed,))
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert never.next_office_time(at) == at
