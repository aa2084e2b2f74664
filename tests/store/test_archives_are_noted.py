"""Which closed cases have an archive, and which are due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain.case import CaseStatus, Document, Result
from store.later_documents import keep_later
from store.projection import project
from store.queries.archives import (
    KnownArchive,
    archives_between,
    archives_of_customer,
    due_for_archive,
    find_archive,
    forget_archive,
    note_archive,
)
from store.registry_rows import customer_id_of
from store.sessions import Database
from tests.store.making import CASE, NOW, RUN, application, number_of, whole

LATER = Document(
    document_id="D-9", kind="service_confirmation", language="en", version=2, file="F-9", sha256="a" * 64, size=12,
    issued_at=NOW, record_no=1, record_hash="b" * 64,
)  # fmt: skip


def archive(case_id: str = CASE, sha256: str = "c" * 64, later_documents: int = 0) -> KnownArchive:
    made = datetime(2026, 12, 1, 3, 4, 5, tzinfo=UTC)
    return KnownArchive(case_id, f"2026/{case_id}.aftercare", sha256, 9000, made, "0.1.0", "k-1", RUN, later_documents)


async def closes(database: Database, case_id: str = CASE, *, days: int = 1, customer: str = "Acme") -> str:
    write = whole(
        case_id=case_id,
        status=CaseStatus.CLOSED,
        result=Result.RESOLVED,
        closed_at=NOW + timedelta(days=days),
        application=application(name=customer),
    )
    await project(database, RUN, NOW, write)
    return case_id


async def due(database: Database) -> list[str]:
    async with database.reading() as session:
        return [one.case_id for one in await due_for_archive(session)]


async def note(database: Database, made: KnownArchive) -> None:
    async with database.session() as session:
        await note_archive(session, made)


async def test_closed_cases_are_due_in_the_order_they_closed_and_open_ones_are_not(database: Database) -> None:
    for number, days in ((1, 5), (2, 1), (3, 3)):
        await closes(database, number_of(number), days=days)
    await project(database, RUN, NOW, whole(case_id=number_of(4)))
    assert await due(database) == [number_of(2), number_of(3), number_of(1)]


async def test_one_goes_on_behind_a_case_without_leaving_any_out(database: Database) -> None:
    for number in range(1, 6):
        await closes(database, number_of(number))
    found, after = [], None
    async with database.reading() as session:
        while some := await due_for_archive(session, after, limit=2):
            found += [one.case_id for one in some]
            after = some[-1]
    assert found == [number_of(number) for number in range(1, 6)]


async def test_an_archive_is_noted_once_and_the_newest_stands(database: Database) -> None:
    await closes(database)
    await note(database, archive())
    assert await due(database) == []
    await note(database, archive(sha256="d" * 64))
    async with database.reading() as session:
        assert await find_archive(session, CASE) == archive(sha256="d" * 64)
        assert await find_archive(session, number_of(2)) is None


async def test_a_paper_issued_after_the_end_calls_for_a_new_archive(database: Database) -> None:
    await closes(database)
    await note(database, archive())
    async with database.session() as session:
        await keep_later(session, CASE, "again-1", [LATER])
    assert await due(database) == [CASE]
    await note(database, archive(later_documents=1))
    assert await due(database) == []


async def test_a_case_that_was_reset_and_closed_again_is_archived_anew(database: Database) -> None:
    await closes(database)
    await note(database, archive())
    again = whole(status=CaseStatus.CLOSED, result=Result.WITHDRAWN, closed_at=NOW + timedelta(days=9))
    await project(database, "run-2", NOW + timedelta(hours=1), again)
    assert await due(database) == [CASE]


async def test_an_archive_that_is_gone_is_forgotten_and_due_again(database: Database) -> None:
    await closes(database)
    await note(database, archive())
    async with database.session() as session:
        await forget_archive(session, CASE)
    assert await due(database) == [CASE]


async def test_archives_are_found_by_when_their_cases_closed(database: Database) -> None:
    for number in (1, 2, 3):
        await note(database, archive(await closes(database, number_of(number), days=number)))
    async with database.reading() as session:
        first, last = NOW + timedelta(days=2), NOW + timedelta(days=3)
        assert [one.case_id for one in await archives_between(session, first, last)] == [number_of(2)]
        assert len(await archives_between(session)) == 3


async def test_archives_are_found_by_customer_however_the_name_is_spelled(database: Database) -> None:
    await note(database, archive(await closes(database, number_of(1), customer="Acme")))
    await note(database, archive(await closes(database, number_of(2), customer="Emca")))
    async with database.reading() as session:
        for wanted in (" ACME", customer_id_of("Acme", "Shanghai")):
            assert [one.case_id for one in await archives_of_customer(session, wanted)] == [number_of(1)]
        assert await archives_of_customer(session, "Nobody") == ()
