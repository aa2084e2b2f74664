"""What is known of a case when it is asked who pays, and the conditions a rule sets on it."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Annotated, TypeVar

from pydantic import AfterValidator, Field, StrictBool

from domain.model import Frozen
from domain.tasks.parts import Conditions, Cover, CustomerCanRepair, Responsibility

Route = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]
"""The name of a resolution; the plan checks that it offers it."""


class Facts(Frozen):
    """What decides who pays. Whatever was not established yet is unknown, never assumed."""

    warranty: Cover = Cover.UNKNOWN
    conditions: Conditions = Conditions.UNKNOWN
    responsibility: Responsibility = Responsibility.UNCLEAR
    customer_can_repair: CustomerCanRepair = CustomerCanRepair.UNKNOWN
    route: Route | None = None
    """The resolution the case is on; nothing while none is chosen, and then no rule that names a route applies."""
    repair_failed: bool = False
    urgent: bool = False
    """The customer's time does not allow a repair (T9)."""


T = TypeVar("T", bound=Hashable)


def _named_once(values: tuple[T, ...]) -> tuple[T, ...]:
    """Refuses a condition that nothing or nobody can meet as written. Raises ValueError."""
    if not values:
        raise ValueError("is empty, so the rule could never apply; leave the fact out to mean any")
    if len(set(values)) != len(values):
        raise ValueError("names a value twice")
    return values


_Once = AfterValidator(_named_once)


class When(Frozen):
    """Where a rule applies: for each fact the values it may have; a fact left out may have any."""

    warranty: Annotated[tuple[Cover, ...], _Once] | None = None
    conditions: Annotated[tuple[Conditions, ...], _Once] | None = None
    responsibility: Annotated[tuple[Responsibility, ...], _Once] | None = None
    customer_can_repair: Annotated[tuple[CustomerCanRepair, ...], _Once] | None = None
    route: Annotated[tuple[Route, ...], _Once] | None = None
    repair_failed: Annotated[tuple[StrictBool, ...], _Once] | None = None
    urgent: Annotated[tuple[StrictBool, ...], _Once] | None = None

    def values(self, fact: str) -> tuple[str | bool, ...] | None:
        """Returns the values the rule asks of a fact, or nothing when any will do."""
        asked: tuple[str | bool, ...] | None = getattr(self, fact)
        return asked

    def meets(self, facts: Facts) -> bool:
        """True when the rule applies to these facts."""
        return all((asked := self.values(fact)) is None or getattr(facts, fact) in asked for fact in FACTS)


FACTS = tuple(Facts.model_fields)
"""The names of the facts, in the order in which a person asks for them."""
