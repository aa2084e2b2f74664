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


class Evidence(Frozen):
    """What an outcome must say for its case to count: the field filled in, or holding this value."""

    kinds: frozenset[str]
    """Names of the user tasks that can say it."""
    field: str
    value: str | None = None
    """None: whatever it says."""


def _saying(field: str) -> frozenset[str]:
    return frozenset(name for name, task in TASKS.items() if field in task.form.model_fields)


REPAIRS: tuple[Evidence, ...] = (
    *(Evidence(kinds=kinds, field=field) for field in WORK if (kinds := _saying(field))),
    *(
        Evidence(kinds=frozenset({name}), field=answer, value=repaired)
        for name, (answer, repaired, _) in REPAIR_REPORTS.items()
    ),
)
"""A product was worked on: what the warranty card reads."""
RETURNS: tuple[Evidence, ...] = (
    Evidence(kinds=frozenset({"receive_item", "factory_receipt"}), field="result", value="received"),
)
"""A product came back to us; one that was never sent or lost did not."""


def evidence(of: Counted) -> tuple[Evidence, ...] | None:
    """Returns what a case must have on record to count, one of them; None when every case counts."""
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
