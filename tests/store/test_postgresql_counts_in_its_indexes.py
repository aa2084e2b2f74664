"""PostgreSQL counts what reports ask for in an index: otherwise a report of a hundred thousand cases takes seconds."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import event, text

from store.queries.statistics import Period, deadline_figures
from store.sessions import Database
from tests.store.making import NOW


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_steps_that_were_kept_and_that_were_late_are_counted_in_one_index(database: Database) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    async with database.reading() as session:
        await session.execute(text("SET LOCAL enable_seqscan = off"))  # with no rows it would read the whole table
        event.listen(database.engines()[0], "before_cursor_execute", note)
        await deadline_figures(session, Period(first=NOW.date()), NOW)
        statement, parameters = next(one for one in asked if "each_step" in one[0])
        explained = await (await session.connection()).exec_driver_sql(f"EXPLAIN {statement}", parameters)
        steps = [str(row[0]) for row in explained]
    found = [step for step in steps if "Index Cond:" in step and "kept = " in step]
    assert ["kept = true" in step for step in found] == [True, False], "\n".join(steps)
