"""The activity that reads a working calendar, so that a case keeps what it promised by."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from temporalio import activity

from domain.clocks import CalendarSpec, WorkCalendar
from domain.model import Frozen

Calendars = Callable[[CalendarSpec, Iterable[int]], WorkCalendar]
"""Gives the calendar of a spec for some years; may raise."""


class CalendarQuestion(Frozen):
    """Asks for some years of a calendar."""

    spec: CalendarSpec
    years: tuple[int, ...]


class CalendarData:
    """Reads the calendars that it is given.

    Calendars change between releases, so what was read has to be in the history. Reading takes a millisecond and
    touches nothing outside.
    """

    def __init__(self, calendars: Calendars) -> None:
        self._calendars = calendars

    @activity.defn(name="read_calendar")
    async def read_calendar(self, question: CalendarQuestion) -> WorkCalendar:
        """Returns the calendar of the question. Raises whatever the calendar raises."""
        return self._calendars(question.spec, question.years)
