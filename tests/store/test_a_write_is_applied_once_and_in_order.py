from __future__ import annotations

from datetime import datetime

import pytest

from domain.case import CaseStatus, Document, Projection, TaskStatus
from store.projection import project
from store.queries.cases import CaseView, find_case
from store.queries.documents import documents_of, find_document
from store.queries.events import all_events
from store.sessions import Database
from tests.store.making import CASE, NOW, RUN, minutes, part, record, task, whole


async def _write(database: Database, write: Projection, run_id: str = RUN, at: datetime = NOW) -> bool:
    """Returns whether the whole case was asked for."""
    return (await project(database, run_id, at, write)).send_whole


async def _read(database: Database) -> CaseView:
    async with database.reading() as session:
        view = await find_case(session, CASE)
    assert view
    return view


async def _numbers(database: Database) -> list[int]:
    async with database.reading() as session:
        return [event.no for event in await all_events(session, CASE)]


async def test_the_first_write_makes_the_case(database: Database) -> None:
    assert await _write(database, whole(tasks=(task(),), events=2)) is False
    view = await _read(database)
    assert view.state == whole().case
    assert [shown.task for shown in view.tasks] == [task()]
    assert await _numbers(database) == [1, 2]


async def test_revision_one_is_whole_even_if_it_does_not_say_so(database: Database) -> None:
    assert await _write(database, part(1, events=(0, 1))) is False
    assert await _numbers(database) == [1]


async def test_a_part_of_an_unknown_case_asks_for_the_whole_and_writes_nothing(database: Database) -> None:
    assert await _write(database, part(5)) is True
    async with database.reading() as session:
        assert await find_case(session, CASE) is None


async def test_a_part_adds_to_what_is_there(database: Database) -> None:
    await _write(database, whole(tasks=(task(), task("acceptance")), events=2))
    done = task(status=TaskStatus.COMPLETED, ended_at=NOW)
    await _write(database, part(2, tasks=(done, task("follow_up")), events=(2, 4), work_order="RR-2026-000001"))
    view = await _read(database)
    assert [shown.task.key for shown in view.tasks] == ["contact_customer", "acceptance", "follow_up"]
    assert [shown.task.status for shown in view.tasks] == [TaskStatus.COMPLETED, TaskStatus.READY, TaskStatus.READY]
    assert (view.revision, view.state.work_order, view.summary.work_order) == (2, "RR-2026-000001", "RR-2026-000001")
    assert await _numbers(database) == [1, 2, 3, 4]


async def test_the_same_write_twice_is_one(database: Database) -> None:
    await _write(database, whole(tasks=(task(),)))
    second = part(2, tasks=(task("acceptance"),), events=(1, 2))
    assert await _write(database, second) is False
    before = await _read(database)
    assert await _write(database, second) is False
    assert await _read(database) == before
    assert await _numbers(database) == [1, 2]


async def test_an_older_write_that_comes_late_changes_nothing(database: Database) -> None:
    await _write(database, whole())
    await _write(database, part(2, status=CaseStatus.SUSPENDED))
    assert await _write(database, whole(1)) is False
    assert (await _read(database)).state.status is CaseStatus.SUSPENDED


async def test_a_part_after_a_gap_asks_for_the_whole(database: Database) -> None:
    await _write(database, whole())
    assert await _write(database, part(3, events=(2, 3))) is True
    assert await _numbers(database) == [1]
    assert await _write(database, whole(4, events=3), at=NOW + minutes(1)) is False
    assert await _numbers(database) == [1, 2, 3]


async def test_a_write_that_fails_half_way_leaves_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await _write(database, whole(tasks=(task(),)))

    def broken(*_: object) -> None:
        raise ConnectionError("away")

    with monkeypatch.context() as broken_off:
        broken_off.setattr("store.projection._insert_missing", broken)
        with pytest.raises(ConnectionError):
            await _write(database, part(2, tasks=(task("acceptance"),), status=CaseStatus.SUSPENDED))
    view = await _read(database)
    assert (view.revision, view.state.status, len(view.tasks)) == (1, CaseStatus.ACTIVE, 1)


async def test_documents_of_a_case_are_found_by_their_own_name(database: Database) -> None:
    paper = Document(
        document_id="D-1",
        kind="archive_index",
        language="en",
        version=1,
        file="F-1",
        sha256="a" * 64,
        size=12,
        issued_at=NOW,
        record_no=7,
        record_hash="b" * 64,
        remarks=("Not on record: Phone",),
    )
    await _write(database, whole(documents=(paper,)))
    await _write(database, part(2, documents=(paper, paper.model_copy(update={"document_id": "D-2", "version": 2}))))
    async with database.reading() as session:
        assert [document.version for document in await documents_of(session, CASE)] == [1, 2]
        assert await find_document(session, "D-1") == (CASE, paper)
        assert await find_document(session, "D-9") is None


async def test_a_reset_run_needs_the_whole_case_and_replaces_what_the_earlier_one_wrote(database: Database) -> None:
    await _write(database, whole(tasks=(task(), task("acceptance")), events=3))
    await _write(database, part(2, events=(3, 5)))
    later = NOW + minutes(5)
    assert await _write(database, part(2, events=(1, 2)), "run-2", later) is True
    assert await _numbers(database) == [1, 2, 3, 4, 5]
    assert await _write(database, whole(3, tasks=(task(),), events=2), "run-2", later) is False
    view = await _read(database)
    assert [shown.task.key for shown in view.tasks] == ["contact_customer"]
    assert view.revision == 3
    assert await _numbers(database) == [1, 2]


async def test_a_late_write_of_the_run_before_a_reset_is_ignored(database: Database) -> None:
    await _write(database, whole(2, events=1), "run-2", NOW + minutes(5))
    assert await _write(database, whole(9, events=4), RUN, NOW) is False
    assert await _write(database, part(10, events=(4, 5)), RUN, NOW + minutes(5)) is False
    assert (await _read(database)).revision == 2
    assert await _numbers(database) == [1]


async def test_the_whole_case_sent_again_in_one_run_replaces_everything(database: Database) -> None:
    await _write(database, whole(tasks=(task("acceptance"),), events=2))
    await _write(database, whole(2, tasks=(task(),), events=3), at=NOW + minutes(1))
    assert [shown.task.key for shown in (await _read(database)).tasks] == ["contact_customer"]
    assert await _numbers(database) == [1, 2, 3]


async def test_what_is_read_back_is_what_was_recorded(database: Database) -> None:
    hostile = {
        "text": 'quote " back \\ 工单 \u0000 <b>',
        "float": 1e22,
        "small": 0.1,
        "one": 1.0,
        "deep": {"a": [1, None]},
    }
    events = record(3, **hostile)
    await _write(database, whole().model_copy(update={"events": events}))
    async with database.reading() as session:
        assert await all_events(session, CASE) == events
