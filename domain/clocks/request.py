"""What a deadline is computed from, and the stretches of time it consists of."""

from __future__ import annotations

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from domain.clocks.budget import Budget
from domain.clocks.calendar import CalendarSpec
from domain.model import Frozen, Instant


class Hold(Frozen):
    """A pause with its reason: the clock does not run from `begins` to `ends` (X4)."""

    begins: Instant
    ends: Instant
    reason: str = ""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.ends < self.begins:
            raise ValueError("a hold cannot end before it begins")
        return self


class Anchor(Frozen):
    """The recorded instant from which a deadline counts: application, assignment, receipt, completion, ..."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")
    at: Instant


class DeadlineRequest(Frozen):
    """Either a budget from the anchor, or an agreed instant `at` (then the anchor is when it was agreed)."""

    anchor: Anchor
    budget: Budget | None = None
    at: Instant | None = None
    calendar: CalendarSpec
    holds: tuple[Hold, ...] = ()

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.budget is None) == (self.at is None):
            raise ValueError("a deadline needs either a budget or an agreed instant")
        return self

    @property
    def needs_calendar(self) -> bool:
        """Whether the result depends on which days are worked."""
        return self.budget is not None and self.budget.needs_calendar


class Why(StrEnum):
    """Why a stretch of time was counted or skipped."""

    ELAPSED = "elapsed"
    AGREED = "agreed"
    OFFICE_HOURS = "office_hours"
    MAKE_UP_DAY = "make_up_day"
    WORKING_WEEKS = "working_weeks"
    LONG_RUN = "long_run"
    MADE_UP = "made_up"
    START_DAY = "start_day"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    HOLD = "hold"


class Interval(Frozen):
    """One stretch between the anchor and the deadline.

    Nights between counted working days are not listed. `seconds` is the time that counted (for a hold in
    a budget of business days: the working time that has to be made up), `days` the business days that
    counted, `detail` the holiday's name or the reason of the hold.
    """

    begins: Instant
    ends: Instant
    counted: bool
    why: Why
    detail: str = ""
    seconds: float = 0.0
    days: int = 0
