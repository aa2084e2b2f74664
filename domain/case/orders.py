"""Orders that a case placed: what, with whom, by when, and what became of each (T8, T9, X5)."""

from __future__ import annotations

from enum import StrEnum

from domain.events import Actor
from domain.model import Frozen, Instant


class OrderKind(StrEnum):
    """Who orders from whom."""

    AFTER_SALES = "after_sales"
    """Sales orders from procurement."""
    PURCHASE = "purchase"
    """Procurement orders from the factory or from stock."""


class OrderState(StrEnum):
    """What became of an order."""

    PLACED = "placed"
    ARRIVED = "arrived"
    FAILED = "failed"
    """Wrong, damaged or lost on the way, and bought again."""
    CANCELLED = "cancelled"
    KEPT = "kept"
    """Not needed any more and taken into our own stock."""


class Order(Frozen):
    """One order of parts or equipment."""

    kind: OrderKind
    number: str
    items: str
    supplier: str | None = None
    same_city: bool | None = None
    in_stock: bool | None = None
    placed_at: Instant
    placed_by: Actor
    expected_at: Instant | None = None
    """By when it is delivered, where procurement entered a date."""
    state: OrderState = OrderState.PLACED
    ended_at: Instant | None = None

    @property
    def is_open(self) -> bool:
        """True while it is neither delivered nor settled otherwise."""
        return self.state is OrderState.PLACED
