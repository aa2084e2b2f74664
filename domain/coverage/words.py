"""Areas of the domain as a person reads them."""

from __future__ import annotations

from domain.coverage.areas import ANOTHER_ROUTE, Area, Side
from domain.coverage.facts import FACTS
from domain.tasks.form import Choice

_TITLES = {
    "warranty": "warranty",
    "conditions": "conditions of use",
    "responsibility": "responsibility",
    "customer_can_repair": "can the customer repair it",
    "route": "resolution",
    "repair_failed": "repair failed",
    "urgent": "urgent",
}


def in_words(facts: Area, domain: Area) -> str:
    """Returns the sides that are narrower than the domain, for example `warranty: out; urgent: yes`."""
    rows = zip(FACTS, facts, domain, strict=True)
    return "; ".join(f"{_TITLES[fact]}: {_values(side)}" for fact, side, whole in rows if side != whole)


def _values(side: Side) -> str:
    return " or ".join(_value(value) for value in side)


def _value(value: str | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value == ANOTHER_ROUTE:
        return "another"
    return value.value if isinstance(value, Choice) else value.replace("_", " ")
