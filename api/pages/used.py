"""Who used the time of a case, as its page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.pages.languages import _, say
from api.pages.times import length
from api.pages.words import role_of
from api.parts import Calendars
from domain.clocks import Deadline, WorkCalendar, years_between
from domain.events import Event, EventKind
from domain.statistics import DEFINITIONS, Figure, PromiseUse, UsedTime, office_shares, used_time
from domain.statistics.told import Names, share_of, step_title


@dataclass(frozen=True)
class UsedShare:
    """What went to one party at one department; `sort` names the party for its colour, `begins` is where its piece of
    a bar of 100 begins. `office` is how much of `time` the office worked, empty where that was not asked.
    """

    party: str
    department: str
    time: str
    percent: int
    sort: str
    begins: float
    wide: float
    office: str = ""


@dataclass(frozen=True)
class UsedInside:
    """The time inside one promise."""

    title: str
    state: str
    late: bool
    time: str
    shares: tuple[UsedShare, ...]


@dataclass(frozen=True)
class UsedView:
    """The whole time of a case, and the time inside each promise."""

    definition: str
    time: str
    open: bool
    shares: tuple[UsedShare, ...]
    promises: tuple[UsedInside, ...]


_LEAST = timedelta(minutes=1)
"""A case younger than this has used no time that could be shared out."""


def used_view(
    events: Iterable[Event], names: Names, plan: str, now: datetime, calendars: Calendars | None = None
) -> UsedView | None:
    """Returns what a page shows of it; None for a record that does not tell it. `calendars` add the office's time."""
    events = tuple(events)
    try:
        used = used_time(events, now)
        calendar = _calendar(events, used, calendars) if used else None
    except (KeyError, TypeError, ValueError):  # written by another version; the page shows everything else
        return None
    if used is None or not used.shares or (used.open and used.whole < _LEAST):
        return None
    return UsedView(
        definition=say(DEFINITIONS[Figure.USED_TIME]),
        time=length(used.whole),
        open=used.open,
        shares=_shares(used, used, names, plan, calendar),
        promises=tuple(_inside(used, one, names, plan, now, calendar) for one in used.promises if one.shares),
    )


def _calendar(events: Iterable[Event], used: UsedTime, calendars: Calendars | None) -> WorkCalendar | None:
    """The working days of the case's own calendar, by the first promise that names it."""
    promised = next((event for event in events if event.kind is EventKind.PROMISED and "deadline" in event.data), None)
    if calendars is None or promised is None:
        return None
    spec = Deadline.model_validate(promised.data["deadline"]).request.calendar
    return calendars(spec, years_between(used.begins, used.ends, spec))


def _inside(
    used: UsedTime, one: PromiseUse, names: Names, plan: str, now: datetime, calendar: WorkCalendar | None
) -> UsedInside:
    late = one.kept is False or (one.open and one.due_at < now)
    state = (
        _("open") if one.open else _("in time") if one.kept else _("not needed any more") if one.kept is None else ""
    )
    shares = _shares(used, one, names, plan, calendar)
    words = ", ".join(part for part in (state, _("late") if late else "") if part)
    return UsedInside(say(step_title(one.name)), words, late, length(one.ends - one.begins), shares)


def _shares(
    used: UsedTime, inside: UsedTime | PromiseUse, names: Names, plan: str, calendar: WorkCalendar | None
) -> tuple[UsedShare, ...]:
    whole, begins, found = inside.ends - inside.begins, 0.0, list[UsedShare]()
    worked = office_shares(used, inside.begins, inside.ends, calendar) if calendar else {}
    for share in inside.shares:
        wide = 100 * share_of(share, whole)
        found.append(
            UsedShare(
                party=say(share.party.title_text),
                department=role_of(names, share.role, plan),
                time=length(share.spent),
                percent=round(wide),
                sort=share.party.value,
                begins=round(begins, 2),
                wide=round(wide, 2),
                office=length(worked.get((share.party, share.role), timedelta())) if calendar else "",
            )
        )
        begins += wide
    return tuple(found)
