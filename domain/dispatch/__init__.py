"""Dispatch: who could serve a case, who is away, and who stands in for whom."""

from domain.dispatch.absence import Absence, Deputy, Ground, Person, away_until, grounds, next_absence
from domain.dispatch.rank import ORDER, Candidate, First, Need, Proposal, rank, remarks

__all__ = [
    "ORDER",
    "Absence",
    "Candidate",
    "Deputy",
    "First",
    "Ground",
    "Need",
    "Person",
    "Proposal",
    "away_until",
    "grounds",
    "next_absence",
    "rank",
    "remarks",
]
