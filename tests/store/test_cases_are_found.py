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


async def test_a_case_that_a_reset_opened_anew_is_found_once_at_its_new_place(database: Database) -> None:
    await _put(database, 1)
    await _put(database, 2)
    assert await _found(database, q="acme") == [number_of(2), number_of(1)]
    anew = whole(case_id=number_of(1), opened_at=NOW + minutes(9), application=application(contact_name="Wang"))
    async with database.session() as session:
        await write_projection(session, "the-run-after-the-reset", NOW + minutes(9), anew)
    assert await _found(database, q="acme") == [number_of(1), number_of(2)]
    assert await _found(database, q="wang") == [number_of(1)]


@pytest.mark.parametrize(
    "query", ["%", "_", "\\", "'", '"; DROP TABLE "case"; --', "\0", "\ud800", "x" * 5000, "% _ \\"]
)
async def test_nothing_that_is_typed_has_a_meaning_of_its_own(database: Database, query: str) -> None:
    plain = application().model_dump() | {"product": {"model": "Press", "serial_number": "1"}}
    await _put(database, 1, application=plain)
    await _put(database, 2)
    found = await _found(database, q=query)
    assert number_of(1) not in found or not query.strip("\0\ud800")


@pytest.mark.parametrize(
    "query",
    [
        "+86 21 5555-0101",
        "862155550101",
        "0086 (21) 5555 0101",
        "021-5555 0101",
        "55550101",
        "5555 0101",
        "0101",
        "＋８６２１５５５５０１０１",
    ],
)
async def test_a_telephone_is_found_in_any_spelling(database: Database, query: str) -> None:
    await _put(database, 1, application=application(phone="+86 21 5555-0101"))
    await _put(database, 2, application=application(phone="+39 02 7654 3210"))
    assert await _found(database, q=query) == [number_of(1)]


@pytest.mark.parametrize(
    "query",
    [
        "AX2-00417-B",
        "ax2-00417",
        "00417-b",
        "417b",
        "0417B",
        "RR-2026-000418",
        "000418",
        "418",
        "2026 000418",
        "C-0000000001",
    ],
)
async def test_serials_and_numbers_are_found_whole_or_by_their_end(database: Database, query: str) -> None:
    asked = application().model_dump() | {"product": {"model": "Press", "serial_number": "AX2-00417-B"}}
    await _put(database, 1, application=asked, work_order="RR-2026-000418")
    other = application().model_dump() | {"product": {"model": "Press", "serial_number": "ZZ-9"}}
    await _put(database, 12, application=other, work_order="RR-2025-009999")
    assert await _found(database, q=query) == [number_of(1)]


async def test_the_problem_is_found_in_chinese_and_by_the_beginning_of_a_word(database: Database) -> None:
    asked = application().model_dump()
    chinese = asked | {"problem": {"category": "noise", "description": "主轴异响，加工时有震动"}}
    await _put(database, 1, application=chinese)
    await _put(database, 2, application=asked | {"problem": {"category": "leak", "description": "Perché perde olio"}})
    assert await _found(database, q="异响") == [number_of(1)]
    assert await _found(database, q="响异") == []
    assert await _found(database, q="主轴 震动") == [number_of(1)]
    assert await _found(database, q="perche") == [number_of(2)]
    assert await _found(database, q="perd ol") == []
    assert await _found(database, q="perd oli") == [number_of(2)]


async def test_a_search_goes_on_where_it_stopped_and_takes_filters(database: Database) -> None:
    for number in range(7):
        stage = Stage.RESOLVE if number % 2 else Stage.REGISTER
        await _put(database, number, stage=stage, work_order=f"RR-2026-00000{number}")
    seen: list[str] = []
    cursor: str | None = None
    async with database.reading() as session:
        for _ in range(4):
            page = await list_cases(session, q="acme", cursor=cursor, limit=2)
            seen, cursor = seen + [summary.case_id for summary in page.items], page.next
        assert (sorted(seen), cursor) == ([number_of(number) for number in range(7)], None)
        with pytest.raises(BadCursor):
            await list_cases(session, q="acme", cursor="WyJjYXNlcyIsMSwiYSJd")
    assert await _found(database, q="acme", stage=Stage.RESOLVE) == [number_of(number) for number in (5, 3, 1)]
    assert await _found(database, q="acme", region="Shanghai", plan="rapid-response", stage=Stage.SETTLE) == []


async def test_what_changes_on_the_way_is_found_by_its_new_words_alone(database: Database) -> None:
    await _put(database, 1, application=application(name="Harrow Tools"))
    async with database.session() as session:
        renamed = application(name="Barrow Works")
        write = whole(2, case_id=number_of(1), application=renamed, serial_found="NEW-88002")
        await write_projection(session, RUN, NOW, write.model_copy(update={"whole": False}))
    assert await _found(database, q="barrow NEW-88002") == [number_of(1)]
    assert await _found(database, q="harrow") == []


async def test_signs_without_a_word_find_nothing(database: Database) -> None:
    await _put(database, 2)
    assert await _found(database, q="SN-100%_1") == [number_of(2)]
    assert await _found(database, q="%") == []


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
