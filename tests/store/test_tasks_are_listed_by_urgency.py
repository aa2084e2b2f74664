from __future__ import annotations

from datetime import timedelta

import pytest

from domain.case import TaskState, TaskStatus
from store.assignments import claim
from store.projection import write_projection
from store.queries.navigation import counts
from store.queries.paging import BadCursor
from store.queries.tasks import ShownState, find_task, list_tasks, tasks_of
from store.sessions import Database
from store.submissions import Submission, record_submission
from tests.store.making import CASE, NOW, RUN, minutes, number_of, task, whole

HOUR = timedelta(hours=1)


async def _put(database: Database, *tasks: TaskState, case: str = CASE) -> None:
    async with database.session() as session:
        await write_projection(session, RUN, NOW, whole(case_id=case, tasks=tasks))


def _due(key: str, hours: float | None, **changes: object) -> TaskState:
    due = NOW + hours * HOUR if hours is not None else None
    return task(key, **{"due_at": due, "first_due_at": due, **changes})


ENDED = {"status": TaskStatus.COMPLETED}


async def _fill(database: Database) -> None:
    await _put(
        database,
        _due("acceptance", 9),
        _due("follow_up", None, status=TaskStatus.CREATED),
        _due("site_visit", -1, status=TaskStatus.SUSPENDED),
        _due("contact_customer", -2),
        _due("settlement", 3, first_due_at=NOW - 5 * HOUR, breached_at=NOW - 5 * HOUR, escalation_level=1),
        _due("engineer_call", -9, **ENDED, ended_at=NOW - 9 * HOUR),
        _due("assign_engineer", -9, **ENDED, ended_at=NOW - 8 * HOUR),
        _due("remote_diagnosis", 1, role="engineer"),
    )


async def test_late_tasks_come_first_then_by_deadline_then_undated_then_ended_newest_first(database: Database) -> None:
    await _fill(database)
    async with database.reading() as session:
        items = (await list_tasks(session)).items
    assert [view.task.key for view in items] == [
        "settlement",
        "contact_customer",
        "site_visit",
        "remote_diagnosis",
        "acceptance",
        "follow_up",
        "assign_engineer",
        "engineer_call",
    ]
    assert [view.task.key for view in items if view.overdue(NOW)] == ["settlement", "contact_customer"]
    assert [view.late_by(NOW) for view in items[:2]] == [5 * HOUR, 2 * HOUR]


async def test_overdue_follows_the_clock_and_not_the_table(database: Database) -> None:
    await _put(database, _due("acceptance", 1))
    async with database.reading() as session:
        for now, late in ((NOW, False), (NOW + HOUR - minutes(1), False), (NOW + HOUR, True)):
            assert len((await list_tasks(session, overdue=True, now=now)).items) == late
            assert len((await list_tasks(session, overdue=False, now=now)).items) == (not late)
        with pytest.raises(ValueError, match="now"):
            await list_tasks(session, overdue=True)


async def test_pages_join_without_gap_or_repeat(database: Database) -> None:
    for number in range(7):
        await _put(database, _due("acceptance", 4), _due("settlement", 2), case=number_of(number))
    seen: list[str] = []
    cursor: str | None = None
    async with database.reading() as session:
        for _ in range(10):
            page = await list_tasks(session, cursor=cursor, limit=4)
            seen += [view.task_id for view in page.items]
            cursor = page.next
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == 14
        assert seen == [view.task_id for view in (await list_tasks(session)).items]


async def test_filters_narrow_the_list(database: Database) -> None:
    await _fill(database)
    async with database.session() as session:
        await claim(session, f"{CASE}.acceptance", user="wei", by="wei", at=NOW)

    async with database.reading() as session:

        async def keys(**filters: object) -> list[str]:
            page = await list_tasks(session, **filters)  # type: ignore[arg-type] # each filter has a type of its own
            return [view.task.key for view in page.items]

        assert await keys(roles=["engineer"]) == ["remote_diagnosis"]
        assert await keys(roles=[]) == []
        assert await keys(state=ShownState.RESERVED) == ["acceptance"]
        assert await keys(state=ShownState.CREATED) == ["follow_up"]
        assert await keys(state=ShownState.READY) == ["settlement", "contact_customer", "remote_diagnosis"]
        assert await keys(state=ShownState.SUSPENDED) == ["site_visit"]
        assert await keys(state=ShownState.COMPLETED) == ["assign_engineer", "engineer_call"]
        assert await keys(assignee="wei") == ["acceptance"]
        assert await keys(kind="settlement") == ["settlement"]
        assert await keys(case_id=number_of(5)) == []
        assert "acceptance" not in await keys(unassigned=True, open_only=True)
        assert len(await keys(open_only=True)) == 6


@pytest.mark.parametrize(
    "cursor", ["x", "====", "W10", "bm9wZQ", "WyJjYXNlcyIsMSwiYSJd", "é", "A" * 1000, "WyJ0YXNrcyIsdHJ1ZSwiYSJd"]
)
async def test_a_cursor_that_no_list_gave_out_is_refused(database: Database, cursor: str) -> None:
    async with database.reading() as session:
        with pytest.raises(BadCursor):
            await list_tasks(session, cursor=cursor)


async def test_a_case_shows_its_tasks_in_the_order_they_came_up(database: Database) -> None:
    await _fill(database)
    async with database.reading() as session:
        assert [view.task.key for view in await tasks_of(session, CASE)][:3] == [
            "acceptance",
            "follow_up",
            "site_visit",
        ]


async def test_what_was_sent_in_shows_until_the_case_moves_on(database: Database) -> None:
    await _put(database, task())
    sent = Submission("s-1", f"{CASE}.contact_customer", RUN, "contact_customer", "wei", NOW, "digest")
    async with database.session() as session:
        await record_submission(session, sent)
    async with database.reading() as session:
        view = await find_task(session, sent.task_id)
    assert view
    assert view.submitted_at == NOW
    async with database.session() as session:
        again = whole(2, tasks=(task(activity_id="contact_customer~2"),))
        await write_projection(session, RUN, NOW, again)
    async with database.reading() as session:
        view = await find_task(session, sent.task_id)
    assert view
    assert view.submitted_at is None


async def test_what_was_sent_in_to_an_earlier_run_does_not_show(database: Database) -> None:
    await _put(database, task())
    sent = Submission("s-1", f"{CASE}.contact_customer", RUN, "contact_customer", "wei", NOW, "digest")
    async with database.session() as session:
        await record_submission(session, sent)
        await write_projection(session, "run-2", NOW + timedelta(hours=1), whole(1, tasks=(task(),)))
    async with database.reading() as session:
        view = await find_task(session, sent.task_id)
    assert view
    assert (view.case.run_id, view.submitted_at) == ("run-2", None)


async def test_the_menu_counts_what_waits(database: Database) -> None:
    await _fill(database)
    await _put(database, _due("special_case", 5, role="general_manager"), case=number_of(2))
    async with database.session() as session:
        await claim(session, f"{CASE}.settlement", user="wei", by="wei", at=NOW)
    async with database.reading() as session:
        seen = await counts(session, user="wei", roles=["customer_service"], now=NOW)
    assert (seen.mine, seen.offered, seen.overdue) == (1, 4, 2)
    assert (seen.escalated, seen.special_cases, seen.open_cases) == (1, 1, 2)
