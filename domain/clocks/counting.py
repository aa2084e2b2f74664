"""Counting a budget: elapsed time, working time, business days, each without the time on hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from domain.clocks.calendar import WEEKEND, WorkCalendar, days_from
from domain.clocks.parts import Part, hold_parts, merged, pieces
from domain.clocks.request import Hold, Why

_ZERO = timedelta(0)
_IDLE_DAYS = 4_000
"""So many days off in a row mean that the calendar never lets the clock run."""
_ONE_DAY = timedelta(days=1)


def elapsed(start: datetime, length: timedelta, holds: Sequence[Hold], why: Why) -> tuple[datetime, list[Part]]:
    """The instant at which `length` of wall-clock time outside the holds has passed, and how."""
    holds = merged(holds, start)
    parts: list[Part] = []
    cursor, left = start, length
    for hold in holds:
        if left <= hold.begins - cursor:
            break
        if hold.begins > cursor:
            parts.append(Part(cursor, hold.begins, why, time=hold.begins - cursor))
        left -= hold.begins - cursor
        cursor = hold.ends
    due = cursor + left
    if due > cursor:
        parts.append(Part(cursor, due, why, time=left))
    return due, parts + hold_parts(holds, due)


def working(
    start: datetime, length: timedelta, calendar: WorkCalendar, holds: Sequence[Hold], why: Why = Why.OFFICE_HOURS
) -> tuple[datetime, list[Part]]:
    """The instant at which `length` of office time outside the holds has passed, and how.

    A budget that is used up exactly at closing ends there, not at the next opening. Raises ValueError
    when the office never works long enough.
    """
    holds = merged(holds, start)
    parts: list[Part] = []
    left, idle, day = length, 0, calendar.local_day(start)
    while idle <= _IDLE_DAYS:
        if after := _held_all_day(day, calendar, holds):
            day = after  # at once, however long the hold is
            continue
        idle = 0 if calendar.is_working(day) else idle + 1
        for begins, ends in _open(day, start, calendar, holds, parts):
            taken = min(ends - begins, left)
            kind = Why.MAKE_UP_DAY if why is Why.OFFICE_HOURS and calendar.make_up(day) else why
            parts.append(Part(begins, begins + taken, kind, calendar.make_up(day) or "", taken))
            left -= taken
            if not left:
                due = begins + taken
                return due, parts + hold_parts(holds, due)
        day += _ONE_DAY
    raise ValueError("the office never works long enough for this budget")


def business_days(
    start: datetime, amount: int, calendar: WorkCalendar, holds: Sequence[Hold]
) -> tuple[datetime, list[Part]]:
    """Office closing on the nth working day after the day of the start, and how it was counted.

    Working time that fell into holds is made up after that, in working time; so a deadline is never
    earlier than without holds. Raises ValueError when there are not that many working days.
    """
    first = calendar.local_day(start)
    parts: list[Part] = []
    found, idle, due = 0, 0, start
    for day in days_from(first):
        if not calendar.is_working(day):
            parts.append(_day_off(day, start, calendar))
            idle += 1
        elif day == first:
            parts.append(Part(start, calendar.midnight(day + _ONE_DAY), Why.START_DAY))
        else:
            opens, due = calendar.window(day)
            kind = Why.MAKE_UP_DAY if calendar.make_up(day) else Why.OFFICE_HOURS
            parts.append(Part(opens, due, kind, calendar.make_up(day) or "", days=1))
            found, idle = found + 1, 0
            if found == amount:
                break
        if idle > _IDLE_DAYS:
            raise ValueError("the office never works long enough for this budget")
    return _made_up(start, due, calendar, holds, parts)


def _made_up(
    start: datetime, unheld: datetime, calendar: WorkCalendar, holds: Sequence[Hold], parts: list[Part]
) -> tuple[datetime, list[Part]]:
    lost_in = [(hold, _lost(hold, unheld, calendar)) for hold in merged(holds, start) if hold.begins < unheld]
    lost = sum((time for _, time in lost_in), _ZERO)
    parts = parts + [Part(hold.begins, min(hold.ends, unheld), Why.HOLD, hold.reason, time) for hold, time in lost_in]
    if not lost:
        return unheld, parts
    due, more = working(unheld, lost, calendar, holds, Why.MADE_UP)
    return due, parts + more


def _lost(hold: Hold, unheld: datetime, calendar: WorkCalendar) -> timedelta:
    """The working time inside a hold, up to the deadline without holds."""
    total = _ZERO
    ends = min(hold.ends, unheld)
    for day in days_from(calendar.local_day(hold.begins)):
        opens, closes = calendar.window(day)
        if calendar.is_working(day):
            total += max(min(closes, ends) - max(opens, hold.begins), _ZERO)
        if calendar.midnight(day) >= ends:
            return total
    return total


def _held_all_day(day: date, calendar: WorkCalendar, holds: Sequence[Hold]) -> date | None:
    """The day on which a hold ends that covers this whole day; None when there is no such hold."""
    begins, ends = calendar.midnight(day), calendar.midnight(day + _ONE_DAY)
    return next((calendar.local_day(hold.ends) for hold in holds if hold.begins <= begins and hold.ends >= ends), None)


def _open(
    day: date, start: datetime, calendar: WorkCalendar, holds: Sequence[Hold], parts: list[Part]
) -> Iterator[tuple[datetime, datetime]]:
    """The office time of a day after `start` and outside the holds; a day off goes into `parts` instead."""
    if not calendar.is_working(day):
        off = _day_off(day, start, calendar)
        parts.extend(off._replace(begins=begins, ends=ends) for begins, ends in pieces(off.begins, off.ends, holds))
        return
    opens, closes = calendar.window(day)
    yield from pieces(max(opens, start), closes, holds)


def _day_off(day: date, start: datetime, calendar: WorkCalendar) -> Part:
    name = calendar.why_not(day)
    why, detail = (Why.WEEKEND, "") if name in (None, WEEKEND) else (Why.HOLIDAY, str(name))
    ends = calendar.midnight(day + _ONE_DAY)
    return Part(max(calendar.midnight(day), start), ends, why, detail)
