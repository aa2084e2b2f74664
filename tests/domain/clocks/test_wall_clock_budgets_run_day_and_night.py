from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.clocks import NO_CALENDAR, Hold, Why
from tests.domain.clocks.oracles import (
    CHINA,
    ITALY,
    deadline,
    due,
    hold,
    holds_after,
    is_held,
    minute_by_minute,
    minutes_between,
)

STARTS = minutes_between(datetime(2026, 2, 10, tzinfo=UTC), datetime(2026, 10, 20, tzinfo=UTC))


@pytest.mark.parametrize(
    ("budget", "at", "expected"),
    [
        ("12 h", "2026-11-20T20:00:00+08:00", "2026-11-21T08:00:00+08:00"),
        ("24 h", "2026-09-30T17:00:00+08:00", "2026-10-01T17:00:00+08:00"),
        ("30 min", "2026-12-31T23:45:00+08:00", "2027-01-01T00:15:00+08:00"),
        ("4 d", "2026-11-20T20:00:00+08:00", "2026-11-24T20:00:00+08:00"),
        ("90 s", "2026-11-20T20:00:00.5+08:00", "2026-11-20T20:01:30.5+08:00"),
    ],
)
def test_a_wall_clock_budget_takes_no_notice_of_weekends_and_holidays(budget: str, at: str, expected: str) -> None:
    assert due(budget, at) == datetime.fromisoformat(expected)


def test_a_day_is_24_hours_also_when_summer_time_begins() -> None:
    assert due("1 d", "2026-03-28T12:00:00+01:00", ITALY) == datetime.fromisoformat("2026-03-29T13:00:00+02:00")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_time_on_hold_is_not_counted(data: st.DataObject) -> None:
    start, minutes = data.draw(STARTS), data.draw(st.integers(1, 5_000))
    holds = data.draw(holds_after(start))
    slow = minute_by_minute(start, minutes, lambda instant: not is_held(instant, holds))
    found = deadline(f"{minutes} min", start, CHINA, *holds)
    assert found.due_at == slow
    assert sum(interval.seconds for interval in found.intervals if interval.counted) == minutes * 60


def test_a_hold_that_begins_with_the_deadline_moves_nothing() -> None:
    late = hold("2026-11-20T12:00:00+00:00", "2026-11-25T12:00:00+00:00")
    assert due("2 h", "2026-11-20T10:00:00+00:00", CHINA, late) == late.begins


def test_a_hold_over_the_start_delays_the_start() -> None:
    early = hold("2026-11-20T08:00:00+00:00", "2026-11-20T11:00:00+00:00")
    assert due("2 h", "2026-11-20T10:00:00+00:00", CHINA, early) == early.ends + timedelta(hours=2)


def test_a_pause_resumed_in_the_same_moment_changes_nothing() -> None:
    moment = datetime(2026, 11, 20, 11, tzinfo=UTC)
    empty = Hold(begins=moment, ends=moment, reason="a slip of the finger")
    found = deadline("2 h", moment - timedelta(hours=1), CHINA, empty)
    assert found.due_at == moment + timedelta(hours=1)
    assert [interval.why for interval in found.intervals] == [Why.ELAPSED]


def test_a_wall_clock_deadline_needs_no_calendar_and_is_never_provisional() -> None:
    found = deadline("12 h", "2027-02-01T00:00:00Z")
    assert found.calendar_version == NO_CALENDAR
    assert not found.provisional
    assert found.reason is None
