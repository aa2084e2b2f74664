"""Counts and figures of a period, on both databases."""

from __future__ import annotations

from datetime import date, timedelta

from domain.case import Projection, TaskStatus
from domain.statistics import Counted, Sorted
from store.projection import write_projection
from store.queries.reports import period_report
from store.queries.statistics import Period, case_facts
from store.sessions import Database
from tests.store.making import NOW, application, case, number_of, task


async def _a_case(database: Database, number: int, days_ago: int, *outcomes: tuple[str, dict[str, str]]) -> None:
    state = case(number_of(number), opened_at=NOW - timedelta(days=days_ago), application=application(region="浙江"))
    tasks = tuple(
        task(key, kind=key, status=TaskStatus.COMPLETED, outcome=outcome, escalation_level=level)
        for level, (key, outcome) in enumerate(outcomes)
    )
    write = Projection(case=state, revision=1, whole=True, tasks=tasks, events=())
    async with database.session() as session:
        await write_projection(session, "run-1", NOW, write)


async def test_a_period_is_counted_whole(database: Database) -> None:
    await _a_case(database, 1, 100, ("site_repair", {"work_done": "Ground"}))
    await _a_case(database, 2, 30, ("hand_over", {"result": "taken_back"}), ("site_repair", {"work_done": "Ground"}))
    await _a_case(database, 3, 1, ("receive_item", {"result": "lost"}))
    async with database.reading() as session:
        report = await period_report(session, Period(), NOW)
        month = await period_report(session, Period(first=NOW.date() - timedelta(days=40)), NOW)
        empty = await period_report(session, Period(last=date(2020, 1, 1)), NOW)
    assert report.counted[Counted.CASES] == report.cases == 3
    assert (report.counted[Counted.REPAIRS], report.counted[Counted.RETURNS]) == (2, 1)
    assert report.counted[Counted.REPEATS] == 2, "each came back within ninety days of the one before"
    assert [(row.key, row.count) for row in report.sections[3].rows] == [("浙江", 2)]
    assert (month.cases, month.counted[Counted.REPEATS]) == (2, 2)
    assert (report.deadlines.kept, report.deadlines.late) == (3, 1)
    assert (empty.cases, empty.deadlines.share_kept, empty.used) == (0, None, ())


async def test_every_question_can_be_asked(database: Database) -> None:
    await _a_case(database, 1, 0, ("warranty_card_entry", {"operations": "Ground", "parts_used": "Blade"}))
    async with database.reading() as session:
        for of in Counted:
            for by in Sorted:
                (only,) = await case_facts(session, Period(), {of}, {by}, NOW)
                assert only.keys(by)
