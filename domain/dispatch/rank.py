"""Dispatch proposes engineers in an order that can be told in one sentence; a person decides (R5, M2, M10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from pydantic import Field

from domain.case.application import FaultCategory
from domain.dispatch.absence import Absence, away_until, next_absence
from domain.dispatch.matching import covers, knows_category, knows_model
from domain.model import Frozen

First = Literal["skill", "region"]
"""What is asked first of those who are there."""
_SOON = 7
"""Days ahead in which a coming absence is told."""
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
ORDER = {
    "skill": "Ranked by who is there, then skill, then region, then the lightest load, then name.",
    "region": "Ranked by who is there, then region, then skill, then the lightest load, then name.",
}
"""The whole rule in words; no weight stands behind it."""


class Need(Frozen):
    """What a case asks of an engineer. `on` is the day of the work, or today while no day is agreed."""

    region: str | None
    category: str
    model: str
    on: date


class Candidate(Frozen):
    """An engineer who could be assigned, with the load of the day in question."""

    user: str
    name: str
    regions: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    absences: tuple[Absence, ...] = ()
    open_tasks: int = Field(default=0, ge=0)
    appointments: int = Field(default=0, ge=0)
    """Agreed with customers for the day of the need."""


class Proposal(Frozen):
    """One engineer at a place of the ranked list, 1 being the best, with what speaks for and against."""

    place: int
    user: str
    name: str
    absent: bool
    has_skill: bool
    covers_region: bool
    reasons: tuple[str, ...]


def rank(candidates: Sequence[Candidate], need: Need, first: First = "skill") -> tuple[Proposal, ...]:
    """Returns every candidate, best first: who is there, has the skill, serves the region, has the lightest day.

    The rules are asked one after the other, each only among equals of those before; names end every tie, so that the
    same candidates come in the same order however they were read. `first="region"` asks for the region before skill.
    """
    judged = sorted((_Judged(one, need) for one in candidates), key=lambda one: one.key(first))
    return tuple(one.proposal(place) for place, one in enumerate(judged, start=1))


def remarks(proposals: Sequence[Proposal], need: Need) -> tuple[str, ...]:
    """Returns what a person must know of the list as a whole: a region unknown or unserved, nobody with the skill."""
    if not proposals:
        return ("No engineer works here yet.",)
    found = []
    if not (need.region or "").strip():
        found.append("The customer's region is not known; the order says nothing about the way there.")
    elif not any(one.covers_region for one in proposals):
        found.append(f"Nobody serves {need.region}.")
    if not any(one.has_skill for one in proposals):
        found.append(f"Nobody is skilled in “{_issue(need.category)}” or {need.model}.")
    if all(one.absent for one in proposals):
        found.append(f"Everybody is absent on {_day(need.on, need.on)}.")
    return tuple(found)


class _Judged:
    """A candidate beside a need."""

    def __init__(self, one: Candidate, need: Need) -> None:
        self.one, self.need = one, need
        self.until = away_until(one.absences, need.on)
        region = (need.region or "").strip()
        self.serves = next((name for name in one.regions if region and covers(name, region)), None)
        self.issue = any(knows_category(skill, need.category) for skill in one.skills)
        self.product = next((skill for skill in one.skills if knows_model(skill, need.model)), None)

    @property
    def skilled(self) -> bool:
        return self.issue or self.product is not None

    def key(self, first: First) -> tuple[object, ...]:
        """Smaller is better; each part decides only among equals of the parts before."""
        skill, region = not self.skilled, self.serves is None
        fit = (skill, region) if first == "skill" else (region, skill)
        both = self.issue and self.product is not None
        load = self.one.appointments + self.one.open_tasks
        return (self.until is not None, *fit, not both, load, self.one.appointments, self.one.name, self.one.user)

    def proposal(self, place: int) -> Proposal:
        return Proposal(
            place=place,
            user=self.one.user,
            name=self.one.name,
            absent=self.until is not None,
            has_skill=self.skilled,
            covers_region=self.serves is not None,
            reasons=(*self._presence(), *self._skill(), *self._region(), *self._load()),
        )

    def _presence(self) -> tuple[str, ...]:
        on = self.need.on
        if self.until is not None:
            return (f"absent until {_day(self.until, on)}",)
        coming = next_absence(self.one.absences, on, _SOON)
        return (f"absent from {_day(coming.first, on)}",) if coming else ()

    def _skill(self) -> tuple[str, ...]:
        found = []
        if self.issue:
            found.append(f"skilled in “{_issue(self.need.category)}”")
        if self.product is not None:
            found.append(f"knows {self.product}")
        return tuple(found) or (f"not skilled in “{_issue(self.need.category)}” or {self.need.model}",)

    def _region(self) -> tuple[str, ...]:
        region = (self.need.region or "").strip()
        if not region:
            served = ", ".join(self.one.regions)
            return (f"serves {served}; customer's region not known",) if served else ("customer's region not known",)
        return (f"covers {self.serves}",) if self.serves else (f"does not cover {region}",)

    def _load(self) -> tuple[str, ...]:
        found = [_number(self.one.open_tasks, "open task")]
        if self.one.appointments:
            found.append(f"{_number(self.one.appointments, 'appointment')} on {_day(self.need.on, self.need.on)}")
        return tuple(found)


def _number(count: int, what: str) -> str:
    return f"no {what}" if count == 0 else f"1 {what}" if count == 1 else f"{count} {what}s"


def _issue(category: str) -> str:
    """A kind of issue by its title, which every language has; another one as it is written."""
    known = next((kind for kind in FaultCategory if kind.value == category), None)
    return known.title_text if known else category.replace("_", " ")


def _day(day: date, near: date) -> str:
    """A day as people say it; the year only where it is another one than that of `near`."""
    year = "" if day.year == near.year else f" {day.year}"
    return f"{day.day} {_MONTHS[day.month - 1]}{year}"
