"""The documents of all cases are found on one page, looked at in place and saved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from domain.case import Document
from domain.documents.kinds import DocumentKind
from tests.pages.making import HOSTILE, MadeCase
from tests.pages.strict_client import Browser

Browse = Callable[[str], Awaitable[Browser]]


def paper(made: MadeCase, number: int, kind: DocumentKind) -> Document:
    return Document(
        document_id=f"D-{made.case_id}-{number}",
        kind=kind.value,
        language="it",
        version=number,
        file=f"F-{number}",
        sha256="a" * 64,
        size=12,
        issued_at=made.now,
        record_no=1,
        record_hash="b" * 64,
        remarks=("the serial number is not on record",),
    )


async def test_a_document_is_found_by_customer_kind_and_day(
    browse: Browse, made_case: Callable[..., MadeCase], project: Callable[[MadeCase], Awaitable[None]]
) -> None:
    made, other = made_case(1, HOSTILE), made_case(2)
    made.change(documents=(paper(made, 1, DocumentKind.QUOTATION), paper(made, 2, DocumentKind.COST_LIST)))
    other.change(documents=(paper(other, 1, DocumentKind.QUOTATION),))
    await project(made)
    await project(other)
    lin = await browse("lin")
    assert "/documents" in (await lin.get("/")).links
    page = await lin.get("/documents")
    assert page.text.count("Quotation") == 5, "two of them, each with one copy, and the kind to choose"
    assert "version 2" in page.text and "Italian" in page.text
    assert "lacks something" in page.text
    day = made.now.date()
    one = await lin.get(f"/documents?q={other.case_id}&kind=quotation&since={day.replace(day=1)}")
    assert {link for link in one.links if link.startswith("/api/v1/documents/")} == {
        f"/api/v1/documents/D-{other.case_id}-1",
        f"/api/v1/documents/D-{other.case_id}-1/preview",
    }
    assert f"/cases/{other.case_id}" in one.links
    assert "No document fits" in (await lin.get("/documents?until=2001-01-01")).text


async def test_a_version_in_several_languages_is_one_line(
    browse: Browse, made_case: Callable[..., MadeCase], project: Callable[[MadeCase], Awaitable[None]]
) -> None:
    made = made_case(1)
    first, cost = paper(made, 1, DocumentKind.QUOTATION), paper(made, 2, DocumentKind.COST_LIST)
    second = first.model_copy(update={"document_id": "D-2", "language": "en"})
    made.change(documents=(first, cost, second))
    await project(made)
    page = await (await browse("lin")).get("/documents")
    assert page.text.count("Quotation") == 4, "one line, its two copies, and the kind to choose"
    assert page.text.count("version 1") == 1
    assert {f"/api/v1/documents/{one}/preview" for one in (first.document_id, "D-2")} <= set(page.links)


async def test_a_wrong_filter_is_named(browse: Browse) -> None:
    lin = await browse("lin")
    for wrong, named in (
        ("kind=poem", "no such kind"),
        ("since=yesterday", "From: is not a day"),
        ("until=2026-02-30", "To: is not a day"),
        ("cursor=none", "cursor"),
    ):
        assert named in (await lin.get(f"/documents?{wrong}", 422)).text
