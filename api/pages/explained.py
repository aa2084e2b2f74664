"""Why a deadline is when it is: its start, the stretches that counted or not, and the instant, as rows of a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from api.pages.languages import _, lazy, ngettext, say
from api.pages.times import day_and_time, length
from api.pages.words import ANCHORS, spoken
from domain.clocks import Deadline, Interval, Why
from domain.clocks.deadline import NO_CALENDAR
from domain.plan.describe import budget_words

_WHY = {
    Why.ELAPSED: lazy("day and night"),
    Why.AGREED: lazy("until the agreed time"),
    Why.OFFICE_HOURS: lazy("office hours"),
    Why.MAKE_UP_DAY: lazy("weekend day that is worked"),
    Why.WORKING_WEEKS: lazy("ordinary working weeks"),
    Why.LONG_RUN: lazy("weekends, holidays and pauses left out"),
    Why.MADE_UP: lazy("made up for the pause"),
    Why.START_DAY: lazy("not counted, day of the start"),
    Why.WEEKEND: lazy("not counted, weekend"),
    Why.HOLIDAY: lazy("not counted, days off"),
    Why.HOLD: lazy("not counted, paused"),
}


@dataclass(frozen=True)
class Explained:
    """A deadline explained: rows of (from-to, what it counts for), the budget in words, its source and reservations."""

    due_at: datetime
    due: str
    budget: str
    rows: tuple[tuple[str, str], ...]
    source: str
    notes: tuple[str, ...]
    provisional: bool


def explained(deadline: Deadline, zone: str, now: datetime, *, source: str) -> Explained:
    """Explains a deadline in a zone. `source` is the clause its budget comes from, or `house`."""
    request = deadline.request
    anchor = str(ANCHORS.get(request.anchor.name) or spoken(request.anchor.name))
    start = (f"{anchor[0].upper()}{anchor[1:]}, {day_and_time(request.anchor.at, zone, now)}", _("the clock starts"))
    rows = (start, *(_row(one, zone, now) for one in deadline.intervals))
    notes = []
    if deadline.reason:
        notes.append(
            _("Provisional: %(reason)s.", reason=say(deadline.reason))
            if deadline.provisional
            else f"{say(deadline.reason)}."
        )
    if deadline.calendar_version == "plain":
        notes.append(_("Working days are Monday to Friday here, holidays unknown."))
    elif deadline.calendar_version != NO_CALENDAR:
        notes.append(_("Working days by %(calendar)s.", calendar=deadline.calendar_version))
    return Explained(
        due_at=deadline.due_at,
        due=day_and_time(deadline.due_at, zone, now),
        budget=say(budget_words(request.budget)),
        rows=rows,
        source=_("the plan's own setting") if source == "house" else _("clause %(source)s", source=source),
        notes=tuple(notes),
        provisional=deadline.provisional,
    )


def _row(interval: Interval, zone: str, now: datetime) -> tuple[str, str]:
    begins, ends = day_and_time(interval.begins, zone, now), day_and_time(interval.ends, zone, now)
    last_moment = day_and_time(interval.ends - timedelta(seconds=1), zone, now)
    if interval.why in (Why.WEEKEND, Why.HOLIDAY, Why.START_DAY):
        first, last = _day_of(begins), _day_of(last_moment)
        stretch = first if first == last else _("%(begins)s to %(ends)s", begins=first, ends=last)
    elif _day_of(begins) == _day_of(ends):
        stretch = _("%(begins)s to %(ends)s", begins=begins, ends=ends[-5:])
    else:
        stretch = _("%(begins)s to %(ends)s", begins=begins, ends=ends)
    why = str(_WHY[interval.why])
    if interval.counted:
        amount = _whole_days(interval.days) if interval.days else _time(interval.seconds)
        why = amount if interval.days and interval.why is Why.OFFICE_HOURS else f"{amount}, {why}"
    if interval.detail:
        why = f"{why} ({say(interval.detail)})"
    return stretch[0].upper() + stretch[1:], why


def _whole_days(days: int) -> str:
    return ngettext("%(num)s whole day", "%(num)s whole days", days)


def _day_of(named: str) -> str:
    return named[:-5].rstrip(", ")


def _time(seconds: float) -> str:
    return length(timedelta(seconds=round(seconds)))
