"""The rows of a Pareto diagram."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from domain.model import Frozen
from domain.statistics.facts import CaseFacts
from domain.statistics.words import Counted, Sorted


class ParetoRow(Frozen):
    """One bar: how many cases, their share of all, and the share of this and all larger ones. Shares are 0 to 1."""

    key: str
    """Empty for cases that do not say."""
    count: int
    share: float
    cumulative: float


def counts_of(cases: Iterable[CaseFacts], of: Counted, by: Sorted) -> dict[str, int]:
    """Returns how many of the cases count under each key."""
    return dict(Counter(key for case in cases if case.counts(of) for key in case.keys(by)))


def pareto(counts: Mapping[str, int]) -> tuple[ParetoRow, ...]:
    """Returns the rows, the largest first; of equal ones the first by name. Counts of zero are left out."""
    ordered = sorted(((key, count) for key, count in counts.items() if count), key=lambda pair: (-pair[1], pair[0]))
    total, so_far = sum(count for _, count in ordered), 0
    rows: list[ParetoRow] = []
    for key, count in ordered:
        so_far += count
        rows.append(ParetoRow(key=key, count=count, share=round(count / total, 4), cumulative=round(so_far / total, 4)))
    return tuple(rows)
