"""Clocks: budgets, working calendars, deadlines and virtual time.

Pure computation on data; the standard library and pydantic alone, so that workflows may call it.
"""

from domain.clocks.budget import Budget, Unit
from domain.clocks.calendar import (
    PLAIN,
    WEEKEND,
    CalendarSpec,
    CalendarYear,
    OfficeHours,
    WorkCalendar,
    plain_calendar,
)
from domain.clocks.counted import office_time, years_between
from domain.clocks.deadline import NO_CALENDAR, Deadline, plain_promise, promise, years_needed
from domain.clocks.explain import STEP_KEYS, ExplainedStep, explain
from domain.clocks.pace import Pace
from domain.clocks.request import Anchor, DeadlineRequest, Hold, Interval, Why
from domain.model import Instant, to_utc

__all__ = [
    "NO_CALENDAR",
    "PLAIN",
    "STEP_KEYS",
    "WEEKEND",
    "Anchor",
    "Budget",
    "CalendarSpec",
    "CalendarYear",
    "Deadline",
    "DeadlineRequest",
    "ExplainedStep",
    "Hold",
    "Instant",
    "Interval",
    "OfficeHours",
    "Pace",
    "Unit",
    "Why",
    "WorkCalendar",
    "explain",
    "office_time",
    "plain_calendar",
    "plain_promise",
    "promise",
    "to_utc",
    "years_between",
    "years_needed",
]
