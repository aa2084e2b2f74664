from __future__ import annotations

from datetime import timedelta

import pytest

from domain.case import CaseStatus, TaskStatus
from domain.plan import Stage
from store.projection import write_projection
from store.queries.cases import case_exists, find_case, linked_cases, list_cases
from store.queries.paging import BadCursor
from store.sessions import Database
from tests.store.making import NOW, RUN, application, minutes, number_of, task, whole


async def _put(database: Database, number: int, **changes: object) -> None:
    tasks = changes.pop("tasks", ())
    async with database.session() as session:
        write = whole(case_id=number_of(number), opened_at=NOW + minutes(number // 2), tasks=tasks, **changes)  # type: ignore[arg-type]
        await write_projection(session, RUN, NOW, write)


async def _found(database: Database, **filters: object) -> list[str]:
    async with database.reading() as session:
        page = await list_cases(session, **filters)  # type: ignore[arg-type] # each filter has a type of its own
    return [summary.case_id for summary in page.items]


async def test_the_newest_come_first_and_pages_join(database: Database) -> None:
    for number in range(7):
        await _put(database, number)
    expected = [number_of(number) for number in reversed(range(7))]
    assert await _found(database) == expected
    seen: list[str] = []
    cursor: str | None = None
    async with database.reading() as session:
        for _ in range(4):
            page = await list_cases(session, cursor=cursor, limit=2)
            seen, cursor = seen + [summary.case_id for summary in page.items], page.next
        assert (seen, cursor) == (expected, None)
        with pytest.raises(BadCursor):
            await list_cases(session, cursor="WyJ0YXNrcyIsMSwiYSJd")


async def test_every_word_of_a_search_must_occur(database: Database) -> None:
    await _put(database, 1, work_order="RR-2026-000418")
    await _put(database, 2, application=application(name="上海机械有限公司", contact_name="Wang"))
    first, second = [number_of(1)], [number_of(2)]
    assert await _found(database, q="acme LATHE") == first
    assert await _found(database, q="acme wang") == []
    assert await _found(database, q="rr-2026-000418") == first
    assert await _found(database, q="机械") == second
    assert await _found(database, q="ｗａｎｇ") == second
    assert await _found(database, q="862155550101 acme") == first
    assert await _found(database, q="  ") == second + first


@pytest.mark.parametrize(
    "query", ["%", "_", "\\", "'", '"; DROP TABLE "case"; --', "\0", "\ud800", "x" * 5000, "% _ \\"]
)
async def test_nothing_that_is_typed_has_a_meaning_of_its_own(database: Database, query: str) -> None:
    plain = application().model_dump() | {"product": {"model": "Press", "serial_number": "1"}}
    await _put(database, 1, application=plain)
    await _put(database, 2)
    found = await _found(database, q=query)
    assert number_of(1) not in found or not query.strip("\0\ud800")


async def test_a_percent_sign_finds_a_percent_sign(database: Database) -> None:
    await _put(database, 2)
    assert await _found(database, q="100%_1") == [number_of(2)]
    assert await _found(database, q="100__1") == []


async def test_filters_narrow_the_list(database: Database) -> None:
    late = task(due_at=NOW - timedelta(hours=1), first_due_at=NOW - timedelta(hours=1))
    await _put(database, 1, stage=Stage.ARCHIVE, status=CaseStatus.CLOSED, result="resolved", closed_at=NOW)
    await _put(database, 2, tasks=(late,))
    await _put(database, 3, tasks=(task(),), special_case_open=True)
    assert await _found(database, stage=Stage.ARCHIVE) == [number_of(1)]
    assert await _found(database, status=CaseStatus.ACTIVE) == [number_of(3), number_of(2)]
    assert await _found(database, overdue=True, now=NOW) == [number_of(2)]
    assert await _found(database, overdue=False, now=NOW) == [number_of(3), number_of(1)]
    assert await _found(database, overdue=True, now=NOW + timedelta(days=1)) == [number_of(3), number_of(2)]
    assert await _found(database, special=True) == [number_of(3)]
    assert await _found(database, plan="rapid-response", stage=Stage.SETTLE) == []
    assert await _found(database, plan="other") == []


async def test_a_case_is_no_longer_late_when_its_late_task_ends(database: Database) -> None:
    late = task(due_at=NOW - timedelta(hours=1))
    await _put(database, 1, tasks=(late,))
    async with database.session() as session:
        done = late.model_copy(update={"status": TaskStatus.COMPLETED, "ended_at": NOW})
        write = whole(2, case_id=number_of(1), tasks=(done,)).model_copy(update={"whole": False})
        await write_projection(session, RUN, NOW, write)
    assert await _found(database, overdue=True, now=NOW) == []


async def test_reopened_cases_are_linked_both_ways(database: Database) -> None:
    await _put(database, 1)
    await _put(database, 2, reopened_from=number_of(1))
    async with database.reading() as session:
        before = await linked_cases(session, number_of(1), None)
        after = await linked_cases(session, number_of(2), number_of(1))
        assert [summary.case_id for summary in before.reopened_into] == [number_of(2)]
        assert before.reopened_from is None
        assert after.reopened_from
        assert after.reopened_from.case_id == number_of(1)
        assert after.reopened_into == ()


async def test_an_unknown_case_is_none(database: Database) -> None:
    async with database.reading() as session:
        assert await find_case(session, number_of(9)) is None
        assert not await case_exists(session, number_of(9))
