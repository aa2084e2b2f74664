"""The Pareto report of cases: rows for programs, a table for spreadsheets, a picture (Q8)."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date
from html import escape

from pydantic import BaseModel

from api.parts import Parts
from api.problems import InvalidFields
from domain.case import FaultCategory
from domain.statistics import Counted, ParetoRow, Sorted, evidence, pareto
from domain.tasks import Choice
from domain.tasks.feedback import Subject
from store.queries.statistics import count_cases

_FIRST, _LAST = date(1950, 1, 1), date(9000, 1, 1)
_MOST_BARS = 20
_LEFT, _BAR, _GAP, _WIDE = 190, 18, 8, 420
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TITLES: Mapping[Sorted, type[Choice]] = {Sorted.CATEGORY: FaultCategory, Sorted.SUBJECT: Subject}


class Pareto(BaseModel):
    """Cases counted by one of their properties, the largest share first. There are few rows, so `next` is empty."""

    of: Counted
    by: Sorted
    first: date | None = None
    last: date | None = None
    plan: str | None = None
    total: int
    items: list[ParetoRow]
    next: None = None

    def title_of(self, key: str) -> str:
        """A key in the words of people."""
        if not key:
            return "not said"
        title = next((one.title_text for one in _TITLES.get(self.by, ()) if one.value == key), "")
        return title or (key if self.by in (Sorted.MODEL, Sorted.REGION) else key.replace("_", " "))

    @property
    def title(self) -> str:
        """What the report shows, as a heading."""
        return f"{self.of.title_text} by {self.by.title_text.lower()}"


async def pareto_report(
    parts: Parts,
    *,
    of: Counted = Counted.CASES,
    by: Sorted = Sorted.CATEGORY,
    first: date | None = None,
    last: date | None = None,
    plan: str | None = None,
    zone: str = "UTC",
) -> Pareto:
    """Counts cases opened from `first` to `last`, days of `zone`. Raises InvalidFields for days in the wrong order."""
    if first is not None and last is not None and last < first:
        raise InvalidFields.at("to", "is before the first day")
    async with parts.database.reading() as session:
        counts = await count_cases(session, by, having=evidence(of), plan=plan, begins=first, ends=last, zone=zone)
    rows = pareto(counts)
    return Pareto(
        of=of, by=by, first=first, last=last, plan=plan, total=sum(row.count for row in rows), items=list(rows)
    )


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


def as_csv(report: Pareto) -> str:
    """The rows as a table for spreadsheets; a text that a spreadsheet would run as a formula is quoted."""
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(("key", "title", "count", "share", "cumulative"))
    for row in report.items:
        texts = (f"'{text}" if text.startswith(_FORMULA) else text for text in (row.key, report.title_of(row.key)))
        table.writerow((*texts, row.count, row.share, row.cumulative))
    return out.getvalue()


def as_svg(report: Pareto) -> str:
    """The picture: a bar for each row with its count, a line for the cumulative share; no styles, no scripts."""
    rows = report.items[:_MOST_BARS]
    step, most = _BAR + _GAP, max((row.count for row in rows), default=1)
    height = 46 + step * max(len(rows), 1) + 22
    left_out = len(report.items) - len(rows)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDE + 70} {height}" role="img" '
            f'aria-label="{escape(_words(report))}" font-family="sans-serif" font-size="13" fill="currentColor">'
        ),
        f'<text x="0" y="18" font-size="15" font-weight="bold">{escape(report.title)}</text>',
    ]
    for place, row in enumerate(rows):
        y = 36 + step * place
        title = report.title_of(row.key)
        short = title if len(title) <= 24 else f"{title[:23]}…"
        parts += [
            f'<text x="{_LEFT - 8}" y="{y + 13}" text-anchor="end">{escape(short)}</text>',
            (
                f'<rect x="{_LEFT}" y="{y}" width="{max(1, round(_WIDE * row.count / most))}" height="{_BAR}" '
                f'fill="#4f7fb8" fill-opacity="0.55"/>'
            ),
            f'<text x="{_LEFT + 6}" y="{y + 13}">{row.count}</text>',
            f'<text x="{_LEFT + _WIDE + 14}" y="{y + 13}">{row.cumulative:.0%}</text>',
        ]
    if rows:
        line = " ".join(
            f"{_LEFT + round(_WIDE * row.cumulative)},{36 + step * place + _BAR // 2}" for place, row in enumerate(rows)
        )
        parts.append(f'<polyline points="{line}" fill="none" stroke="#b5532a" stroke-width="2"/>')
    below = f"{left_out} more are in the table" if left_out else f"{report.total} in all; the line is the share so far"
    parts.append(f'<text x="{_LEFT}" y="{height - 8}">{escape(below)}</text></svg>')
    return "\n".join(parts)


def _words(report: Pareto) -> str:
    told = ", ".join(f"{report.title_of(row.key)} {row.count}" for row in report.items[:_MOST_BARS])
    return f"{report.title}: {told or 'none'}"
