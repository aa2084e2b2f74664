"""What is asked of a round of archiving, and what it did."""

from __future__ import annotations

from domain.model import Frozen


class ArchiveRound(Frozen):
    """Asks for archives: of every closed case that has none, or of these alone; `anew` also where there is one."""

    cases: tuple[str, ...] = ()
    anew: bool = False


class NotArchived(Frozen):
    """A case that got no archive in this round, and why, in a sentence without anything personal."""

    case_id: str
    why: str


class ArchivedCases(Frozen):
    """What a round did: cases archived, those whose run has not ended, those erased before, failures."""

    archived: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()
    failed: tuple[NotArchived, ...] = ()
    more: int = 0
    """Cases archived beyond those that are named."""
