"""Working calendars: which days count, computed from data alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, PlainSerializer, PrivateAttr, field_validator, model_validator

from domain.model import Frozen, zone_named

WEEKEND = "weekend"
PLAIN = "plain"
_SATURDAY = 5
_ONE_DAY = timedelta(days=1)
_LONGEST_CLOSED = 60
"""Days without work after which nobody looks for the next opening."""

OfficeTime = Annotated[time, PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str)]
"""A local time of day to the minute, "09:00" in JSON."""


class OfficeHours(Frozen):
    """When the office opens and closes on a working day, local time."""

    opens: OfficeTime = time(9, 0)
    closes: OfficeTime = time(17, 30)

    @model_validator(mode="after")
    def _in_order(self) -> OfficeHours:
        for value in (self.opens, self.closes):
            if value.tzinfo is not None or value.second or value.microsecond:
                raise ValueError("office hours are local times to the minute")
        if self.opens >= self.closes:
            raise ValueError("the office must open before it closes, on the same day")
        return self

    @property
    def length(self) -> timedelta:
        """The office time of one working day."""
        return datetime.combine(date.min, self.closes) - datetime.combine(date.min, self.opens)


class CalendarSpec(Frozen):
    """The calendar that a plan works by; `country` None means Monday to Friday without holidays."""

    country: Literal["CN", "IT"] | None = None
    subdivision: str | None = None
    opens: OfficeTime = time(9, 0)
    closes: OfficeTime = time(17, 30)
    time_zone: str = "Asia/Shanghai"

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        zone_named(value)
        return value

    @model_validator(mode="after")
    def _consistent(self) -> CalendarSpec:
        OfficeHours(opens=self.opens, closes=self.closes)
        if self.subdivision is not None and self.country != "IT":
            raise ValueError("only Italy's calendar has subdivisions")
        return self

    @property
    def hours(self) -> OfficeHours:
        """The office hours as one value."""
        return OfficeHours(opens=self.opens, closes=self.closes)


class CalendarYear(Frozen):
    """What is known of one year: the days off, and the weekend days that are worked in exchange.

    `published` is False while the government has not decreed the year: the days off are then only the
    ones that the law fixes. `settled_until` is the last day that the next year's decree cannot move any
    more (China has moved days of late December); None means the whole year is settled.
    """

    year: int
    days_off: dict[date, str] = Field(default_factory=dict)
    make_up_days: dict[date, str] = Field(default_factory=dict)
    published: bool = True
    settled_until: date | None = None

    @model_validator(mode="after")
    def _own_days_only(self) -> CalendarYear:
        for day in (*self.days_off, *self.make_up_days):
            if day.year != self.year:
                raise ValueError(f"{day} does not belong to {self.year}")
        if both := self.days_off.keys() & self.make_up_days.keys():
            raise ValueError(f"{min(both)} is both off and worked")
        return self


class WorkCalendar(Frozen):
    """A country's working days. A year without data is Monday to Friday and counts as unpublished."""

    spec: CalendarSpec
    version: str
    years: tuple[CalendarYear, ...] = ()

    _by_year: dict[int, CalendarYear] = PrivateAttr(default_factory=dict)

    def model_post_init(self, _context: Any, /) -> None:
        """Index the years."""
        self._by_year = {known.year: known for known in self.years}

    def is_working(self, day: date) -> bool:
        """Whether the office works on this day; make-up Saturdays and Sundays count."""
        known = self._by_year.get(day.year)
        if known is not None:
            if day in known.make_up_days:
                return True
            if day in known.days_off:
                return False
        return day.weekday() < _SATURDAY

    def why_not(self, day: date) -> str | None:
        """Why the day is not worked: the holiday's name or "weekend"; None for a working day."""
        if self.is_working(day):
            return None
        known = self._by_year.get(day.year)
        return known.days_off.get(day, WEEKEND) if known is not None else WEEKEND

    def make_up(self, day: date) -> str | None:
        """The name of a make-up working day, None for any other day."""
        known = self._by_year.get(day.year)
        return known.make_up_days.get(day) if known is not None else None

    def published(self, day: date) -> bool:
        """Whether no decree still to come can change this day. True for a calendar without a country."""
        if self.spec.country is None:
            return True
        known = self._by_year.get(day.year)
        if known is None or not known.published:
            return False
        return known.settled_until is None or day <= known.settled_until

    def unpublished_year(self, first: date, last: date) -> int | None:
        """The first year whose decree is still awaited and can change a day from `first` to `last`; else None."""
        for year in range(first.year, last.year + 1):
            begins, ends = max(first, date(year, 1, 1)), min(last, date(year, 12, 31))
            if not self.published(begins):
                known = self._by_year.get(year)
                return year + 1 if known is not None and known.published else year
            if not self.published(ends):
                return year + 1
        return None

    def local_day(self, instant: datetime) -> date:
        """The day on the office's own wall calendar at this instant."""
        return instant.astimezone(zone_named(self.spec.time_zone)).date()

    def midnight(self, day: date) -> datetime:
        """The first instant of the local day, in UTC."""
        return self._at(day, time.min)

    def window(self, day: date) -> tuple[datetime, datetime]:
        """Opening and closing of the office on this day in UTC, whether or not the day is worked."""
        opens, closes = self._at(day, self.spec.opens), self._at(day, self.spec.closes)
        return opens, max(opens, closes)  # a clock change inside the hours can turn them round

    def next_office_time(self, instant: datetime) -> datetime:
        """The instant itself while the office is open, else the next opening; itself too when it never opens again."""
        day = self.local_day(instant)
        for _ in range(_LONGEST_CLOSED):
            opens, closes = self.window(day)
            if self.is_working(day) and instant < closes:
                return max(opens, instant)
            day += _ONE_DAY
        return instant

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, zone_named(self.spec.time_zone)).astimezone(UTC)


def plain_calendar(spec: CalendarSpec) -> WorkCalendar:
    """Monday to Friday and nothing else; unpublished throughout when the spec names a country."""
    return WorkCalendar(spec=spec, version=PLAIN)


def days_from(day: date) -> Iterable[date]:
    """The day and all that follow; raises OverflowError at the end of the calendar."""
    while True:
        yield day
        day += _ONE_DAY
