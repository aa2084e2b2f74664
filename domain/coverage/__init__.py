"""Who pays what: the plan's decision table, the charges it decides and what it leaves to a special case."""

from domain.coverage.charges import Charge, ChargeLine, Coverage, NotWaivable, decide
from domain.coverage.facts import Facts, When
from domain.coverage.money import AmountTooFine, exact
from domain.coverage.shares import borne_by, taken_over
from domain.coverage.table import CoverageRule, CoverageTable
from domain.coverage.undecided import LeftOpen, undecided_facts
from domain.tasks.parts import Conditions, CustomerCanRepair, Responsibility

__all__ = [
    "AmountTooFine",
    "Charge",
    "ChargeLine",
    "Conditions",
    "Coverage",
    "CoverageRule",
    "CoverageTable",
    "CustomerCanRepair",
    "Facts",
    "LeftOpen",
    "NotWaivable",
    "Responsibility",
    "When",
    "borne_by",
    "decide",
    "exact",
    "taken_over",
    "undecided_facts",
]
