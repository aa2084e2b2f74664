"""Dispatch: who could serve a case, who is away, and who stands in for whom."""

from domain.dispatch.absence import Absence, Deputy, Ground, Person, away_until, grounds, next_absence
from domain.dispatch.matching import covers, knows_category, knows_model
from domain.dispatch.rank import ORDER, Candidate, First, Need, Proposal, rank, remarks
from domain.dispatch.week import Week, Window, overlapping

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
    "Week",
    "Window",
    "away_until",
    "covers",
    "grounds",
    "knows_category",
    "knows_model",
    "next_absence",
    "overlapping",
    "rank",
    "remarks",
]
