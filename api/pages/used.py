"""Who used the time of a case, as its page shows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.pages.languages import _, say
from api.pages.times import length
from api.pages.words import role_of
from domain.events import Event
from domain.statistics import DEFINITIONS, Figure, PromiseUse, UsedTime, used_time
from domain.statistics.told import Names, share_of, step_title


@dataclass(frozen=True)
class UsedShare:
    """What went to one party at one department; `sort` names the party for its colour, `begins` is where its piece of
    a bar of 100 begins.
    """

    party: str
    department: str
    time: str
    percent: int
    sort: str
    begins: float
    wide: float


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


def used_view(events: Iterable[Event], names: Names, plan: str, now: datetime) -> UsedView | None:
    """Returns what a page shows of it; None for a record that does not tell it."""
    try:
        used = used_time(events, now)
    except (KeyError, TypeError, ValueError):  # written by another version; the page shows everything else
        return None
    if used is None or not used.shares or (used.open and used.whole < _LEAST):
        return None
    return UsedView(
        definition=say(DEFINITIONS[Figure.USED_TIME]),
        time=length(used.whole),
        open=used.open,
        shares=_shares(used, names, plan),
        promises=tuple(_inside(one, names, plan, now) for one in used.promises if one.shares),
    )


def _inside(one: PromiseUse, names: Names, plan: str, now: datetime) -> UsedInside:
    late = one.kept is False or (one.open and one.due_at < now)
    state = (
        _("open") if one.open else _("in time") if one.kept else _("not needed any more") if one.kept is None else ""
    )
    shares = _shares(one, names, plan)
    words = ", ".join(part for part in (state, _("late") if late else "") if part)
    return UsedInside(say(step_title(one.name)), words, late, length(one.ends - one.begins), shares)


def _shares(used: UsedTime | PromiseUse, names: Names, plan: str) -> tuple[UsedShare, ...]:
    whole, begins, found = used.ends - used.begins, 0.0, list[UsedShare]()
    for share in used.shares:
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
            )
        )
        begins += wide
    return tuple(found)
