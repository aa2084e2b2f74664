"""A report over a period: what it counts, and the paper that was issued of it (Q8)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from domain.clocks import Pace
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


class ReportRound(Frozen):
    """What goes out by itself for one procedure: every week or month, days of `zone`, to these roles."""

    plan: str
    plan_title: str
    company: str
    every: Literal["week", "month"]
    zone: str
    roles: tuple[str, ...]
    pace: Pace
    mailed: bool = False
    """True where a mail server is set up: the roles get it by mail too."""

    def order(self, now: datetime) -> ReportOrder:
        """The report over the last whole week or month before an instant; of the same one, the same number."""
        first, last = last_period(self.every, now.astimezone(ZoneInfo(self.zone)).date())
        return ReportOrder(
            report_id=f"R-{self.plan}-{first:%Y%m%d}-{last:%Y%m%d}",
            plan=self.plan,
            plan_title=self.plan_title,
            company=self.company,
            first=first,
            last=last,
            zone=self.zone,
            roles=self.roles,
            ordered_at=now,
        )


def last_period(every: Literal["week", "month"], today: date) -> tuple[date, date]:
    """Returns first and last day of the whole week (Monday to Sunday) or month that ended before today."""
    if every == "week":
        monday = today - timedelta(days=today.weekday())
        return monday - timedelta(days=7), monday - timedelta(days=1)
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


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
