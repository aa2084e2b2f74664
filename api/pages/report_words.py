"""Reports in the reader's language: headings, periods, rows, and tables of figures."""

from __future__ import annotations

import re
from datetime import date

from api.pages.languages import _, ngettext, say
from api.pages.times import date_words
from api.pages.words import mean, percent, role_of
from core.reporting.chart import MOST_BARS as MOST_ROWS
from domain.statistics import Counted, Sorted
from domain.statistics.report import Section
from domain.statistics.told import Names, ToldReport, ToldSection, ToldTable, key_title, told_section

_SHARE = re.compile(r"([\d.]+)%")
_MEAN = re.compile(r"(?<![\d.])\d\.\d\d(?![\d.])")
"""How satisfied customers are, on a scale to 5."""
_AS_WRITTEN = frozenset({Sorted.MODEL, Sorted.REGION, Sorted.PART, Sorted.CAUSE})
"""Keys that people typed, which nobody translates."""


def section_words(of: Counted, by: Sorted) -> str:
    """The heading of a diagram: "Repairs by model"."""
    return _("%(what)s by %(by)s", what=say(of.title_text), by=say(by.title_text).lower())


def period_words(first: date | None, last: date | None) -> str:
    """A period as people say it."""
    if first is None:
        return _("opened until %(day)s", day=date_words(last)) if last else _("so far")
    if last is None:
        return _("opened since %(day)s", day=date_words(first))
    return _("opened from %(first)s to %(last)s", first=date_words(first), last=date_words(last))


def row_words(by: Sorted, key: str, names: Names) -> str:
    """A row's key in the words of people."""
    title = key_title(by, key, names)
    return title if key and by in _AS_WRITTEN else say(title)


def roles_words(roles: tuple[str, ...], names: Names, plan: str | None) -> str:
    """Departments, one after the other."""
    return ", ".join(role_of(names, role, plan) for role in roles)


def drawn_words(section: Section, names: Names, first: date | None, last: date | None) -> ToldSection:
    """A diagram in the reader's language; what it leaves out of the table it says below."""
    told = told_section(section, names, "")
    period, more = period_words(first, last), len(section.rows) - MOST_ROWS
    below = _("%(cases)s in all, %(period)s; the line is the share so far", cases=section.cases, period=period)
    if not section.rows:
        below = _("Nothing to count among the cases %(period)s.", period=period)
    elif more > 0:
        below += "; " + ngettext("%(num)s more row is in the table", "%(num)s more rows are in the table", more)
    rows = zip(section.rows, told.rows, strict=True)
    return told.model_copy(
        update={
            "title": section_words(section.of, section.by),
            "below": below,
            "rows": tuple(one.model_copy(update={"title": row_words(section.by, row.key, names)}) for row, one in rows),
        }
    )


def told_words(told: ToldReport, first: date | None, last: date | None) -> ToldReport:
    """All figures in the reader's language."""
    nothing = _("There is no case %(period)s.", period=period_words(first, last)) if told.empty else None
    return told.model_copy(
        update={
            "empty": nothing,
            "counted": _table(told.counted),
            "satisfaction": _table(told.satisfaction),
            "deadlines": _table(told.deadlines),
            "used": _table(told.used),
        }
    )


def _table(table: ToldTable) -> ToldTable:
    return ToldTable(
        title=_figures(say(table.title)),
        definition=say(table.definition),
        head=tuple(say(cell) for cell in table.head),
        rows=tuple(tuple(_cell(cell) for cell in row) for row in table.rows),
        empty=say(table.empty),
    )


def _figures(text: str) -> str:
    """Shares and means in a text as the reader writes them."""
    told = _SHARE.sub(lambda found: percent(float(found[1]) / 100), text)
    return _MEAN.sub(lambda found: mean(float(found[0])), told)


def _cell(text: str) -> str:
    """A cell: a share as the reader writes it, or a text."""
    share = _SHARE.fullmatch(text)
    return percent(float(share[1]) / 100) if share else say(text)
