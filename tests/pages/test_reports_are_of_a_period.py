"""A report that names no day is of the last month; an empty first day means all time (Q8)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from api.languages import reading
from api.pages.report_words import told_words
from domain.statistics.told import ToldReport, ToldTable
from tests.pages.making import MadeCase
from tests.pages.strict_client import Browser, Page

Browse = Callable[[str], Awaitable[Browser]]


def rows(page: Page) -> set[str]:
    """The rows of the table that lead to their cases."""
    return {link for link in page.links if link.startswith("/reports/cases?") and "key=" in link}


async def test_who_names_no_day_sees_the_last_month_and_can_ask_for_all(
    browse: Browse, made_case: Callable[..., MadeCase], project: Callable[[MadeCase], Awaitable[None]]
) -> None:
    old = made_case()
    long_ago = old.now - timedelta(days=40)
    old.change(opened_at=long_ago, applied_at=long_ago)
    await project(old)
    lin = await browse("lin")
    assert rows(await lin.get("/reports")) == set()
    assert len(rows(await lin.get("/reports?from=&to="))) == 1
    assert len(rows(await lin.get(f"/reports?from={long_ago.date() - timedelta(days=1)}"))) == 1


@pytest.mark.parametrize(("code", "heading"), [("en", "4.50 of 5"), ("it", "4,50 su 5"), ("zh-CN", "4.50")])
def test_figures_in_headings_are_written_as_the_reader_writes_them(code: str, heading: str) -> None:
    one = ToldTable(title="Satisfaction: 4.50 of 5, from 2 customers", definition="", head=(), rows=(), empty="")
    report = ToldReport(
        title="", period="", empty=None, counted=one, sections=(), deadlines=one, satisfaction=one, used=one
    )
    with reading(code):
        assert heading in told_words(report, None, None).satisfaction.title
