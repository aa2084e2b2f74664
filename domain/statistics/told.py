"""A report in words: what a page shows and a paper prints, made once for both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from pydantic import Field

from domain.case import FaultCategory
from domain.model import Frozen
from domain.plan import Plan
from domain.statistics.pareto import ParetoRow
from domain.statistics.report import PeriodReport, PlanUse, Section
from domain.statistics.used_time import PROMISED_DATE, Share
from domain.statistics.words import DEFINITIONS, SORTED_BY, Counted, Figure, Sorted
from domain.tasks import TASKS, Choice
from domain.tasks.feedback import Subject
from domain.tasks.parts import Responsibility

_TITLES: Mapping[Sorted, type[Choice]] = {
    Sorted.CATEGORY: FaultCategory,
    Sorted.SUBJECT: Subject,
    Sorted.RESPONSIBILITY: Responsibility,
}
_LEAST_SHARE = 0.001
_AS_WRITTEN = (Sorted.MODEL, Sorted.REGION, Sorted.PART, Sorted.CAUSE)


class Names(Frozen):
    """Titles of procedures, and of the roles of each, by name."""

    plans: dict[str, str] = Field(default_factory=dict)
    roles: dict[str, dict[str, str]] = Field(default_factory=dict)

    @classmethod
    def of(cls, plans: Iterable[Plan]) -> Names:
        """The titles that plans give."""
        known = list(plans)
        roles = {plan.name: {name: role.title for name, role in plan.roles.items()} for plan in known}
        return cls(plans={plan.name: plan.title for plan in known}, roles=roles)

    def role(self, name: str, plan: str | None = None) -> str:
        """A department, as the procedure calls it or else the first that has it; some moments have none."""
        if not name:
            return "Between steps, or before an entry"
        known = [self.roles[plan]] if plan in self.roles else list(self.roles.values())
        spoken = name.replace("_", " ").capitalize()
        return next((titles[name] for titles in known if name in titles), spoken)

    def plan(self, name: str) -> str:
        """A procedure."""
        return self.plans.get(name, name)


class ToldRow(Frozen):
    """One row of a diagram."""

    title: str
    count: int
    share: str
    cumulative: float


class ToldTable(Frozen):
    """A table with its heading, its definition, and the words in its place when it is empty."""

    title: str
    definition: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str


class ToldSection(Frozen):
    """One diagram with what it counts."""

    title: str
    definitions: tuple[str, ...]
    below: str
    rows: tuple[ToldRow, ...]


class ToldReport(Frozen):
    """The whole report."""

    title: str
    period: str
    empty: str | None
    """Says so when the period has no case at all."""
    counted: ToldTable
    sections: tuple[ToldSection, ...]
    deadlines: ToldTable
    satisfaction: ToldTable
    used: ToldTable


def period_words(first: date | None, last: date | None) -> str:
    """A period as people say it."""
    match first, last:
        case None, None:
            return "so far"
        case None, _:
            return f"opened until {last}"
        case _, None:
            return f"opened since {first}"
    return f"opened from {first} to {last}"


def section_title(of: Counted, by: Sorted) -> str:
    """Heading of a diagram."""
    return f"{of.title_text} by {by.title_text.lower()}"


def definitions_of(of: Counted, by: Sorted) -> tuple[str, ...]:
    """What stands beside a diagram: what is counted, how it comes to its row, which days count."""
    return tuple(text for text in (DEFINITIONS[of], SORTED_BY.get(by, ""), DEFINITIONS[Figure.DAYS]) if text)


def key_title(by: Sorted, key: str, names: Names) -> str:
    """A row's key in the words of people."""
    if not key:
        return "not said"
    if by is Sorted.PLAN:
        return names.plan(key)
    title = next((one.title_text for one in _TITLES.get(by, ()) if one.value == key), "")
    return title or (key if by in _AS_WRITTEN else key.replace("_", " "))


