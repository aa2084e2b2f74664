"""The days of a dispatch board, and what of one person's day cannot be kept at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.clocks import WorkCalendar

DAYS = 7


@dataclass(frozen=True)
class Week:
    """Seven days from a Monday on, in one time zone."""

    monday: date
    zone: str

    @classmethod
    def of(cls, day: date, zone: str) -> Week:
        """The week that a day falls into."""
        return cls(day - timedelta(days=day.weekday()), zone)

    @property
    def days(self) -> tuple[date, ...]:
        """Its days, Monday first."""
        return tuple(self.monday + timedelta(days=number) for number in range(DAYS))

    @property
    def before(self) -> date:
        """The Monday of the week before."""
        return self.monday - timedelta(days=DAYS)

    @property
    def after(self) -> date:
        """The Monday of the week after."""
        return self.monday + timedelta(days=DAYS)

    @property
    def since(self) -> datetime:
        """Its first instant."""
        return _midnight(self.monday, self.zone)

    @property
    def until(self) -> datetime:
        """The first instant after it."""
        return _midnight(self.after, self.zone)

    def is_over(self, now: datetime, calendars: Iterable[WorkCalendar]) -> bool:
        """True once its last working day has ended in every calendar: what is left of it are days off."""
        ends = (
            datetime.combine(day, one.spec.closes, ZoneInfo(one.spec.time_zone))
            for one in calendars
            for day in self.days
            if one.is_working(day)
        )
        return all(end <= now for end in ends)


@dataclass(frozen=True)
class Window:
    """When somebody is to be with a customer; `name` tells one window from another."""

    name: str
    begins: datetime
    ends: datetime


def overlapping(windows: Iterable[Window]) -> frozenset[str]:
    """Returns the names of the windows that another one of the same person begins in or before the end of.

    Windows that touch do not overlap; two that begin at the same instant do.
    """
    found: set[str] = set()
    ordered = sorted(windows, key=lambda one: (one.begins, one.ends, one.name))
    for place, one in enumerate(ordered):
        for later in ordered[place + 1 :]:
            if later.begins >= one.ends and later.begins != one.begins:
                break
            found |= {one.name, later.name}
    return frozenset(found)


def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
