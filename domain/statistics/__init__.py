"""Statistics over cases: what is counted, by what, and figures of one definition each (Q8)."""

from domain.statistics.facts import causes_of, is_repair, is_return, parts_of
from domain.statistics.figures import DeadlineFigures, Satisfaction, StepFigures
from domain.statistics.pareto import ParetoRow, pareto
from domain.statistics.used_time import Party, PromiseUse, Share, UsedTime, office_shares, used_time
from domain.statistics.words import DEFINITIONS, REPEAT_WITHIN, SORTED_BY, Counted, Figure, Sorted

__all__ = [
    "DEFINITIONS",
    "REPEAT_WITHIN",
    "SORTED_BY",
    "Counted",
    "DeadlineFigures",
    "Figure",
    "ParetoRow",
    "Party",
    "PromiseUse",
    "Satisfaction",
    "Share",
    "Sorted",
    "StepFigures",
    "UsedTime",
    "causes_of",
    "is_repair",
    "is_return",
    "office_shares",
    "pareto",
    "parts_of",
    "used_time",
]
