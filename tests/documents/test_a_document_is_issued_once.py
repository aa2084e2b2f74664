"""The activity: the same order gives the same document, whatever people typed."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

from activities.document_setting import render
from activities.documents import PDF, Documents, IssuedFile, document_id_of
from domain.case import Document
from domain.documents.kinds import DocumentKind
from domain.documents.order import DocumentOrder
from store.disk_files import DiskFiles


class Office:
    """Documents on a folder, with a list for what they register."""

    def __init__(self, folder: Path) -> None:
        self.files = DiskFiles(folder)
        self.registered: list[IssuedFile] = []
        self.documents = Documents(self.files, self._register)

    async def _register(self, file: IssuedFile) -> None:
        self.registered.append(file)

    async def issue(self, order: DocumentOrder) -> Document:
        issued: tuple[Document, ...] = await ActivityEnvironment().run(self.documents.issue_document, order)
        [document] = issued
        return document


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "files")


async def test_the_bytes_are_where_attachments_are_and_registered(office: Office, order: DocumentOrder) -> None:
    issued = await office.issue(order)
    pdf = await office.files.read(issued.sha256)
    assert pdf.startswith(b"%PDF-")
    assert hashlib.sha256(pdf).hexdigest() == issued.sha256
    assert issued.size == len(pdf)
    expected = IssuedFile(issued.file, issued.sha256, len(pdf), "RR-2026-000418-service-confirmation-zh-CN-v1.pdf", PDF)
    assert office.registered == [expected]


async def test_the_same_order_twice_is_the_same_document(office: Office, order: DocumentOrder) -> None:
    first, second = await office.issue(order), await office.issue(order)
    assert first == second
    assert len(list(office.files.root.glob("??/??/*"))) == 1


async def test_orders_at_once_do_not_disturb_each_other(
    office: Office, order: DocumentOrder, case_file: DocumentOrder
) -> None:
    issued = await asyncio.gather(*(office.issue(o) for o in (order, case_file, order, case_file)))
    assert issued[0] == issued[2]
    assert issued[1] == issued[3]
    assert issued[0].document_id != issued[1].document_id


def test_kind_language_and_version_each_make_another_document(order: DocumentOrder) -> None:
    changes: tuple[dict[str, object], ...] = ({}, {"kind": DocumentKind.ARCHIVE_INDEX}, {"version": 2})
    made = {document_id_of(order.model_copy(update=change), one) for change in changes for one in ("zh-CN", "en")}
    assert len(made) == 6


@pytest.mark.parametrize(
    "typed",
    [
        '#panic("no")',
        "$ x^2 $ = *bold* _it_ @label <label>",
        '#read("/etc/passwd")',
        "\\u{41} `raw` // gone /* gone */",
        "A" * 4000,
        "😀 أهلا",
    ],
    ids=["code", "markup", "file", "escapes", "one long word", "scripts without glyphs"],
)
def test_what_people_typed_is_set_as_text_and_never_run(order: DocumentOrder, typed: str) -> None:
    problem = order.case.application.problem.model_copy(update={"description": typed})
    application = order.case.application.model_copy(update={"problem": problem})
    hostile = order.model_copy(update={"case": order.case.model_copy(update={"application": application})})
    assert render(hostile, "zh-CN", "D-1").file.startswith(b"%PDF-")
