"""Time as people read it: instants in the reader's zone and language, lengths in words, and the clock of a task.

Every function takes the zone of what is shown; the zone that the reader chose goes before it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date
from markupsafe import Markup

from api.languages import _, language, locale, looked_up, looked_up_for, ngettext
from api.languages import zone as readers

_SOON = 0.25
"""A clock turns to "soon" when less than this share of its time is left."""
_DAYS = {"en": "EEE d MMM", "zh-CN": "M月d日EEE", "it": "EEE d MMM"}
_WITH_YEAR = {"en": "EEE d MMM y", "zh-CN": "y年M月d日EEE", "it": "EEE d MMM y"}


def local(instant: datetime, zone: str) -> datetime:
    """An instant in the reader's zone, `zone` if they chose none."""
    return instant.astimezone(ZoneInfo(readers(zone)))


def date_words(value: date) -> str:
    """A calendar day with its year: "27 Nov 2026", "2026年11月27日"."""
    return str(format_date(value, "medium", locale=locale()))


def day(instant: datetime, zone: str, now: datetime) -> str:
    """The day of an instant in a zone: today, tomorrow, yesterday, or "Fri 27 Nov", with the year if it is another."""
    here, today = local(instant, zone), local(now, zone)
    match (here.date() - today.date()).days:
        case 0:
            return _("today")
        case 1:
            return _("tomorrow")
        case -1:
            return _("yesterday")
    return _dated(here.date(), language(), with_year=here.year != today.year)


@lru_cache(maxsize=4096)
def _dated(value: date, code: str, *, with_year: bool) -> str:
    """A day in words; a page tells the same few days many times."""
    return str(format_date(value, (_WITH_YEAR if with_year else _DAYS)[code], locale=locale()))


def day_and_time(instant: datetime, zone: str, now: datetime) -> str:
    """An instant in a zone, to the minute: "today 14:00", "Fri 27 Nov, 17:30"."""
    named = day(instant, zone, now)
    near = abs((local(instant, zone).date() - local(now, zone).date()).days) <= 1
    comma = "" if near or language() == "zh-CN" else ","
    return f"{named}{comma} {local(instant, zone):%H:%M}"


def resumption(instant: datetime, zone: str, now: datetime) -> str:
    """When a clock goes on, no longer than it must be: "09:00" today, "tomorrow" where a day counts as a whole."""
    here = local(instant, zone)
    if (here.hour, here.minute) == (0, 0):
        return day(instant, zone, now)
    return f"{here:%H:%M}" if here.date() == local(now, zone).date() else day_and_time(instant, zone, now)


def full_time(instant: datetime, zone: str) -> str:
    """An instant in a zone with year and offset, for the places where nothing may be guessed."""
    here = local(instant, zone)
    named = _dated(here.date(), language(), with_year=True)
    comma = "" if language() == "zh-CN" else ","
    return f"{named}{comma} {here:%H:%M:%S} {readers(zone)} ({offset(here)})"


def time_tag(instant: datetime, zone: str, now: datetime) -> Markup:
    """An instant as a page shows it; pointing at it tells it in full."""
    midnight = local(now, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return _time_tag(instant, zone, midnight, language(), readers(zone))


@lru_cache(maxsize=8192)
def _time_tag(instant: datetime, zone: str, midnight: datetime, _code: str, _readers: str) -> Markup:
    """How an instant is told depends on the reader and on the day, so a day's pages make each once."""
    full, short = full_time(instant, zone), day_and_time(instant, zone, midnight)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(instant.isoformat(), full, short)


def offset(here: datetime) -> str:
    """The offset of a local time from UTC: "UTC+08:00"."""
    found = here.strftime("%z")
    return f"UTC{found[:3]}:{found[3:5]}"


def zone_words(zone: str, now: datetime) -> str:
    """A zone by its name and present offset: "Asia/Shanghai, UTC+08:00"."""
    return f"{readers(zone)}, {offset(local(now, zone))}"


def from_input(text: str, zone: str) -> datetime:
    """The instant (UTC) that a `datetime-local` input in a zone means. Raises ValueError for what is no such time."""
    entered = datetime.fromisoformat(text.strip())
    if entered.tzinfo is None:
        entered = entered.replace(tzinfo=ZoneInfo(readers(zone)))
    try:
        return entered.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is not a date that anybody can mean") from error


def length(span: timedelta) -> str:
    """A length in its two largest units: "2 days 3 h", "5 h 12 min", "18 min", "40 s". Never negative."""
    seconds = max(0, int(span.total_seconds()))
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, rest = divmod(rest, 60)
    if days:
        named = ngettext("%(num)s day", "%(num)s days", days)
        return _("%(days)s %(hours)s h", days=named, hours=hours) if hours and days < 10 else named
    if hours:
        return (
            _("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes) if minutes else _("%(hours)s h", hours=hours)
        )
    return _("%(minutes)s min", minutes=minutes) if minutes else _("%(seconds)s s", seconds=rest)


def clock_words() -> str:
    """The words of a running clock as JSON, for the script that keeps it running; its lengths are those of `length`."""
    texts = {
        "late": looked_up("late %(time)s"),
        "left": looked_up("%(time)s left"),
        "day": looked_up_for("%(num)s day", "%(num)s days", 1),
        "days": looked_up_for("%(num)s day", "%(num)s days", 2),
        "days_hours": looked_up("%(days)s %(hours)s h"),
        "hours_minutes": looked_up("%(hours)s h %(minutes)s min"),
        "hours": looked_up("%(hours)s h"),
        "minutes": looked_up("%(minutes)s min"),
        "seconds": looked_up("%(seconds)s s"),
    }
    return json.dumps(texts, ensure_ascii=False)


@dataclass(frozen=True)
class Clock:
    """What the clock of a task shows. `tone` is late, soon, fine, hold or none; `due` is set while it runs."""

    tone: str
    text: str
    due: datetime | None = None
    soon_at: datetime | None = None


def clock(
    now: datetime,
    due: datetime | None,
    *,
    since: datetime | None = None,
    paused: bool = False,
    paused_since: datetime | None = None,
) -> Clock:
    """The clock first: time left, late by, or paused with the time that is kept.

    `due` is the promise that counts for people, `since` when its time began.
    """
    if paused:
        if due is not None and paused_since is not None and due > paused_since:
            return Clock("hold", _("paused, %(time)s left", time=length(due - paused_since)))
        return Clock("hold", _("paused"))
    if due is None:
        return Clock("none", _("no deadline yet"))
    if now > due:
        return Clock("late", _("late %(time)s", time=length(now - due)), due, due)
    span = due - since if since is not None and since < due else timedelta(hours=4)
    soon_at = due - span * _SOON
    return Clock("soon" if now >= soon_at else "fine", _("%(time)s left", time=length(due - now)), due, soon_at)
