"""Reports over cases: the Pareto diagram as rows, table and picture, the cases behind a row, all figures (Q8)."""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel

from api.parts import Parts
from api.problems import InvalidFields
from api.rights import AUDITOR, Person, Right, require
from core.errors import NotFound
from domain.case import CaseStatus, Result
from domain.model import Instant
from domain.statistics import Counted, ParetoRow, Sorted
from domain.statistics.report import SECTIONS, IssuedReport, PeriodReport, Section
from domain.statistics.told import (
    Names,
    ToldReport,
    ToldSection,
    definitions_of,
    key_title,
    period_words,
    section_title,
    told,
    told_section,
)
from store.queries.reports import list_reports, period_report
from store.queries.statistics import Period, counted_section
from store.queries.statistics import counted_cases as cases_behind

SVG, CSV, PDF = "image/svg+xml", "text/csv; charset=utf-8", "application/pdf"
PICTURE_HEADERS = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
"""Of a picture that is opened by itself: it may style itself, and do nothing else."""
_FIRST, _LAST = date(1950, 1, 1), date(9000, 1, 1)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
TITLE = "After-sales report"


@dataclass(frozen=True)
class Asked:
    """What a diagram is asked for."""

    of: Counted
    by: Sorted
    period: Period


class Pareto(BaseModel):
    """Cases counted by one of their properties, the largest share first. There are few rows, so `next` is empty.

    `cases` is how many cases count; a case with several parts stands in several rows, so `total` can be more.
    """

    of: Counted
    by: Sorted
    first: date | None = None
    last: date | None = None
    plan: str | None = None
    definitions: tuple[str, ...]
    cases: int
    total: int
    items: list[ParetoRow]
    next: None = None

    @property
    def title(self) -> str:
        """What the report shows, as a heading."""
        return section_title(self.of, self.by)

    @property
    def section(self) -> Section:
        """The same as a section of a whole report."""
        return Section(of=self.of, by=self.by, cases=self.cases, rows=tuple(self.items))

    @property
    def period_words(self) -> str:
        """Which cases, in words."""
        return period_words(self.first, self.last)


class CountedCase(BaseModel):
    """A case behind a row."""

    case_id: str
    work_order: str | None
    plan: str
    model: str
    opened_at: Instant
    status: CaseStatus
    result: Result | None


class CountedCases(BaseModel):
    """The cases behind a row, the newest first."""

    items: list[CountedCase]
    next: str | None


def asked(query: Mapping[str, str], zone: str = "UTC") -> Asked:
    """Reads what is asked for. Raises InvalidFields for an unknown choice, a day that is none, or days out of order."""
    from api.routes.query import chosen, text  # the routes import this module

    first, last = day(query.get("from"), "from"), day(query.get("to"), "to")
    if first is not None and last is not None and last < first:
        raise InvalidFields.at("to", "is before the first day")
    return Asked(
        of=chosen(Counted, query.get("of"), "of") or Counted.CASES,
        by=chosen(Sorted, query.get("by"), "by") or Sorted.CATEGORY,
        period=Period(first, last, text(query.get("plan"), "plan"), zone),
    )


async def pareto_report(parts: Parts, of: Asked) -> Pareto:
    """Counts the cases of a period."""
    period = of.period
    async with parts.database.reading() as session:
        section = await counted_section(session, period, of.of, of.by, parts.now())
    return Pareto(
        of=of.of,
        by=of.by,
        first=period.first,
        last=period.last,
        plan=period.plan,
        definitions=definitions_of(of.of, of.by),
        cases=section.cases,
        total=sum(row.count for row in section.rows),
        items=list(section.rows),
    )


async def counted_cases(
    parts: Parts, of: Asked, key: str | None, *, cursor: str | None = None, limit: int = 50
) -> CountedCases:
    """Returns the cases behind a row, or behind all rows when no key is given. Raises InvalidFields for the cursor."""
    from api.routes.query import cursors  # the routes import this module

    async with parts.database.reading() as session:
        with cursors():
            page = await cases_behind(session, of.period, of.of, of.by, key, parts.now(), cursor=cursor, limit=limit)
    return CountedCases(items=[CountedCase.model_validate(vars(one)) for one in page.items], next=page.next)


async def reports_for(parts: Parts, person: Person) -> tuple[IssuedReport, ...]:
    """Returns the reports that go to one of the person's roles, the newest first; admin and auditor see all."""
    require(person, Right.SEE_CASES)
    every = person.is_admin or person.has(AUDITOR)
    async with parts.database.reading() as session:
        return await list_reports(session, None if every else person.roles)


async def issued_report(parts: Parts, person: Person, report_id: str) -> IssuedReport:
    """Returns a report that goes to the person. Raises NotFound."""
    for report in await reports_for(parts, person):
        if report.report_id == report_id:
            return report
    raise NotFound("there is no such report for your roles")


async def figures_of(parts: Parts, period: Period, *, diagrams: bool = True) -> PeriodReport:
    """Returns all figures of a period as they are now; the diagrams too, unless they are not asked for."""
    async with parts.database.reading() as session:
        return await period_report(session, period, parts.now(), SECTIONS if diagrams else ())


async def report_as_pdf(parts: Parts, figures: PeriodReport) -> bytes:
    """The whole report as PDF."""
    from core.reporting.paper import report_pdf

    plan = parts.plans.get(figures.plan or "")
    in_words = told(figures, f"{TITLE}: {plan.title}" if plan else TITLE, names_of(parts)).model_dump(mode="json")
    company = plan.company if plan else "All procedures"
    return await asyncio.to_thread(report_pdf, in_words, company=company, made_at=parts.now())


async def as_svg(parts: Parts, report: Pareto, section: ToldSection | None = None) -> str:
    """The picture, in the words of `section` where they are given."""
    from core.reporting.chart import Bar, pareto_svg

    section = section or told_section(report.section, names_of(parts), report.period_words)
    bars = [Bar(row.title, row.count, row.cumulative) for row in section.rows]
    return await asyncio.to_thread(pareto_svg, section.title, bars, section.below)


def as_csv(parts: Parts, report: Pareto) -> str:
    """The rows as a table for spreadsheets; a text that a spreadsheet would run as a formula is quoted."""
    names = names_of(parts)
    rows = (
        (one.key, key_title(report.by, one.key, names), one.count, one.share, one.cumulative) for one in report.items
    )
    return table_as_csv(("key", "title", "count", "share", "cumulative"), rows)


def table_as_csv(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table for spreadsheets; a text that a spreadsheet would run as a formula is quoted."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(head)
    for row in rows:
        table.writerow(f"'{one}" if isinstance(one, str) and one.startswith(_FORMULA) else one for one in row)
    return out.getvalue()


def in_words(parts: Parts, figures: PeriodReport) -> ToldReport:
    """All figures in the words of people."""
    return told(figures, TITLE, names_of(parts))


def names_of(parts: Parts) -> Names:
    """Titles of the plans in use and of their roles."""
    return Names.of(parts.plans.values())


def day(value: str | None, name: str) -> date | None:
    """Reads a day such as 2026-11-23; nothing for an empty one. Raises InvalidFields."""
    if not value or not value.strip():
        return None
    try:
        read = date.fromisoformat(value.strip())
    except ValueError:
        raise InvalidFields.at(name, "is not a day such as 2026-11-23") from None
    if not _FIRST <= read <= _LAST:
        raise InvalidFields.at(name, f"lies outside {_FIRST} to {_LAST}")
    return read
