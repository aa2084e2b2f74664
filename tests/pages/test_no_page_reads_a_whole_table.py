"""Pages stay fast however many cases there are: what they ask of the large tables is answered from an index."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from sqlalchemy import event

from domain.plan import Stage
from domain.statistics import Counted, Sorted
from tests.pages.making import MadeCase
from tests.pages.strict_client import Browser

LARGE = (
    "case", "task", "event", "document", "shipment", "submission", "case_entry", "case_fact", "case_part", "case_plan",
    "used_time", "customer", "customer_entry", "product", "product_entry",
)  # fmt: skip
"""Tables with a row for each case, task, customer or product."""
SMALL = ("ix_task_open", "ix_task_offered", "ix_task_escalated")
"""Indexes of open tasks alone: to read all of one is to read what is open."""
_SCAN = re.compile(rf'^SCAN "?({"|".join(LARGE)})"?(?: AS \w+)?(?: USING (?:COVERING )?INDEX (\w+))?$')
PAGES = (
    "/", "/?show=mine", "/?show=offered", "/?show=late", "/?show=today", "/?show=all&plan=rapid-response", "/?q=acme",
    "/cases", "/cases?q=acme+lathe", "/cases?q=5550+0101", "/cases?stage=resolve", "/cases?state=active",
    "/cases?overdue=true", "/cases/C-0000000001", "/tasks/C-0000000001.site_visit", "/tasks/C-0000000001.special_case",
    "/dispatch", "/dispatch?task=C-0000000001.site_visit", "/escalations", "/escalations?role=engineer&holder=wei",
    "/customers", "/customers?q=example", "/products", "/products?q=AX2-1", "/contracts", "/documents", "/plans",
    "/documents?q=example", "/engineers", "/users", "/actions", "/requests", "/knowledge", "/cases/new",
    *(f"/reports?of={of.value}&by={by.value}" for of in Counted for by in (Sorted.CATEGORY, Sorted.PART, Sorted.CAUSE)),
    "/audit", "/audit?since=2026-01-01&until=2026-12-31&late=yes", "/audit?result=resolved&special=yes",
    "/audit/samples", "/cases/C-0000000001/record",
    "/reports/cases?of=late&by=part&key=Seal", "/reports/cases?of=repeats&by=model", "/reports/issued",
)  # fmt: skip


@contextmanager
def _asked(app: FastAPI) -> Iterator[list[tuple[str, Any]]]:
    """Collects what is asked of the database meanwhile."""
    found: list[tuple[str, Any]] = []
    engines = app.state.parts.database.engines()

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            found.append((statement, parameters))

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield found
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def _whole(database: sqlite3.Connection, statement: str, parameters: Any) -> list[str]:
    """The steps of a statement's plan that read a large table from one end to the other."""
    steps = [str(row[3]) for row in database.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    in_order = " LIMIT " in statement and not any("TEMP B-TREE" in step for step in steps)
    found = [(step, _SCAN.match(step)) for step in steps]
    # an index that is walked in the order of the list ends with the page
    return [step for step, scan in found if scan and scan[2] not in SMALL and not (scan[2] and in_order)]


async def test_no_page_reads_all_cases_or_tasks(
    app: FastAPI,
    browse: Callable[[str], Awaitable[Browser]],
    made_case: Callable[..., MadeCase],
    project: Callable[[MadeCase], Awaitable[None]],
    tmp_path: Path,
) -> None:
    made = made_case(1)
    made.complete(made.offer("contact_customer", due_in=-5), {"reached": "yes", "attachments": []})
    made.change(stage=Stage.RESOLVE, work_order="RR-2026-000001", appointment=made.now + timedelta(hours=3))
    made.offer("site_visit", due_in=3)
    made.offer("special_case", due_in=9)
    await project(made)
    admin = await browse("admin")
    database = sqlite3.connect(tmp_path / "aftercare.db")
    whole: dict[str, list[str]] = {}
    for path in PAGES:
        with _asked(app) as asked:
            await admin.get(path)
        assert len(asked) > 3, path
        for statement, parameters in asked:
            if steps := _whole(database, statement, parameters):
                whole[f"{path}: {statement}"] = steps
    database.close()
    assert whole == {}


def test_a_scan_is_told_from_a_look_at_an_index(tmp_path: Path) -> None:
    database = sqlite3.connect(tmp_path / "any.db")
    database.execute('CREATE TABLE "case" (a, b)')
    database.execute('CREATE INDEX ix_a ON "case" (a)')
    assert _whole(database, 'SELECT b FROM "case" WHERE b = ?', (1,))
    assert _whole(database, 'SELECT count(*) FROM "case" GROUP BY a', ())
    assert not _whole(database, 'SELECT b FROM "case" WHERE a = ?', (1,))
    assert not _whole(database, 'SELECT b FROM "case" ORDER BY a LIMIT 5', ())
    database.close()
