"""Who is away, who stands in for whom, and on which ground: the same rules for engineers and for managers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.model import Frozen

_NEVER_LENT = frozenset({"admin", "auditor"})
"""Roles that nobody takes over with somebody's work: they are given by name."""


class Absence(Frozen):
    """Somebody is away from `first` to `last`, both days included, on their own calendar."""

    absence_id: str
    user: str
    first: date
    last: date
    reason: str
    substitute: str | None = None
    """Sign-in name of who does their work meanwhile."""

    def covers(self, day: date) -> bool:
        """True when the day is one of its days."""
        return self.first <= day <= self.last


class Deputy(Frozen):
    """Somebody may do a role's tasks beside those who have the role: from `first` to `last`, or always."""

    deputy_id: str
    role: str
    user: str
    first: date | None = None
    last: date | None = None

    def holds(self, day: date) -> bool:
        """True when it is in force on the day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Person:
    """What standing in needs to know of an absent person."""

    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Ground:
    """Why somebody may do what is not their own. `of` is the absent person, None for the deputy of a role."""

    of: str | None
    roles: frozenset[str]
    words: str
    """As the record says it: "as substitute of Wang Lei, absent until 2026-12-03"."""


def away_until(absences: Iterable[Absence], day: date) -> date | None:
    """Returns the last day of the absence that the day falls into, None when there is none.

    Absences that follow each other without a day between are one.
    """
    last: date | None = None
    for one in sorted(absences, key=lambda absence: (absence.first, absence.last)):
        begins_by = day if last is None else last + timedelta(days=1)
        if one.first <= begins_by and one.last >= day:
            last = one.last if last is None else max(last, one.last)
    return last


def next_absence(absences: Iterable[Absence], day: date, within: int) -> Absence | None:
    """Returns the next absence that begins in the `within` days after the day, or None."""
    coming = [one for one in absences if day < one.first <= day + timedelta(days=within)]
    return min(coming, key=lambda one: (one.first, one.absence_id), default=None)


def grounds(
    user: str, absent: Iterable[Absence], deputies: Iterable[Deputy], people: Mapping[str, Person]
) -> tuple[Ground, ...]:
    """Returns on which grounds the user may do tasks of others now, substitutions first.

    `absent` and `deputies` are those in force now; `people` are the absent ones by sign-in name. A substitute who is
    absent too passes the work on to their own substitute, and keeps the right to do it.
    """
    in_force = {one.user: one for one in sorted(absent, key=lambda one: (one.first, one.absence_id), reverse=True)}
    found = [
        Ground(
            of=away,
            roles=frozenset(people[away].roles) - _NEVER_LENT,
            words=f"as substitute of {people[away].name}, absent until {absence.last.isoformat()}",
        )
        for away, absence in sorted(in_force.items())
        if away != user and away in people and user in _chain(away, in_force)
    ]
    for deputy in sorted(deputies, key=lambda one: (one.role, one.deputy_id)):
        if deputy.user == user and deputy.role not in _NEVER_LENT:
            until = f" until {deputy.last.isoformat()}" if deputy.last else ""
            found.append(Ground(of=None, roles=frozenset({deputy.role}), words=f"as deputy{until}"))
    return tuple(found)


def _chain(away: str, in_force: Mapping[str, Absence]) -> list[str]:
    """Who stands in for an absent person, in order; a circle ends where it began."""
    chain: list[str] = []
    step = in_force.get(away)
    while step is not None and step.substitute is not None and step.substitute not in (away, *chain):
        chain.append(step.substitute)
        step = in_force.get(step.substitute)
    return chain
