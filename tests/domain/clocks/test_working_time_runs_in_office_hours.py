from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.clocks import CalendarSpec, CalendarYear, WorkCalendar, promise, years_needed
from tests.domain.clocks.oracles import (
    CHINA,
    ITALY,
    deadline,
    due,
    hold,
    holds_after,
    is_held,
    is_open,
    minute_by_minute,
    minutes_between,
    request,
)

CHINESE_STARTS = minutes_between(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC))
ITALIAN_STARTS = minutes_between(datetime(2026, 3, 20, tzinfo=UTC), datetime(2026, 11, 20, tzinfo=UTC))


@pytest.mark.parametrize(
    ("budget", "at", "expected"),
    [
        ("2 working h", "2026-11-20T10:00:00+08:00", "2026-11-20T12:00:00+08:00"),
        ("2 working h", "2026-11-20T16:30:00+08:00", "2026-11-23T10:00:00+08:00"),
        ("30 working min", "2026-11-20T20:00:00+08:00", "2026-11-23T09:30:00+08:00"),
        ("30 working min", "2026-11-20T06:00:00+08:00", "2026-11-20T09:30:00+08:00"),
        ("1 working h", "2026-11-20T16:30:00+08:00", "2026-11-20T17:30:00+08:00"),  # exactly at closing
        ("1 working h", "2026-09-19T12:00:00+08:00", "2026-09-20T10:00:00+08:00"),  # a Sunday worked in exchange
        ("1 working h", "2026-09-30T17:00:00+08:00", "2026-10-08T09:30:00+08:00"),  # the October week
    ],
)
def test_working_time_is_counted_while_the_office_is_open(budget: str, at: str, expected: str) -> None:
    assert due(budget, at) == datetime.fromisoformat(expected)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_working_time_in_china_agrees_with_a_count_minute_by_minute(data: st.DataObject) -> None:
    start, minutes = data.draw(CHINESE_STARTS), data.draw(st.integers(1, 2_000))
    holds = data.draw(holds_after(start))
    slow = minute_by_minute(start, minutes, lambda now: not is_held(now, holds) and is_open(now, CHINA))
    found = deadline(f"{minutes} working min", start, CHINA, *holds)
    assert found.due_at == slow
    assert sum(interval.seconds for interval in found.intervals if interval.counted) == minutes * 60


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_working_time_in_italy_agrees_with_a_count_minute_by_minute(data: st.DataObject) -> None:
    start, minutes = data.draw(ITALIAN_STARTS), data.draw(st.integers(1, 2_000))
    holds = data.draw(holds_after(start))
    slow = minute_by_minute(start, minutes, lambda now: not is_held(now, holds) and is_open(now, ITALY))
    assert deadline(f"{minutes} working min", start, ITALY, *holds).due_at == slow


def test_working_time_over_the_change_to_winter_time_keeps_the_offices_clock() -> None:
    expected = datetime.fromisoformat("2026-10-26T10:00:00+01:00")
    assert due("2 working h", "2026-10-23T16:30:00+02:00", ITALY) == expected


def test_a_hold_outside_office_hours_costs_nothing() -> None:
    night = hold("2026-11-20T18:00:00+08:00", "2026-11-23T08:00:00+08:00")
    assert due("2 working h", "2026-11-20T16:30:00+08:00", CHINA, night) == due(
        "2 working h", "2026-11-20T16:30:00+08:00"
    )


def test_a_pause_of_a_thousand_years_is_skipped_at_once() -> None:
    long = hold("2026-11-20T17:00:00+08:00", "3026-11-20T10:00:00+08:00")
    found = deadline("1 working h", "2026-11-20T16:30:00+08:00", CHINA, long)
    assert found.due_at == datetime.fromisoformat("3026-11-20T10:30:00+08:00")
    assert len(years_needed(found.request)) < 10


def test_an_office_that_never_works_is_an_error_and_not_an_endless_loop() -> None:
    first = date(2026, 1, 1)
    days = [first + timedelta(days=number) for number in range(15 * 365)]
    years = tuple(
        CalendarYear(year=year, days_off={day: "closed for good" for day in days if day.year == year})
        for year in range(2026, 2041)
    )
    closed = WorkCalendar(spec=CalendarSpec(), version="closed", years=years)
    for budget in ("1 working h", "1 bd"):
        with pytest.raises(ValueError, match="never works"):
            promise(request(budget, "2026-01-01T00:00:00Z", CalendarSpec()), closed)
