"""The local activity that computes a deadline."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from temporalio import activity

from domain.clocks import CalendarSpec, Deadline, DeadlineRequest, WorkCalendar, plain_calendar, promise, years_needed

Calendars = Callable[[CalendarSpec, Iterable[int]], WorkCalendar]
"""Gives the calendar of a spec for some years; may raise."""


class Deadlines:
    """Computes deadlines on the calendars that it is given.

    Run it as a *local* activity with few attempts: calendars change between releases, so they have no
    place in workflow code, and the computation itself takes a millisecond and touches nothing outside.
    """

    def __init__(self, calendars: Calendars) -> None:
        self._calendars = calendars

    @activity.defn(name="compute_deadline")
    async def compute_deadline(self, request: DeadlineRequest) -> Deadline:
        """The deadline of the request. Raises whatever the calendar raises; wall-clock budgets need none."""
        if request.needs_calendar:
            calendar = self._calendars(request.calendar, years_needed(request))
        else:
            calendar = plain_calendar(request.calendar)
        return promise(request, calendar)
