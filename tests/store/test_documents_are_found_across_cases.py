"""R10: what was issued is found again without knowing its case: by customer, number, kind and day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.case import Document
from domain.documents.kinds import DocumentKind
from store.projection import project
from store.queries.paging import BadCursor
from store.queries.papers import list_papers
from store.sessions import Database
from tests.store.making import CASE, NOW, RUN, whole

KINDS = (DocumentKind.REQUIREMENT_FORM, DocumentKind.QUOTATION, DocumentKind.COST_LIST)


def issued(number: int) -> Document:
    """One of a row of documents, a day after the one before."""
    return Document(
        document_id=f"D-{number}",
        kind=KINDS[number % 3].value,
        language="it",
        version=1,
        file=f"F-{number}",
        sha256="a" * 64,
        size=12,
        issued_at=NOW + timedelta(days=number),
        record_no=1,
        record_hash="b" * 64,
        remarks=("the serial number is not on record",) if number == 2 else (),
    )


@pytest.fixture
async def filed(database: Database) -> Database:
    await project(database, RUN, NOW, whole(documents=tuple(issued(number) for number in range(5))))
    return database


async def found(database: Database, **asked: object) -> list[str]:
    async with database.reading() as session:
        return [one.document_id for one in (await list_papers(session, **asked)).items]  # type: ignore[arg-type]


async def test_the_newest_comes_first_and_says_whose_it_is_and_what_it_lacks(filed: Database) -> None:
    async with filed.reading() as session:
        papers = (await list_papers(session)).items
    assert [one.document_id for one in papers] == ["D-4", "D-3", "D-2", "D-1", "D-0"]
    assert {one.case_id for one in papers} == {CASE}
    assert [one.lacking for one in papers] == [0, 0, 1, 0, 0]


async def test_words_kind_and_days_narrow_the_list(filed: Database) -> None:
    async with filed.reading() as session:
        customer = (await list_papers(session)).items[0].customer
    assert await found(filed, q=customer.upper(), kind=KINDS[1]) == ["D-4", "D-1"]
    assert await found(filed, q=f"{CASE} d-3") == ["D-3"]
    assert await found(filed, q="nobody of this name") == []
    days = {"since": NOW + timedelta(days=1), "until": NOW + timedelta(days=3)}
    assert await found(filed, **days) == ["D-2", "D-1"]


async def test_a_list_goes_on_where_it_stopped(filed: Database) -> None:
    seen: list[str] = []
    cursor: str | None = None
    async with filed.reading() as session:
        while True:
            page = await list_papers(session, limit=2, cursor=cursor)
            seen += [one.document_id for one in page.items]
            cursor = page.next
            if cursor is None:
                break
        with pytest.raises(BadCursor):
            await list_papers(session, cursor="none")
    assert seen == ["D-4", "D-3", "D-2", "D-1", "D-0"]
