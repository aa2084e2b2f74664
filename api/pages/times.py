"""Time as people read it: instants in a zone, lengths in words, and the clock of a task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_SOON = 0.25
"""A clock turns to "soon" when less than this share of its time is left."""
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(instant: datetime, zone: str, now: datetime) -> str:
    """The day of an instant in a zone: today, tomorrow, yesterday, or "Fri 27 Nov", with the year if it is another."""
    local, today = instant.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    match (local.date() - today.date()).days:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
        case -1:
            return "yesterday"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]}{year}"


def day_and_time(instant: datetime, zone: str, now: datetime) -> str:
    """An instant in a zone, to the minute: "today 14:00", "Fri 27 Nov, 17:30"."""
    named = day(instant, zone, now)
    comma = "" if named in ("today", "tomorrow", "yesterday") else ","
    return f"{named}{comma} {instant.astimezone(ZoneInfo(zone)):%H:%M}"


def full_time(instant: datetime, zone: str) -> str:
    """An instant in a zone with year and offset, for the places where nothing may be guessed."""
    local = instant.astimezone(ZoneInfo(zone))
    named = f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M:%S}"
    return f"{named} {zone} ({offset(local)})"


def offset(local: datetime) -> str:
    """The offset of a local time from UTC: "UTC+08:00"."""
    found = local.strftime("%z")
    return f"UTC{found[:3]}:{found[3:5]}"


def zone_words(zone: str, now: datetime) -> str:
    """A zone by its name and present offset: "Asia/Shanghai, UTC+08:00"."""
    return f"{zone}, {offset(now.astimezone(ZoneInfo(zone)))}"


def from_input(text: str, zone: str) -> datetime:
    """The instant (UTC) that a `datetime-local` input in a zone means. Raises ValueError for what is no such time."""
    local = datetime.fromisoformat(text.strip())
    if local.tzinfo is None:
        local = local.replace(tzinfo=ZoneInfo(zone))
    try:
        return local.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is not a date that anybody can mean") from error


def length(span: timedelta) -> str:
    """A length in its two largest units: "2 days 3 h", "5 h 12 min", "18 min", "40 s". Never negative."""
    seconds = max(0, int(span.total_seconds()))
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, rest = divmod(rest, 60)
    if days:
        named = f"{days} day" if days == 1 else f"{days} days"
        return f"{named} {hours} h" if hours and days < 10 else named
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    return f"{minutes} min" if minutes else f"{rest} s"


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
            return Clock("hold", f"paused, {length(due - paused_since)} left")
        return Clock("hold", "paused")
    if due is None:
        return Clock("none", "no deadline yet")
    if now > due:
        return Clock("late", f"late {length(now - due)}", due, due)
    span = due - since if since is not None and since < due else timedelta(hours=4)
    soon_at = due - span * _SOON
    return Clock("soon" if now >= soon_at else "fine", f"{length(due - now)} left", due, soon_at)
