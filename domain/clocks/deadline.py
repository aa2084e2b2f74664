"""Deadlines: a budget turned into an instant, with the way it was reached."""

from __future__ import annotations

from datetime import timedelta

from domain.clocks.calendar import WorkCalendar, plain_calendar
from domain.clocks.counting import business_days, elapsed, working
from domain.clocks.parts import Part, intervals
from domain.clocks.request import Anchor, DeadlineRequest, Hold, Interval, Why
from domain.model import Frozen, Instant

NO_CALENDAR = "none"
"""The calendar version of a deadline for which no calendar was needed (wall-clock or agreed)."""

_EVERY_YEAR_WITHIN = 50


class Deadline(Frozen):
    """A promise: when a task is due, what that was computed from, and how.

    `provisional` says that a decree still awaited, or the country's calendar that could not be had, may
    change it; `reason` says why. The request is repeated, because a history keeps no input of a local
    activity and the promise must be explainable for years.
    """

    due_at: Instant
    request: DeadlineRequest
    calendar_version: str
    provisional: bool = False
    reason: str | None = None
    intervals: tuple[Interval, ...] = ()


def promise(request: DeadlineRequest, calendar: WorkCalendar) -> Deadline:
    """The deadline of a request on a calendar. Pure: same arguments, same result.

    Raises ValueError when the calendar is another one than the request names, or never works.
    """
    if calendar.spec != request.calendar:
        raise ValueError("this calendar is not the one that the request names")
    due, parts = _counted(request, calendar)
    awaited = None
    if request.needs_calendar:
        awaited = calendar.unpublished_year(calendar.local_day(request.anchor.at), calendar.local_day(due))
    return Deadline(
        due_at=due,
        request=request,
        calendar_version=calendar.version if request.needs_calendar else NO_CALENDAR,
        provisional=awaited is not None,
        reason=f"the working calendar of {awaited} is not published yet" if awaited is not None else None,
        intervals=intervals(parts),
    )


def plain_promise(request: DeadlineRequest, reason: str) -> Deadline:
    """The deadline when no calendar can be had: on plain working days, Monday to Friday, with the reason.

    Provisional if working days matter at all; a wall-clock or agreed deadline is exact without a calendar.
    Deterministic, so a workflow may call it.
    """
    deadline = promise(request, plain_calendar(request.calendar))
    return deadline.model_copy(update={"reason": reason, "provisional": request.needs_calendar})


def years_needed(request: DeadlineRequest) -> tuple[int, ...]:
    """The years whose calendar a request can touch, generously; empty when it needs none.

    After an absurdly long hold only the years in which the clock runs are named.
    """
    if request.budget is None or not request.needs_calendar:
        return ()
    if request.budget.is_business_days:
        days = request.budget.amount
    else:
        days = request.budget.length // request.calendar.hours.length + 1
    # five days of a week, less some forty holidays a year, and a month to be safe at the edges
    span = timedelta(days=days * 1.7 + 31)
    starts = [request.anchor.at, *(hold.ends for hold in request.holds if hold.ends > request.anchor.at)]
    years = {year for start in starts for year in range((start - timedelta(days=1)).year, (start + span).year + 1)}
    if max(years) - min(years) <= _EVERY_YEAR_WITHIN:
        return tuple(range(min(years), max(years) + 1))
    return tuple(sorted(years))


def _counted(request: DeadlineRequest, calendar: WorkCalendar) -> tuple[Instant, list[Part]]:
    start, budget = request.anchor.at, request.budget
    if budget is None:
        agreed = request.at or start  # the request has one of both
        if agreed <= start:
            return agreed, []
        return elapsed(start, agreed - start, request.holds, Why.AGREED)
    if budget.is_business_days:
        return business_days(start, budget.amount, calendar, request.holds)
    if budget.needs_calendar:
        return working(start, budget.length, calendar, request.holds)
    return elapsed(start, budget.length, request.holds, Why.ELAPSED)


__all__ = [
    "NO_CALENDAR",
    "Anchor",
    "Deadline",
    "DeadlineRequest",
    "Hold",
    "Interval",
    "Why",
    "plain_promise",
    "promise",
    "years_needed",
]
