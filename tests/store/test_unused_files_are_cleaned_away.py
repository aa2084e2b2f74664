"""Orphans go after a time, what anything names never, also while a cleaning meets an upload or a use."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from store.attachments import (
    Attachment,
    add_attachment,
    find_attachment,
    hold_content,
    keep_attachment,
    name_attachments,
    new_attachment_id,
)
from store.cleaning import Cleaned, clean_files
from store.disk_files import DiskFiles
from store.drafts import Draft, drop_draft, save_draft
from store.sessions import Database
from store.tables import AttachmentRow, CustomerRow, ServiceContractRow

WEEK = timedelta(days=7)
NOTHING = Cleaned(uploads=0, contents=0, bytes=0, spared=0)


@pytest.fixture
def files(tmp_path: Path) -> DiskFiles:
    return DiskFiles(tmp_path / "files")


def described(sha256: str) -> Attachment:
    return Attachment(new_attachment_id(), sha256, "a.jpg", "image/jpeg", 5, "lin", datetime.now(UTC))


async def upload(database: Database, files: DiskFiles, content: bytes, *, age: timedelta = 2 * WEEK) -> Attachment:
    async with files.received(content) as file:
        attachment = described(file.sha256)
        await keep_attachment(database, files, file, attachment)
    await grow_old(database, files, attachment, age)
    return attachment


async def grow_old(database: Database, files: DiskFiles, attachment: Attachment, age: timedelta) -> None:
    at = datetime.now(UTC) - age
    async with database.session() as session:
        this = AttachmentRow.attachment_id == attachment.attachment_id
        await session.execute(update(AttachmentRow).where(this).values(stored_at=at))
    os.utime(files.path(attachment.sha256), (at.timestamp(), at.timestamp()))


async def known(database: Database, attachment: Attachment) -> bool:
    async with database.reading() as session:
        return await find_attachment(session, attachment.attachment_id) is not None


async def test_what_nothing_named_for_long_enough_goes_with_its_bytes(database: Database, files: DiskFiles) -> None:
    old = await upload(database, files, b"old")
    young = await upload(database, files, b"young", age=timedelta(days=6))
    await files.write_derived(old.sha256, "small.webp", b"small")
    told = await clean_files(database, files, older_than=WEEK, dry_run=True)
    assert told == Cleaned(uploads=1, contents=1, bytes=3, spared=0)
    assert await known(database, old)
    assert await clean_files(database, files, older_than=WEEK) == told
    assert not await known(database, old)
    assert not await files.holds(old.sha256)
    assert await files.read_derived(old.sha256, "small.webp") is None
    assert await known(database, young)
    assert await files.read(young.sha256) == b"young"
    assert await clean_files(database, files, older_than=WEEK) == NOTHING


async def test_what_was_named_stays_however_old_it_is(database: Database, files: DiskFiles) -> None:
    used = await upload(database, files, b"used")
    async with database.session() as session:
        assert await name_attachments(session, [used.attachment_id]) == {used.attachment_id}
    assert await clean_files(database, files, older_than=WEEK) == NOTHING
    assert await known(database, used)


async def test_bytes_stay_while_another_upload_of_them_is_used(database: Database, files: DiskFiles) -> None:
    unused = await upload(database, files, b"same")
    used = await upload(database, files, b"same")
    async with database.session() as session:
        await name_attachments(session, [used.attachment_id])
    expected = Cleaned(uploads=1, contents=0, bytes=0, spared=0)
    assert await clean_files(database, files, older_than=WEEK, dry_run=True) == expected
    assert await clean_files(database, files, older_than=WEEK) == expected
    assert not await known(database, unused)
    assert await files.read(used.sha256) == b"same"


def _contract(signed_file: str | None, note: str | None) -> ServiceContractRow:
    return ServiceContractRow(
        contract_id="K-1", number_key="k1", number="K1", customer_id="C1", serial_numbers=[], signed_file=signed_file,
        valid_from=date(2026, 1, 1), valid_to=date(2026, 12, 31), note=note, created_by="lin",
        created_at=datetime.now(UTC),
    )  # fmt: skip


async def _file_contract(session: AsyncSession, signed_file: str | None, note: str | None) -> None:
    now = datetime.now(UTC)
    session.add(CustomerRow(customer_id="C1", name="Hai Chuan", created_at=now))
    await session.flush()
    session.add(_contract(signed_file, note))


@pytest.mark.parametrize("where", ["signed_file", "note"])
async def test_what_a_record_names_stays_though_no_use_was_noted(
    database: Database, files: DiskFiles, where: str
) -> None:
    forgotten = await upload(database, files, b"signed")
    async with database.session() as session:
        named = forgotten.attachment_id if where == "signed_file" else None
        await _file_contract(session, named, f"see {forgotten.attachment_id}" if where == "note" else None)
    assert await clean_files(database, files, older_than=WEEK) == replace(NOTHING, spared=1)
    assert await clean_files(database, files, older_than=WEEK) == NOTHING  # the use is noted now
    assert await files.read(forgotten.sha256) == b"signed"


async def test_bytes_without_an_upload_go_and_strays_on_their_way_in_too(database: Database, files: DiskFiles) -> None:
    silent = await files.write(b"a process died before it was recorded")
    stray = files.incoming / "stray"
    stray.write_bytes(b"half")
    assert (await clean_files(database, files, older_than=WEEK)).contents == 0
    old = datetime.now(UTC).timestamp() - 8 * 86400
    os.utime(files.path(silent.sha256), (old, old))
    os.utime(stray, (old, old))
    assert (await clean_files(database, files, older_than=WEEK)).contents == 1
    assert not await files.holds(silent.sha256)
    assert not stray.exists()


async def test_a_use_that_comes_while_a_cleaning_looks_wins(
    database: Database, other: Database, files: DiskFiles
) -> None:
    wanted = await upload(database, files, b"wanted")

    class Looking(DiskFiles):
        async def kept(self) -> AsyncIterator[object]:  # type: ignore[override]
            async with other.session() as session:  # the orphans are chosen by now
                assert await name_attachments(session, [wanted.attachment_id])
            async for one in super().kept():
                yield one

    done = await clean_files(database, Looking(files.root), older_than=WEEK)
    assert (done.uploads, done.contents) == (0, 0)
    assert await files.read(wanted.sha256) == b"wanted"


async def test_a_use_that_comes_after_it_is_gone_is_refused(database: Database, files: DiskFiles) -> None:
    gone = await upload(database, files, b"gone")
    await clean_files(database, files, older_than=WEEK)
    async with database.session() as session:
        assert await name_attachments(session, [gone.attachment_id]) == frozenset()


async def test_an_upload_of_bytes_that_are_being_removed_keeps_them_anew(
    database: Database, other: Database, files: DiskFiles
) -> None:
    old = await upload(database, files, b"same")
    uploads: list[asyncio.Task[None]] = []

    class Slow(DiskFiles):
        async def delete(self, sha256: str) -> None:
            async with files.received(b"same") as file:
                again = described(file.sha256)

                async def come() -> None:
                    async with files.received(b"same") as anew:
                        await keep_attachment(other, files, anew, again)

                uploads.append(asyncio.create_task(come()))
                await asyncio.sleep(0.3)
                assert not uploads[0].done()  # it waits with its row until the removal has ended
            await super().delete(sha256)

    assert (await clean_files(database, Slow(files.root), older_than=WEEK)).contents == 1
    await uploads[0]
    assert await files.read(old.sha256) == b"same"


async def test_a_storage_that_refuses_leaves_no_upload_behind(database: Database, tmp_path: Path) -> None:
    class Full(DiskFiles):
        async def keep(self, file: object) -> None:
            raise OSError(28, "No space left on device")

    full = Full(tmp_path / "full")
    async with full.received(b"photo") as file:
        attachment = described(file.sha256)
        with pytest.raises(OSError, match="No space"):
            await keep_attachment(database, full, file, attachment)
    assert not await known(database, attachment)
    assert [path for path in full.root.rglob("*") if path.is_file()] == []


async def test_two_that_are_about_the_same_bytes_wait_for_each_other(database: Database, other: Database) -> None:
    order: list[str] = []

    async def second() -> None:
        async with other.session() as session:
            await hold_content(session, "ab" * 32)
            await add_attachment(session, described("ab" * 32))
            order.append("second")

    async with database.session() as session:
        await hold_content(session, "ab" * 32)
        waiting = asyncio.create_task(second())
        await asyncio.sleep(0.2)
        order.append("first")
    await waiting
    assert order == ["first", "second"]


async def test_a_file_in_a_draft_stays_as_long_as_the_draft(database: Database, files: DiskFiles) -> None:
    photo = await upload(database, files, b"photo")
    kept = {"outcome.attachments": [photo.attachment_id]}
    async with database.session() as session:
        await save_draft(session, Draft("C-1.site_visit", "lin", datetime.now(UTC), {}, kept))
    assert await clean_files(database, files, older_than=WEEK) == NOTHING
    async with database.session() as session:
        await drop_draft(session, "C-1.site_visit", "lin")
    assert (await clean_files(database, files, older_than=WEEK)).uploads == 1
    assert not await known(database, photo)
