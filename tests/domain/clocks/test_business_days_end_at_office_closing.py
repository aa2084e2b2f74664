from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.clocks import Why
from tests.domain.clocks.oracles import (
    CHINA,
    ITALY,
    MINUTE,
    closing_after,
    deadline,
    due,
    hold,
    holds_after,
    is_held,
    is_open,
    minute_by_minute,
    minutes_between,
)

STARTS = minutes_between(datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))
ITALIAN_STARTS = minutes_between(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("budget", "at", "expected"),
    [
        ("5 bd", "2026-11-20T11:00:00+08:00", "2026-11-27T17:30:00+08:00"),  # R7: Friday to next Friday
        ("5 bd", "2026-11-20T23:59:00+08:00", "2026-11-27T17:30:00+08:00"),  # the day counts, not the hour
        ("1 bd", "2026-11-21T11:00:00+08:00", "2026-11-23T17:30:00+08:00"),  # Saturday: Monday is day one
        ("5 bd", "2026-09-29T11:00:00+08:00", "2026-10-12T17:30:00+08:00"),  # holiday week, make-up Saturday
        ("1 bd", "2026-09-18T11:00:00+08:00", "2026-09-20T17:30:00+08:00"),  # ends on a worked Sunday
        ("2 bd", "2025-12-31T11:00:00+08:00", "2026-01-05T17:30:00+08:00"),  # year's end, 4 January is worked
    ],
)
def test_business_days_count_after_the_day_of_the_start(budget: str, at: str, expected: str) -> None:
    assert due(budget, at) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    ("budget", "at", "expected"),
    [
        ("1 bd", "2026-04-03T10:00:00+02:00", "2026-04-07T17:30:00+02:00"),  # Easter Monday
        ("7 bd", "2026-10-22T10:00:00+02:00", "2026-11-02T17:30:00+01:00"),  # winter time begins
        ("7 bd", "2026-12-22T10:00:00+01:00", "2027-01-04T17:30:00+01:00"),  # the turn of the year
    ],
)
def test_business_days_in_italy(budget: str, at: str, expected: str) -> None:
    found = deadline(budget, at, ITALY)
    assert found.due_at == datetime.fromisoformat(expected)
    assert not found.provisional


@given(STARTS, st.integers(1, 30))
def test_business_days_in_china_agree_with_a_second_calendar(start: datetime, days: int) -> None:
    if closing_after(start, days, CHINA).year < 2027:
        found = deadline(f"{days} bd", start)
        assert found.due_at == closing_after(start, days, CHINA)
        assert sum(interval.days for interval in found.intervals) == days


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_working_time_on_hold_is_made_up_after_the_deadline(data: st.DataObject) -> None:
    spec = data.draw(st.sampled_from([CHINA, ITALY]))
    start, days = data.draw(ITALIAN_STARTS), data.draw(st.integers(1, 6))
    holds = data.draw(holds_after(start, within_days=10))
    unheld = closing_after(start, days, spec).astimezone(UTC)
    lost, now = 0, start
    while now < unheld:
        lost += is_held(now, holds) and is_open(now, spec)
        now += MINUTE
    slow = minute_by_minute(unheld, lost, lambda instant: not is_held(instant, holds) and is_open(instant, spec))
    found = deadline(f"{days} bd", start, spec, *holds)
    assert found.due_at == slow
    assert found.due_at >= unheld


def test_a_hold_of_two_office_hours_makes_the_deadline_two_office_hours_later() -> None:
    found = deadline(
        "5 bd", "2026-11-20T11:00:00+08:00", CHINA, hold("2026-11-24T10:00+08:00", "2026-11-24T12:00+08:00")
    )
    assert found.due_at == datetime.fromisoformat("2026-11-30T11:00:00+08:00")
    assert found.intervals[-1].why is Why.MADE_UP
    assert found.intervals[-1].seconds == 7_200


def test_a_hold_over_a_weekend_costs_no_working_time() -> None:
    weekend = hold("2026-11-20T18:00+08:00", "2026-11-23T08:00+08:00")
    assert due("5 bd", "2026-11-20T11:00:00+08:00", CHINA, weekend) == due("5 bd", "2026-11-20T11:00:00+08:00")


def test_a_hold_that_outlasts_the_deadline_is_made_up_once_it_ends() -> None:
    long = hold("2026-11-27T16:30+08:00", "2026-12-07T12:00+08:00")
    assert due("5 bd", "2026-11-20T11:00:00+08:00", CHINA, long) == datetime.fromisoformat("2026-12-07T13:00:00+08:00")
