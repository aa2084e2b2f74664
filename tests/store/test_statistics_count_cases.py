"""Counts and figures of a period, on both databases."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from domain.case import Done, Projection, TaskState, TaskStatus
from domain.statistics import Counted, Sorted
from domain.statistics.report import PeriodReport
from store.projection import write_projection
from store.queries.reports import period_report
from store.queries.statistics import Period, counted_cases, counted_section
from store.sessions import Database
from tests.store.making import NOW, WEI, application, case, number_of, task


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
                section = await counted_section(session, Period(), of, by, NOW)
                behind = await counted_cases(session, Period(), of, by, None, NOW)
                assert section.cases == len(behind.items)
                for row in section.rows:
                    named = await counted_cases(session, Period(), of, by, row.key, NOW)
                    assert len(named.items) == row.count


async def _later(database: Database, number: int, revision: int, *tasks: TaskState, **changes: object) -> None:
    """Writes what changed of a case that `_a_case` opened on the day."""
    state = case(number_of(number), opened_at=NOW, application=application(region="浙江"), **changes)
    write = Projection(case=state, revision=revision, whole=False, tasks=tasks, events=())
    async with database.session() as session:
        await write_projection(session, "run-1", NOW, write)


async def _report(database: Database, now: datetime = NOW, plan: str | None = None) -> PeriodReport:
    async with database.reading() as session:
        return await period_report(session, Period(plan=plan), now)


async def _rows(database: Database, of: Counted, by: Sorted) -> dict[str, int]:
    async with database.reading() as session:
        return {row.key: row.count for row in (await counted_section(session, Period(), of, by, NOW)).rows}


async def test_what_a_later_step_tells_counts_and_what_was_told_before_stays(database: Database) -> None:
    await _a_case(database, 1, 0)
    assert await _rows(database, Counted.REPAIRS, Sorted.CATEGORY) == {}
    repair = task("site_repair", kind="site_repair", status=TaskStatus.COMPLETED, outcome={"work_done": "Ground"})
    await _later(database, 1, 2, repair)
    await _later(database, 1, 3, task("follow_up", kind="follow_up"), resolution="on_site")
    assert await _rows(database, Counted.REPAIRS, Sorted.RESOLUTION) == {"on_site": 1}
    answer = {"reached": True, "satisfaction": 4}
    await _later(database, 1, 4, task("follow_up", kind="follow_up", status=TaskStatus.COMPLETED, outcome=answer))
    report = await _report(database)
    assert (report.satisfaction.asked, report.satisfaction.mean) == (1, 4.0)
    assert report.counted[Counted.REPAIRS] == 1


async def test_parts_are_those_of_the_cost_lines_as_they_stand(database: Database) -> None:
    def line(text: str) -> dict[str, str]:
        return {"kind": "parts", "text": text, "amount": "5.00", "payer": "customer"}

    await _a_case(database, 1, 0)
    await _a_case(database, 2, 0)
    await _later(database, 1, 2, costs=(line("Bearing 6204, 2 pieces"), line("Seal")))
    assert await _rows(database, Counted.CASES, Sorted.PART) == {"Bearing 6204": 1, "Seal": 1, "": 1}
    await _later(database, 1, 3, costs=(line("Seal"),))
    assert await _rows(database, Counted.CASES, Sorted.PART) == {"Seal": 1, "": 1}


async def test_an_open_step_is_late_by_the_clock_and_an_ended_one_by_what_happened(database: Database) -> None:
    await _a_case(database, 1, 0)
    await _later(database, 1, 2, task())
    before, after = await _report(database), await _report(database, NOW + timedelta(hours=13))
    assert (before.counted[Counted.LATE], before.deadlines.late) == (0, 0)
    assert (after.counted[Counted.LATE], after.deadlines.late) == (1, 1)
    assert (await _report(database, NOW + timedelta(hours=13), plan="another")).deadlines.late == 0
    await _later(database, 1, 3, task(escalation_level=1, breached_at=NOW + timedelta(hours=12)))
    assert (await _report(database)).counted[Counted.LATE] == 1, "it was missed, whatever the clock says"
    done = Done(
        by=WEI, happened_at=NOW, entered_at=NOW, on_behalf_of=None, submission_id="s", kept=True, late_entry=True
    )
    ended = task(escalation_level=1, status=TaskStatus.COMPLETED, outcome={}, done=done, ended_at=NOW)
    await _later(database, 1, 4, ended)
    report = await _report(database, NOW + timedelta(days=9))
    assert (report.counted[Counted.LATE], report.deadlines.late, report.deadlines.kept) == (0, 0, 1)
