"""The week of a dispatch board, and visits of one person that cannot both be kept."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.clocks import CalendarSpec, CalendarYear, WorkCalendar
from domain.dispatch import Week, Window, overlapping

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)


def _window(name: str, begins: float, ends: float) -> Window:
    return Window(name, NINE + timedelta(hours=begins), NINE + timedelta(hours=ends))


def test_a_week_begins_on_monday_whatever_day_is_asked_for() -> None:
    for day in range(23, 30):
        assert Week.of(date(2026, 11, day), "Asia/Shanghai").monday == date(2026, 11, 23)
    week = Week.of(date(2026, 11, 25), "Asia/Shanghai")
    assert week.days[-1] == date(2026, 11, 29)
    assert (week.before, week.after) == (date(2026, 11, 16), date(2026, 11, 30))
    assert week.since == datetime(2026, 11, 22, 16, tzinfo=UTC)
    assert week.until - week.since == timedelta(days=7)


def test_a_week_in_which_the_clocks_change_is_an_hour_longer() -> None:
    week = Week.of(date(2026, 10, 25), "Europe/Rome")
    assert week.until.astimezone(UTC) - week.since.astimezone(UTC) == timedelta(days=7, hours=1)


def test_visits_that_touch_can_both_be_kept_and_visits_that_overlap_cannot() -> None:
    assert overlapping([_window("a", 0, 2), _window("b", 2, 4)]) == frozenset()
    assert overlapping([_window("a", 0, 2), _window("b", 1, 3), _window("c", 3, 4)]) == {"a", "b"}
    assert overlapping([_window("long", 0, 8), _window("b", 1, 2), _window("c", 3, 4)]) == {"long", "b", "c"}


def test_two_visits_at_the_same_instant_overlap_though_neither_has_a_length() -> None:
    assert overlapping([_window("a", 0, 0), _window("b", 0, 0), _window("c", 1, 1)]) == {"a", "b"}


def test_a_week_is_over_once_its_last_working_day_has_ended_in_every_calendar() -> None:
    china = CalendarSpec(country="CN")
    plain = WorkCalendar(spec=china, version="plain")
    worked = CalendarYear(year=2026, make_up_days={date(2026, 11, 29): "in exchange"})
    sunday = WorkCalendar(spec=china, version="with a Sunday that is worked", years=(worked,))
    rome = WorkCalendar(spec=CalendarSpec(country="IT", time_zone="Europe/Rome", closes=time(18, 0)), version="plain")
    week = Week.of(date(2026, 11, 25), "Asia/Shanghai")
    friday = datetime(2026, 11, 27, 17, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    moment = timedelta(seconds=1)
    assert not week.is_over(friday - moment, [plain])
    assert week.is_over(friday, [plain])
    assert not week.is_over(friday, [plain, rome])
    assert week.is_over(datetime(2026, 11, 27, 18, 0, tzinfo=ZoneInfo("Europe/Rome")), [plain, rome])
    assert not week.is_over(friday + timedelta(days=2) - moment, [sunday])
    assert week.is_over(friday + timedelta(days=2), [sunday])
