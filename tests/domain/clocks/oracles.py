"""A second, independent and slow opinion: counts minute by minute, China's days by `chinesecalendar`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import chinese_calendar
from hypothesis import strategies as st

from activities.calendars import national_calendar
from domain.clocks import Anchor, Budget, CalendarSpec, Deadline, DeadlineRequest, Hold, WorkCalendar, promise

MINUTE = timedelta(minutes=1)
CHINA = CalendarSpec(country="CN")
ITALY = CalendarSpec(country="IT", time_zone="Europe/Rome")
ITALY_2026_OFF = {
    date(2026, month, day)
    for month, day in (
        (1, 1), (1, 6), (4, 5), (4, 6), (4, 25), (5, 1), (6, 2), (8, 15), (10, 4), (11, 1), (12, 8), (12, 25), (12, 26),
    )
}  # fmt: skip


def calendar_of(spec: CalendarSpec) -> WorkCalendar:
    return national_calendar(spec, range(2023, 2028))


def italy_works(day: date) -> bool:
    return day.weekday() < 5 and day not in ITALY_2026_OFF


@cache
def china_works(day: date) -> bool:
    return bool(chinese_calendar.is_workday(day))


def works(spec: CalendarSpec) -> Callable[[date], bool]:
    return china_works if spec.country == "CN" else italy_works


def is_open(instant: datetime, spec: CalendarSpec) -> bool:
    local = instant.astimezone(ZoneInfo(spec.time_zone))
    return works(spec)(local.date()) and time(9) <= local.time() < time(17, 30)


def is_held(instant: datetime, holds: Sequence[Hold]) -> bool:
    return any(hold.begins <= instant < hold.ends for hold in holds)


def minute_by_minute(start: datetime, minutes: int, runs: Callable[[datetime], bool]) -> datetime:
    instant = start
    while minutes:
        minutes -= runs(instant)
        instant += MINUTE
    return instant


def closing_after(start: datetime, days: int, spec: CalendarSpec) -> datetime:
    zone = ZoneInfo(spec.time_zone)
    day = start.astimezone(zone).date()
    while days:
        day += timedelta(days=1)
        days -= works(spec)(day)
    return datetime.combine(day, time(17, 30), zone)


def request(budget: str, at: datetime | str, spec: CalendarSpec = CHINA, *holds: Hold) -> DeadlineRequest:
    start = datetime.fromisoformat(at) if isinstance(at, str) else at
    anchor = Anchor(name="receipt", at=start)
    return DeadlineRequest(anchor=anchor, budget=Budget.parse(budget), calendar=spec, holds=holds)


def deadline(budget: str, at: datetime | str, spec: CalendarSpec = CHINA, *holds: Hold) -> Deadline:
    return promise(request(budget, at, spec, *holds), calendar_of(spec))


def due(budget: str, at: datetime | str, spec: CalendarSpec = CHINA, *holds: Hold) -> datetime:
    """The due instant on the office's own clock."""
    return deadline(budget, at, spec, *holds).due_at.astimezone(ZoneInfo(spec.time_zone))


def hold(begins: str, ends: str, reason: str = "customer away") -> Hold:
    return Hold(begins=datetime.fromisoformat(begins), ends=datetime.fromisoformat(ends), reason=reason)


def minutes_between(first: datetime, last: datetime) -> st.SearchStrategy[datetime]:
    span = int((last - first) / MINUTE)
    return st.integers(0, span).map(lambda minutes: first + minutes * MINUTE)


@st.composite
def holds_after(draw: st.DrawFn, start: datetime, within_days: int = 8, longest_minutes: int = 3_000) -> list[Hold]:
    """Up to four holds, overlapping or not, some beginning before the start."""
    found = []
    for _ in range(draw(st.integers(0, 4))):
        begins = start + draw(st.integers(-600, within_days * 1_440)) * MINUTE
        found.append(Hold(begins=begins, ends=begins + draw(st.integers(0, longest_minutes)) * MINUTE, reason="pause"))
    return found
