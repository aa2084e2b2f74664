"""National working calendars, from the library `holidays`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache
from importlib.metadata import version

from domain.clocks import CalendarSpec, CalendarYear, WorkCalendar

_NATIVE = {"CN": "zh_CN", "IT": "it_IT"}
_SATURDAY = 5
_DECREED = frozenset({"CN"})
_SETTLED_UNTIL = (12, 25)
"""China has moved days from 29 December on by the next year's decree, never earlier ones; a margin is added."""
_REMARK = re.compile(r" \((?:observed|estimated|observed, estimated)\)$|（(?:补假|推定|补假，推定)）$")
_EXCHANGED_DAY_OFF = "调休放假 (day off in exchange)"
_MAKE_UP_DAY = "调休上班 (make-up working day)"


class UnknownCalendar(ValueError):
    """A plan's calendar names a country or subdivision whose days the library does not know."""


def national_calendar(spec: CalendarSpec, years: Iterable[int]) -> WorkCalendar:
    """The calendar of the spec for these years.

    Raises UnknownCalendar for a country or subdivision whose days the library does not know.
    """
    if spec.country is None:
        return WorkCalendar(spec=spec, version="Monday to Friday")
    known = tuple(_year(spec.country, spec.subdivision, year) for year in sorted(set(years)))
    return WorkCalendar(spec=spec, version=f"holidays {_version()} {_place(spec)}", years=known)


def _place(spec: CalendarSpec) -> str:
    return f"{spec.country}-{spec.subdivision}" if spec.subdivision else str(spec.country)


@cache
def _version() -> str:
    return version("holidays")  # reads a file and parses it, too slow for every deadline


@lru_cache(maxsize=512)
def _year(country: str, subdivision: str | None, year: int) -> CalendarYear:
    import holidays  # a tenth of a second, which only those who ask for a calendar should pay

    # neighbours too: a decree for one year can make a day of the last December a working day
    around = (year - 1, year, year + 1)
    places = holidays.country_holidays(country) if country in _NATIVE else None
    if places is None or (subdivision and subdivision not in {*places.subdivisions, *places.subdivisions_aliases}):
        raise UnknownCalendar(f"there is no calendar of {subdivision or country}")
    native = holidays.country_holidays(country, subdiv=subdivision, years=around, language=_NATIVE[country])
    english = holidays.country_holidays(country, subdiv=subdivision, years=around, language="en_US")
    worked = {day for day in native.weekend_workdays if day.weekday() >= _SATURDAY}
    by_decree = country in _DECREED
    published = not by_decree or _is_decreed(year, worked)
    open_end = by_decree and published and not _is_decreed(year + 1, worked)
    return CalendarYear(
        year=year,
        days_off={
            day: _named(name, english.get(day, name))
            for day, name in sorted(native.items())
            if day.year == year and day not in worked
        },
        make_up_days={day: _MAKE_UP_DAY for day in sorted(worked) if day.year == year},
        published=published,
        settled_until=date(year, *_SETTLED_UNTIL) if open_end else None,
    )


def _is_decreed(year: int, worked: set[date]) -> bool:
    """Whether the library knows the decree of a year.

    It answers for any year, with the holidays that the law fixes; a decree shows by its make-up working
    days, which every one has had since 2001. Without them, promising is provisional: the safe side.
    """
    return any(day.year == year for day in worked)


def _named(native: str, english: str) -> str:
    if english.startswith("Day off (substituted"):
        return _EXCHANGED_DAY_OFF
    native, english = _REMARK.sub("", native), _REMARK.sub("", english)
    return f"{native} ({english})" if native != english else native
