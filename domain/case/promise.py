"""Dates promised to a customer, and invoices handed over: what a case keeps of its word and of its money (M5, M9)."""

from __future__ import annotations

from decimal import Decimal
from enum import StrEnum

from domain.events import Actor
from domain.model import Frozen, Instant


class PromiseEnd(StrEnum):
    """What became of a promised date."""

    KEPT = "kept"
    MISSED = "missed"
    """The date passed before it was fixed."""
    MOVED = "moved"
    """Another date was promised in its place (X4)."""
    DROPPED = "dropped"
    """The case took a way on which nothing is left to be fixed."""


class PromisedDate(Frozen):
    """A date by which the customer was promised that the product will be fixed; none is ever changed or deleted."""

    promised_for: Instant
    given_at: Instant
    by: Actor
    told: str
    """To whom and how it was said."""
    reason: str | None = None
    """Why it took the place of an earlier promise."""
    ended_at: Instant | None = None
    ended_as: PromiseEnd | None = None


class Invoice(Frozen):
    """An invoice that was handed over and paid, in the plan's currency."""

    number: str
    amount: Decimal
    paid_at: Instant
