"""How a case stands to the warranty: what was verified, and what was found out since (W1, W2, W7)."""

from __future__ import annotations

from domain.model import Frozen, Instant
from domain.tasks.parts import Conditions, CostEntry, Cover, Responsibility
from domain.tasks.verify import Problem, Whereabouts


class Negotiation(Frozen):
    """A time in which the customer was asked to agree to a cost while their item was with us; the repair rests then."""

    begins: Instant
    ends: Instant


class Assessment(Frozen):
    """What decides whether an item is repaired at once or a cost is negotiated first; the newest word holds."""

    warranty: Cover = Cover.UNKNOWN
    conditions: Conditions = Conditions.UNKNOWN
    responsibility: Responsibility = Responsibility.UNCLEAR
    whereabouts: Whereabouts
    problem: Problem
    determined: bool = False
    """True once somebody said what the problem is and what its repair costs."""
    costs: tuple[CostEntry, ...] = ()
    agreed: bool = False
    """True once it is settled with the customer, or needs no settling, that the repair goes on."""
    inspected: bool = False
    """True once the item was inspected since it last arrived."""
    promised_for: Instant | None = None
    """The date told to the customer when the repair takes longer (W6)."""
    negotiations: tuple[Negotiation, ...] = ()

    @property
    def covered(self) -> bool:
        """True inside warranty, its conditions kept, and not the customer's responsibility (W2)."""
        return (self.warranty, self.conditions, self.responsibility) == (
            Cover.IN,
            Conditions.MET,
            Responsibility.PRODUCT,
        )
