"""The rows of a Pareto diagram."""

from __future__ import annotations

from collections.abc import Mapping

from domain.model import Frozen


class ParetoRow(Frozen):
    """One bar: how many cases, their share of all, and the share of this and all larger ones. Shares are 0 to 1."""

    key: str
    """Empty for cases that do not say."""
    count: int
    share: float
    cumulative: float


def pareto(counts: Mapping[str, int]) -> tuple[ParetoRow, ...]:
    """Returns the rows, the largest first; of equal ones the first by name. Counts of zero are left out."""
    ordered = sorted(((key, count) for key, count in counts.items() if count), key=lambda pair: (-pair[1], pair[0]))
    total, so_far = sum(count for _, count in ordered), 0
    rows: list[ParetoRow] = []
    for key, count in ordered:
        so_far += count
        rows.append(ParetoRow(key=key, count=count, share=round(count / total, 4), cumulative=round(so_far / total, 4)))
    return tuple(rows)
