from __future__ import annotations

from datetime import date, datetime, time, timedelta

import chinese_calendar
import pytest
from pydantic import ValidationError

from activities.calendars import UnknownCalendar, national_calendar
from domain.clocks import WEEKEND, CalendarSpec, CalendarYear, WorkCalendar, plain_calendar
from tests.domain.clocks.oracles import CHINA, ITALY, ITALY_2026_OFF

KNOWN_YEARS = range(2005, 2027)
DISPUTED = {date(2005, 12, 31)}  # worked by the decree of 2006, which chinesecalendar begins one day after


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", KNOWN_YEARS)
def test_china_works_on_the_days_of_a_second_source(year: int) -> None:
    calendar = national_calendar(CHINA, [year])
    differing = [day for day in days_of(year) if calendar.is_working(day) != chinese_calendar.is_workday(day)]
    assert not set(differing) - DISPUTED


def test_every_decreed_year_is_published_and_the_coming_one_is_not() -> None:
    calendar = national_calendar(CHINA, [*KNOWN_YEARS, 2027, 2028])
    assert all(calendar.published(date(year, 6, 1)) for year in KNOWN_YEARS)
    assert not calendar.published(date(2027, 1, 1))
    assert not calendar.published(date(2027, 12, 31))
    assert not calendar.published(date(2028, 6, 1))


def test_an_unpublished_chinese_year_still_has_the_holidays_of_the_law() -> None:
    calendar = national_calendar(CHINA, [2027])
    assert "国庆节" in str(calendar.why_not(date(2027, 10, 1)))
    assert not any(calendar.make_up(day) for day in days_of(2027))


def test_late_december_awaits_the_decree_of_the_next_year() -> None:
    # the decree for 2019 made 31 December 2018 a day off and 29 December a working day
    calendar = national_calendar(CHINA, [2018, 2026])
    assert calendar.make_up(date(2018, 12, 29))
    assert not calendar.is_working(date(2018, 12, 31))
    assert calendar.published(date(2018, 12, 31))
    assert calendar.published(date(2026, 12, 25))
    assert not calendar.published(date(2026, 12, 26))
    assert calendar.unpublished_year(date(2026, 11, 1), date(2026, 12, 25)) is None
    assert calendar.unpublished_year(date(2026, 11, 1), date(2026, 12, 28)) == 2027


def test_a_make_up_day_of_last_december_is_found_through_the_decree_of_the_next_year() -> None:
    assert national_calendar(CHINA, [2011]).is_working(date(2011, 12, 31))


def test_a_chinese_make_up_sunday_is_worked_and_named() -> None:
    calendar = national_calendar(CHINA, [2026])
    assert calendar.is_working(date(2026, 9, 20))
    assert calendar.make_up(date(2026, 9, 20)) == "调休上班 (make-up working day)"
    assert calendar.why_not(date(2026, 9, 20)) is None
    assert calendar.why_not(date(2026, 10, 1)) == "国庆节 (National Day)"
    assert calendar.why_not(date(2026, 10, 5)) == "国庆节 (National Day)"
    assert calendar.why_not(date(2026, 10, 6)) == "调休放假 (day off in exchange)"
    assert calendar.why_not(date(2026, 10, 11)) == WEEKEND


def test_italy_rests_on_its_holidays_easter_monday_included() -> None:
    calendar = national_calendar(ITALY, [2026, 2027])
    off = {day for day in days_of(2026) if calendar.why_not(day) not in (None, WEEKEND)}
    assert off == ITALY_2026_OFF
    assert calendar.why_not(date(2026, 4, 6)) == "Lunedì dell'Angelo (Easter Monday)"
    assert not calendar.is_working(date(2027, 3, 29))
    assert all(calendar.published(day) for day in days_of(2027))


def test_a_patron_saint_is_a_day_off_in_his_own_city_only() -> None:
    milan = national_calendar(ITALY.model_copy(update={"subdivision": "MI"}), [2026])
    assert not milan.is_working(date(2026, 12, 7))
    assert national_calendar(ITALY, [2026]).is_working(date(2026, 12, 7))
    assert milan.version.endswith("IT-MI")


def test_a_subdivision_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(UnknownCalendar, match="XX"):
        national_calendar(ITALY.model_copy(update={"subdivision": "XX"}), [2026])


def test_a_calendar_without_a_country_is_monday_to_friday_and_always_published() -> None:
    calendar = national_calendar(CalendarSpec(), [2026])
    assert [day.weekday() < 5 for day in days_of(2026)] == [calendar.is_working(day) for day in days_of(2026)]
    assert calendar.published(date(2999, 1, 1))


def test_the_plain_calendar_of_a_country_is_monday_to_friday_and_never_published() -> None:
    calendar = plain_calendar(CHINA)
    assert calendar.version == "plain"
    assert calendar.is_working(date(2026, 10, 1))
    assert not calendar.is_working(date(2026, 9, 20))
    assert not calendar.published(date(2026, 10, 1))


def test_the_version_names_library_and_country() -> None:
    assert national_calendar(CHINA, [2026]).version.startswith("holidays 0.")
    assert national_calendar(CHINA, [2026]).version.endswith(" CN")


def test_a_calendar_survives_json() -> None:
    calendar = national_calendar(CHINA, [2026, 2027])
    assert WorkCalendar.model_validate_json(calendar.model_dump_json()) == calendar
    assert '"opens":"09:00"' in calendar.model_dump_json()


@pytest.mark.parametrize(
    "wrong",
    [
        {"country": "FR"},
        {"country": "CN", "subdivision": "BJ"},
        {"opens": "17:30", "closes": "09:00"},
        {"opens": "09:00", "closes": "09:00"},
        {"opens": "09:00:30"},
        {"opens": "09:00+08:00"},
        {"time_zone": "Asia/Atlantis"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": ""},
        {"holidays": []},
    ],
)
def test_a_calendar_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CalendarSpec.model_validate(wrong)


def test_a_year_holds_its_own_days_and_none_twice() -> None:
    with pytest.raises(ValidationError, match="does not belong"):
        CalendarYear(year=2026, days_off={date(2027, 1, 1): "New Year"})
    with pytest.raises(ValidationError, match="both off and worked"):
        CalendarYear(year=2026, days_off={date(2026, 1, 1): "a"}, make_up_days={date(2026, 1, 1): "b"})


def test_office_hours_follow_summer_time() -> None:
    calendar = national_calendar(ITALY, [2026])
    opens_before, _ = calendar.window(date(2026, 3, 27))
    opens_after, _ = calendar.window(date(2026, 3, 30))
    assert (opens_before.time(), opens_after.time()) == (time(8), time(7))
    assert calendar.midnight(date(2026, 3, 30)) - calendar.midnight(date(2026, 3, 29)) == timedelta(hours=23)
    assert calendar.local_day(datetime.fromisoformat("2026-03-29T22:30:00Z")) == date(2026, 3, 30)
