"""What a case knows of the factory's support: wishes, solution, group and terms (T3, T4, T5, T10)."""

from __future__ import annotations

from domain.events import Actor
from domain.model import Frozen, Instant
from domain.tasks.hand_over import SolutionWay, Use, WhyReplaced
from domain.tasks.parts import Cover, CustomerCanRepair


class Wishes(Frozen):
    """The repair time the customer wants, and what the equipment is used for (T3)."""

    time_wanted: str
    wanted_by: Instant | None
    use: Use


class Solution(Frozen):
    """The factory's solution in force (T4)."""

    at: Instant
    way: SolutionWay
    items: str | None
    written: str | None
    why_replaced: WhyReplaced | None
    task: str
    """Key of the task that gave it."""


class SupportGroup(Frozen):
    """A temporary group of sales, the factory's technician and the customer (T5)."""

    name: str
    members: str
    opened_at: Instant
    dissolved_at: Instant | None = None


class Terms(Frozen):
    """What decided who pays, as it was quoted (T10)."""

    at: Instant
    by: Actor
    warranty: Cover
    can_repair: CustomerCanRepair
    free_of_charge: bool
    reason: str | None


class FactorySupport(Frozen):
    """The factory that supports a case, and how far that came."""

    factory: str | None = None
    answers_itself: bool = True
    """False when procurement enters what the factory says."""
    wishes: Wishes | None = None
    solution: Solution | None = None
    technician: str | None = None
    """Who takes part for the factory."""
    group: SupportGroup | None = None
    terms: Terms | None = None

    @property
    def group_is_closed(self) -> bool:
        """True when no temporary group is open."""
        return self.group is None or self.group.dissolved_at is not None
