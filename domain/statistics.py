"""Statistics over cases: the Pareto rows of repairs, of returns, of all feedback (Q8)."""

from __future__ import annotations

from collections.abc import Mapping

from domain.model import Frozen
from domain.tasks import TASKS
from domain.tasks.form import Choice
from domain.warranty.card import REPAIR_REPORTS, WORK


class Counted(Choice):
    """What is counted."""

    CASES = "cases", "All cases"
    REPAIRS = "repairs", "Repairs"
    RETURNS = "returns", "Returns"


class Sorted(Choice):
    """By what the cases are told apart."""

    CATEGORY = "category", "Kind of issue"
    MODEL = "model", "Model"
    REGION = "region", "Region"
    CHANNEL = "channel", "Channel"
    PLAN = "plan", "Procedure"
    RESOLUTION = "resolution", "Resolution"
    SUBJECT = "subject", "Subject"


class ParetoRow(Frozen):
    """One bar: how many cases, their share of all, and the share of this and all larger ones. Shares are 0 to 1."""

    key: str
    """Empty for cases that do not say."""
    count: int
    share: float
    cumulative: float


REPAIRS = frozenset(name for name, task in TASKS.items() if {*WORK} & task.form.model_fields.keys()) | {*REPAIR_REPORTS}
"""Tasks that repair a product: those that the warranty card reads."""
RETURNS = frozenset({"receive_item", "factory_receipt"})
"""Tasks by whose completion a product came back to us."""


def tasks_counted(of: Counted) -> frozenset[str] | None:
    """Returns the tasks whose completion makes a case count; None when every case counts."""
    return {Counted.CASES: None, Counted.REPAIRS: REPAIRS, Counted.RETURNS: RETURNS}[of]


def pareto(counts: Mapping[str, int]) -> tuple[ParetoRow, ...]:
    """Returns the rows, the largest first; of equal ones the first by name. Counts of zero are left out."""
    ordered = sorted(((key, count) for key, count in counts.items() if count), key=lambda pair: (-pair[1], pair[0]))
    total, so_far = sum(count for _, count in ordered), 0
    rows: list[ParetoRow] = []
    for key, count in ordered:
        so_far += count
        rows.append(ParetoRow(key=key, count=count, share=round(count / total, 4), cumulative=round(so_far / total, 4)))
    return tuple(rows)
