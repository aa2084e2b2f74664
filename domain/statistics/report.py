"""A report over a period: what it counts, and the paper that was issued of it (Q8)."""

from __future__ import annotations

from datetime import date, timedelta

from domain.model import Frozen, Instant
from domain.statistics.figures import DeadlineFigures, Satisfaction
from domain.statistics.pareto import ParetoRow
from domain.statistics.used_time import Share
from domain.statistics.words import Counted, Sorted

SECTIONS: tuple[tuple[Counted, Sorted], ...] = tuple(
    (of, by)
    for of in (Counted.REPAIRS, Counted.RETURNS)
    for by in (Sorted.CATEGORY, Sorted.MODEL, Sorted.PART, Sorted.REGION, Sorted.CAUSE)
)
"""The diagrams of a whole report."""


class Section(Frozen):
    """One Pareto diagram; `cases` is how many cases are behind its rows."""

    of: Counted
    by: Sorted
    cases: int
    rows: tuple[ParetoRow, ...]


class PlanUse(Frozen):
    """Who used the time of the closed cases of one procedure; `inside` is the promise, empty for the whole time."""

    plan: str
    inside: str
    cases: int
    shares: tuple[Share, ...]

    @property
    def whole(self) -> timedelta:
        """All of it."""
        return sum((share.spent for share in self.shares), timedelta())


class PeriodReport(Frozen):
    """All figures of a period."""

    first: date | None
    last: date | None
    plan: str | None
    cases: int
    counted: dict[Counted, int]
    sections: tuple[Section, ...]
    deadlines: DeadlineFigures
    satisfaction: Satisfaction
    used: tuple[PlanUse, ...]


class ReportOrder(Frozen):
    """Orders the report of one procedure over a period, days of `zone`, for the roles that it goes to."""

    report_id: str
    plan: str
    plan_title: str
    company: str
    first: date
    last: date
    zone: str
    roles: tuple[str, ...]
    ordered_at: Instant


class IssuedReport(Frozen):
    """A report as it was issued. `file` is the attachment that holds it; `sha256` is of its bytes."""

    report_id: str
    plan: str
    title: str
    first: date
    last: date
    roles: tuple[str, ...]
    cases: int
    made_at: Instant
    file: str
    sha256: str
    size: int
