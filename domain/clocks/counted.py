"""How much of a stretch of time was working time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from domain.clocks.calendar import CalendarSpec, WorkCalendar, days_from
from domain.model import zone_named

_ZERO = timedelta(0)


def office_time(stretches: Iterable[tuple[datetime, datetime]], calendar: WorkCalendar) -> timedelta:
    """Returns the time in which the office worked within these stretches; overlapping ones count twice."""
    total = _ZERO
    for begins, ends in stretches:
        for day in days_from(calendar.local_day(begins)):
            if calendar.midnight(day) >= ends:
                break
            if calendar.is_working(day):
                opens, closes = calendar.window(day)
                total += max(min(closes, ends) - max(opens, begins), _ZERO)
    return total


def years_between(begins: datetime, ends: datetime, calendar: CalendarSpec) -> tuple[int, ...]:
    """Returns the years that a stretch touches where the office is."""
    zone = zone_named(calendar.time_zone)
    return tuple(range(begins.astimezone(zone).year, ends.astimezone(zone).year + 1))
