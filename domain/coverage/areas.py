"""Areas of the finite domain that coverage rules speak about.

A rule holds for every combination of the values it allows, so it covers a box of the domain: facts by kinds of cost.
Cutting boxes gives the same answer as walking every combination one by one, much faster, and a plan is validated
whenever a case starts. The tests walk every combination and compare.
"""

from __future__ import annotations

from collections.abc import Iterable

from domain.coverage.facts import FACTS
from domain.tasks.parts import Conditions, CostKind, CustomerCanRepair, Responsibility
from domain.warranty.status import Cover

Side = tuple[str | bool, ...]
"""The values that one fact may have (or the kinds of cost), in the order of the domain."""

Area = tuple[Side, ...]
"""One side for each fact in the order of FACTS, and the kinds of cost last."""

ANOTHER_ROUTE = ""
"""Stands for every route that no rule names: they are all treated alike."""


def whole_domain(routes: Iterable[str]) -> Area:
    """Returns every combination of facts and kinds of cost, for the given routes."""
    sides: dict[str, Side] = {
        "warranty": tuple(Cover),
        "conditions": tuple(Conditions),
        "responsibility": tuple(Responsibility),
        "customer_can_repair": tuple(CustomerCanRepair),
        "route": tuple(dict.fromkeys(routes)),
        "repair_failed": (False, True),
        "urgent": (False, True),
    }
    return (*(sides[fact] for fact in FACTS), tuple(CostKind))


def overlap(one: Area, other: Area) -> Area | None:
    """Returns the combinations that are in both areas, or nothing when there are none."""
    common = tuple(tuple(value for value in a if value in b) for a, b in zip(one, other, strict=True))
    return common if all(common) else None


def without(area: Area, other: Area) -> list[Area]:
    """Returns what is left of an area when another is cut out of it, in areas that do not overlap."""
    if overlap(area, other) is None:
        return [area]
    left: list[Area] = []
    for axis, (side, cut) in enumerate(zip(area, other, strict=True)):
        if outside := tuple(value for value in side if value not in cut):
            left.append((*area[:axis], outside, *area[axis + 1 :]))
        area = (*area[:axis], tuple(value for value in side if value in cut), *area[axis + 1 :])
    return left


def without_all(area: Area, others: Iterable[Area]) -> list[Area]:
    """Returns what is left of an area when all the others are cut out of it."""
    left = [area]
    for other in others:
        left = [piece for part in left for piece in without(part, other)]
    return left


def folded(areas: list[Area], domain: Area) -> list[Area]:
    """Joins areas that differ in one side only, until no two do: fewer rows for a person to read."""
    left = list(areas)
    while (pair := _joinable(left)) is not None:
        first, second, axis = pair
        joined = tuple(value for value in domain[axis] if value in (*left[first][axis], *left[second][axis]))
        left[first] = (*left[first][:axis], joined, *left[first][axis + 1 :])
        del left[second]
    return left


def _joinable(areas: list[Area]) -> tuple[int, int, int] | None:
    """Finds two areas that differ in one side only; returns their places and the axis."""
    for second, other in enumerate(areas):
        for first, one in enumerate(areas[:second]):
            differing = [axis for axis, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
            if len(differing) == 1:
                return first, second, differing[0]
    return None
