"""Drawing closed cases for review: the same seed and criteria draw the same cases, whoever asks, in whatever order.

Each case gets its place by a hash of seed and case number, so that nobody can lean on the choice, and anybody can draw
it again with no more than this page and a list of the period's cases.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from domain.model import Frozen, Instant

MOST = 200
"""Cases that one sample may have: more than a person reviews."""
_COSTLY_PART = 4
"""One in so many counts as of high cost: the quarter with the highest costs of its plan."""


class Candidate(Frozen):
    """A closed case as far as drawing needs it; `cost` is the sum of its cost lines in its plan's currency."""

    case_id: str
    plan: str
    late: bool
    cost: Decimal = Decimal(0)


class Criteria(Frozen):
    """What is drawn from: cases closed from `since` to before `until` (virtual UTC), of one plan or of all.

    `size` cases in all; among them at least `late` that missed a deadline and `costly` of high cost, where there are as
    many.
    """

    plan: str | None = None
    since: Instant
    until: Instant
    size: Annotated[int, Field(ge=1, le=MOST)]
    late: Annotated[int, Field(ge=0, le=MOST)] = 0
    costly: Annotated[int, Field(ge=0, le=MOST)] = 0

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.until <= self.since:
            raise ValueError("the period must end after it begins")
        if self.late + self.costly > self.size:
            raise ValueError("the late ones and those of high cost together cannot be more than the whole sample")
        return self


class Drawn(StrEnum):
    """Why a case is in a sample."""

    LATE = "late"
    COSTLY = "costly"
    ANY = "any"


class Chosen(Frozen):
    """A case of a sample, and the part of it that it was drawn for."""

    case_id: str
    drawn: Drawn


def draw(candidates: Iterable[Candidate], criteria: Criteria, seed: str) -> tuple[Chosen, ...]:
    """Returns the sample, in the order drawn. Fewer than asked for where there are not as many."""
    ordered = sorted({one.case_id: one for one in candidates}.values(), key=lambda one: place(seed, one.case_id))
    costly = _costly(ordered)
    chosen: dict[str, Drawn] = {}
    for drawn, number, among in (
        (Drawn.LATE, criteria.late, [one for one in ordered if one.late]),
        (Drawn.COSTLY, criteria.costly, [one for one in ordered if one.case_id in costly]),
        (Drawn.ANY, criteria.size - criteria.late - criteria.costly, ordered),
    ):
        free = [one.case_id for one in among if one.case_id not in chosen]
        chosen |= dict.fromkeys(free[:number], drawn)
    rest = [one.case_id for one in ordered if one.case_id not in chosen]
    chosen |= dict.fromkeys(rest[: criteria.size - len(chosen)], Drawn.ANY)
    return tuple(Chosen(case_id=case_id, drawn=drawn) for case_id, drawn in chosen.items())


def place(seed: str, case_id: str) -> str:
    """Returns what a case is sorted by: SHA-256 of the seed, a line break and the case number."""
    return hashlib.sha256(f"{seed}\n{case_id}".encode()).hexdigest()


def _costly(cases: Sequence[Candidate]) -> frozenset[str]:
    """The quarter of each plan's cases that cost most, of those that cost anything: currencies are the plans' own."""
    found: set[str] = set()
    for plan in {one.plan for one in cases}:
        priced = sorted(
            (one for one in cases if one.plan == plan and one.cost), key=lambda one: (-one.cost, one.case_id)
        )
        found.update(one.case_id for one in priced[: -(-len(priced) // _COSTLY_PART)])
    return frozenset(found)


def is_settled(criteria: Criteria, now: datetime) -> bool:
    """True when the period is over, so that no case can be added to it any more (`now` virtual UTC)."""
    return criteria.until <= now
