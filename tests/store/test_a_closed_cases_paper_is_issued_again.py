"""R10, X11: of a closed case a paper is made again from its closed record; the record itself stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.document_sources import DocumentSources
from activities.documents import Documents
from activities.later_documents import LaterDocuments
from domain.case import CaseStatus, Document
from domain.documents.kinds import DocumentKind
from domain.documents.order import IssueAgain
from store.disk_files import DiskFiles
from store.projection import project
from store.queries.documents import documents_of, find_document
from store.queries.events import all_events
from store.rebuild import clear_projection
from store.sessions import Database
from tests.store.making import CASE, NOW, RUN, WEI, task, whole

CONFIRMATION = DocumentKind.SERVICE_CONFIRMATION
FIRST = Document(
    document_id="D-1", kind=CONFIRMATION.value, language="zh-CN", version=1, file="F-1", sha256="a" * 64, size=12,
    issued_at=NOW, record_no=1, record_hash="b" * 64,
)  # fmt: skip


@pytest.fixture
async def later(database: Database, tmp_path: Path) -> LaterDocuments:
    write = whole(events=2, tasks=(task(),), status=CaseStatus.CLOSED, documents=(FIRST,))
    await project(database, RUN, NOW, write)
    sources = DocumentSources(database)
    return LaterDocuments(
        database, Documents(DiskFiles(tmp_path / "files"), sources.register, sources.files, sources.card)
    )


async def ask(
    later: LaterDocuments, kind: DocumentKind = CONFIRMATION, request_id: str = "again-1"
) -> tuple[Document, ...]:
    request = IssueAgain(request_id=request_id, case_id=CASE, kind=kind, by=WEI, reason="Lost", at=NOW)
    issued: tuple[Document, ...] = await ActivityEnvironment().run(later.issue_again, request)
    return issued


async def test_a_new_version_stands_beside_the_old_one_with_who_asked_and_why(
    database: Database, later: LaterDocuments
) -> None:
    confirmation, index = await ask(later)
    assert (confirmation.kind, confirmation.version, confirmation.language) == (CONFIRMATION.value, 2, "zh-CN")
    assert (confirmation.by, confirmation.reason) == (WEI, "Lost")
    assert index.kind == DocumentKind.ARCHIVE_INDEX.value, "a new index lists it"
    async with database.reading() as session:
        assert await documents_of(session, CASE) == (FIRST, index, confirmation)
        assert await find_document(session, confirmation.document_id) == (CASE, confirmation)
        events = await all_events(session, CASE)
    assert len(events) == 2, "the closed record is not added to"
    assert (confirmation.record_no, confirmation.record_hash) == (events[-1].no, events[-1].hash)


async def test_the_same_request_made_twice_is_one(database: Database, later: LaterDocuments) -> None:
    assert set(map(str, await ask(later))) == set(map(str, await ask(later)))
    again = await ask(later, request_id="again-2")
    assert {one.version for one in again if one.kind == CONFIRMATION.value} == {3}
    async with database.reading() as session:
        assert len(await documents_of(session, CASE)) == 5


async def test_it_outlives_a_rebuild_of_the_read_side(database: Database, later: LaterDocuments) -> None:
    issued = await ask(later)
    async with database.session() as session:
        await clear_projection(session)
    async with database.reading() as session:
        assert set(await documents_of(session, CASE)) == set(issued)


async def test_what_the_record_has_nothing_for_is_not_tried_again(later: LaterDocuments) -> None:
    with pytest.raises(ApplicationError, match="nothing was taken back") as refused:
        await ask(later, DocumentKind.HANDOVER_FORM)
    assert refused.value.non_retryable
