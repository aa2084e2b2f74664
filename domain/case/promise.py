"""Dates promised to a customer: what a case keeps of its word (M5)."""

from __future__ import annotations

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