def told_section(section: Section, names: Names, period: str) -> ToldSection:
    """One diagram in words; one without cases says so."""
    left_out = max(len(section.rows) - 20, 0)
    below = f"{section.cases} in all, {period}; the line is the share so far"
    if not section.rows:
        below = f"Nothing to count among the cases {period}."
    elif left_out:
        below += f"; {left_out} more rows are in the table"
    rows = tuple(_told_row(row, key_title(section.by, row.key, names)) for row in section.rows)
    definitions = definitions_of(section.of, section.by)
    return ToldSection(title=section_title(section.of, section.by), definitions=definitions, below=below, rows=rows)


def told(report: PeriodReport, title: str, names: Names) -> ToldReport:
    """The whole report in words."""
    period = period_words(report.first, report.last)
    nothing = f"There is no case {period}."
    return ToldReport(
        title=title,
        period=period,
        empty=None if report.cases else nothing,
        counted=ToldTable(
            title="Counted",
            definition=DEFINITIONS[Figure.DAYS],
            head=("What", "Cases", "Definition"),
            rows=tuple((of.title_text, str(count), DEFINITIONS[of]) for of, count in report.counted.items()),
            empty=nothing,
        ),
        sections=tuple(told_section(section, names, period) for section in report.sections),
        deadlines=told_deadlines(report, names),
        satisfaction=told_satisfaction(report),
        used=told_use(report.used, names),
    )


def told_deadlines(report: PeriodReport, names: Names) -> ToldTable:
    """How deadlines were kept, by step and department."""
    figures = report.deadlines
    share = f"; {figures.share_kept:.1%} in time" if figures.share_kept is not None else ""
    rows = tuple(
        (
            step_title(step.kind),
            names.role(step.role, report.plan),
            str(step.kept),
            str(step.late),
            f"{step.share_kept:.1%}",
        )
        for step in figures.steps
    )
    return ToldTable(
        title=f"Deadlines: {figures.kept} kept, {figures.late} late{share}",
        definition=DEFINITIONS[Figure.DEADLINES],
        head=("Step", "Department", "In time", "Late", "Share in time"),
        rows=rows,
        empty="No deadline has come yet.",
    )


def told_satisfaction(report: PeriodReport) -> ToldTable:
    """What customers answered."""
    figures = report.satisfaction
    mean = f"{figures.mean:.2f} of 5, from {figures.asked} customers" if figures.mean is not None else "no answer yet"
    rows = tuple((str(mark), str(count)) for mark, count in enumerate(figures.answers, start=1))
    return ToldTable(
        title=f"Satisfaction: {mean}",
        definition=DEFINITIONS[Figure.SATISFACTION],
        head=("Answer", "Customers"),
        rows=rows if figures.asked else (),
        empty="No customer has answered yet.",
    )


def told_use(used: Iterable[PlanUse], names: Names) -> ToldTable:
    """Who used the customers' time, by procedure, waiting party and department."""
    rows = [
        (
            names.plan(one.plan) if not one.inside else f"{names.plan(one.plan)}: {step_title(one.inside)}",
            share.party.title_text,
            names.role(share.role, one.plan),
            length_words(share.spent / one.cases),
            f"{share_of(share, one.whole):.1%}",
        )
        for one in used
        for share in one.shares
        if share_of(share, one.whole) >= _LEAST_SHARE
    ]
    return ToldTable(
        title="Who used the customers' time",
        definition=DEFINITIONS[Figure.USED_TIME],
        head=("Procedure, and inside which promise", "Waited for", "Department", "Mean a case", "Share"),
        rows=tuple(rows),
        empty="No case of the period is closed yet.",
    )


def share_of(share: Share, whole: timedelta) -> float:
    """Part of the whole time, 0 to 1."""
    return share.spent / whole if whole else 0.0


def step_title(kind: str) -> str:
    """A step by its kind."""
    if kind == PROMISED_DATE:
        return "Date promised to the customer"
    return TASKS[kind].title if kind in TASKS else kind.replace("_", " ").capitalize()


def length_words(length: timedelta) -> str:
    """A length of time in its two largest units: `3 d 4 h`, `25 min`."""
    minutes = round(length.total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, rest = divmod(rest, 60)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{rest} min" if rest or not length else f"{length.total_seconds():.0f} s"


def _told_row(row: ParetoRow, title: str) -> ToldRow:
    return ToldRow(title=title, count=row.count, share=f"{row.share:.1%}", cumulative=row.cumulative)
