"""A deadline in words: the steps by which it was reached, ready to translate."""

from __future__ import annotations

from datetime import datetime, tzinfo

from pydantic import Field

from domain.clocks.budget import Budget, Unit
from domain.clocks.deadline import NO_CALENDAR, Deadline
from domain.clocks.request import Interval, Why
from domain.model import Frozen, Instant, zone_named

Param = Instant | int | str

_TEXTS = {
    "clock.starts": "The clock starts with the {anchor} on {at}; the budget is {budget}.",
    "clock.agreed_on": "Agreed with the {anchor} on {at}: {agreed}.",
    "clock.elapsed": "{begins} to {ends}: {time} counted, day and night.",
    "clock.agreed": "{begins} to {ends}: {time} until the agreed time.",
    "clock.office_hours": "{begins} to {ends}: {time} of office hours counted.",
    "clock.business_days": "{begins} to {ends}: business days counted: {days}.",
    "clock.make_up_day": "{begins} to {ends}: a weekend day that is worked ({detail}), {time} counted.",
    "clock.make_up_business_day": "{begins} to {ends}: worked weekend days ({detail}), business days counted: {days}.",
    "clock.working_weeks": "{begins} to {ends}: ordinary working weeks, {time} counted.",
    "clock.working_weeks_days": "{begins} to {ends}: ordinary working weeks, business days counted: {days}.",
    "clock.long_run": "{begins} to {ends}: a long stretch with weekends, holidays and pauses, {time} counted.",
    "clock.long_run_days": "{begins} to {ends}: a long stretch with days off, business days counted: {days}.",
    "clock.made_up": "{begins} to {ends}: {time} of working time made up for the pause.",
    "clock.start_day": "{begins} to {ends}: the day of the start does not count.",
    "clock.weekend": "{begins} to {ends}: weekend, not counted.",
    "clock.holiday": "{begins} to {ends}: days off, not counted ({detail}).",
    "clock.hold": "{begins} to {ends}: paused, not counted ({detail}).",
    "clock.hold_without_reason": "{begins} to {ends}: paused, not counted.",
    "clock.hold_made_up": "{begins} to {ends}: paused ({detail}); {time} of working time is made up afterwards.",
    "clock.due": "Due on {due}.",
    "clock.calendar": "Working days by the calendar: {version}.",
    "clock.provisional": "This deadline is provisional: {reason}.",
    "clock.note": "Note: {reason}.",
}
STEP_KEYS = frozenset(_TEXTS)
"""Every key that a step can have; pages translate these."""

_UNITS = {
    Unit.SECOND: ("second", "seconds"),
    Unit.MINUTE: ("minute", "minutes"),
    Unit.HOUR: ("hour", "hours"),
    Unit.DAY: ("day of 24 hours", "days of 24 hours"),
    Unit.WORKING_MINUTE: ("working minute", "working minutes"),
    Unit.WORKING_HOUR: ("working hour", "working hours"),
    Unit.BUSINESS_DAY: ("business day", "business days"),
}
_COUNTED_IN_DAYS = {
    Why.OFFICE_HOURS: "clock.business_days",
    Why.MAKE_UP_DAY: "clock.make_up_business_day",
    Why.WORKING_WEEKS: "clock.working_weeks_days",
    Why.LONG_RUN: "clock.long_run_days",
}


class ExplainedStep(Frozen):
    """One step: a key with its parameters, and the sentence in English.

    Instants among the parameters are UTC, for the page to show in the reader's zone; a `time` is in
    seconds, a `budget` as the plan writes it.
    """

    key: str
    params: dict[str, Param] = Field(default_factory=dict)
    text: str


def explain(deadline: Deadline, zone: str | tzinfo) -> list[ExplainedStep]:
    """How the deadline came about, from its start to the instant; the English text tells times in `zone`.

    Raises ValueError for a time zone that is not known.
    """
    local = zone_named(zone) if isinstance(zone, str) else zone
    found = [_start(deadline), *(_stretch(interval) for interval in deadline.intervals)]
    found.append(("clock.due", {"due": deadline.due_at}))
    if deadline.calendar_version != NO_CALENDAR:
        found.append(("clock.calendar", {"version": deadline.calendar_version}))
    if deadline.reason is not None:
        found.append(("clock.provisional" if deadline.provisional else "clock.note", {"reason": deadline.reason}))
    return [ExplainedStep(key=key, params=params, text=_told(key, params, local)) for key, params in found]


def _start(deadline: Deadline) -> tuple[str, dict[str, Param]]:
    request = deadline.request
    params: dict[str, Param] = {"anchor": request.anchor.name, "at": request.anchor.at}
    if request.budget is None:
        return "clock.agreed_on", {**params, "agreed": request.at or deadline.due_at}
    return "clock.starts", {**params, "budget": str(request.budget)}


def _stretch(interval: Interval) -> tuple[str, dict[str, Param]]:
    params: dict[str, Param] = {"begins": interval.begins, "ends": interval.ends}
    if interval.detail:
        params["detail"] = interval.detail
    if interval.days:
        return _COUNTED_IN_DAYS[interval.why], {**params, "days": interval.days}
    if interval.why is Why.HOLD:
        if interval.seconds:
            return "clock.hold_made_up", {"detail": "", **params, "time": round(interval.seconds)}
        return "clock.hold" if interval.detail else "clock.hold_without_reason", params
    if interval.counted:
        params["time"] = round(interval.seconds)
    return f"clock.{interval.why.value}", params


def _told(key: str, params: dict[str, Param], zone: tzinfo) -> str:
    shown: dict[str, str] = {}
    for name, value in params.items():
        if isinstance(value, datetime):
            shown[name] = f"{value.astimezone(zone):%a %d %b %Y %H:%M}"
        elif name == "time" and isinstance(value, int):
            shown[name] = _duration(value)
        elif name == "budget":
            budget = Budget.parse(str(value))
            shown[name] = f"{budget.amount} {_UNITS[budget.unit][budget.amount > 1]}"
        else:
            shown[name] = str(value).replace("_", " ") if name == "anchor" else str(value)
    return _TEXTS[key].format(**shown)


def _duration(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    named = [(hours, "h"), (minutes, "min"), (rest, "s")]
    return " ".join(f"{value} {unit}" for value, unit in named if value) or "0 min"
