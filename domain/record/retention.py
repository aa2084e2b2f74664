"""What a run of retention did, and what goes next."""

from __future__ import annotations

from domain.model import Frozen, Instant


class Kept(Frozen):
    """A case that is due and stays under a legal hold; `since` is real UTC, `by` a sign-in name."""

    case_id: str
    reason: str
    by: str
    since: Instant


class NotDone(Frozen):
    """A case that could not be erased or removed in this run, and why, without anything personal."""

    case_id: str
    why: str


class RetentionReport(Frozen):
    """One run: cases looked at, erased, removed, held, failed. `dry` only tells what would have been done."""

    counted: int = 0
    erased: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    held: tuple[Kept, ...] = ()
    failed: tuple[NotDone, ...] = ()
    dry: bool = False


class RetentionRound(Frozen):
    """Asks for a run of retention."""
