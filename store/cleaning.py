"""Taking away files that nothing names: never one that something does, also while somebody is about to use it."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import AsyncIterator, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import JSON, ColumnElement, Table, Text, and_, cast, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import String, TypeDecorator

from store.attachments import hold_content, name_attachments
from store.drafts import files_in_drafts
from store.files import FileStore
from store.sessions import Database
from store.tables import AccessRow, AttachmentRow, Base, DraftRow, ErasureRow

_NAMES = re.compile(r"F-[0-9A-Z]{10,40}|[0-9a-f]{64}")
_AT_ONCE = 500
_STRAY = 24 * 3600.0


_USE_NOTHING = frozenset(row.__tablename__ for row in (AttachmentRow, DraftRow, AccessRow, ErasureRow))
"""Tables that name files without a use of them: uploads themselves, drafts (asked apart), who looked at what, and what
erasures take away."""


@dataclass(frozen=True)
class Cleaned:
    """What a cleaning took, or would take: uploads that nothing names, contents with their bytes, strays on disk.

    `spared` are those that no use was noted of and that a record names all the same; they stay for good.
    """

    uploads: int
    contents: int
    bytes: int
    spared: int


async def clean_files(database: Database, files: FileStore, *, older_than: timedelta, dry_run: bool = False) -> Cleaned:
    """Removes uploads that nothing has named for `older_than` (real time), and contents that no upload speaks of.

    It may run beside uploads, uses and other cleanings. Raises OSError when the storage refuses; what was done until
    then is done, and the next cleaning goes on.
    """
    before = datetime.now(UTC) - older_than
    orphans = await _orphans(database, before)
    silent = {sha256 async for sha256 in _silent(database, files, before)}
    named = await _named(database, {*orphans, *silent}) if orphans or silent else frozenset()
    drafted = await _in_drafts(database) if orphans else frozenset()  # theirs stay for as long as the draft does
    going = {one: sha256 for one, sha256 in orphans.items() if one not in named and one not in drafted}
    if dry_run:
        contents = {*silent, *await _only_of(database, going)} - named
        sizes = [await files.size(sha256) or 0 for sha256 in contents]
        return Cleaned(len(going), len(contents), sum(sizes), len(named))
    async with database.session() as session:
        await name_attachments(session, named & orphans.keys())
    uploads = await _forget(database, going, before)
    removed = [await _remove(database, files, sha256) for sha256 in {*silent, *going.values()} - named]
    await _sweep(files.incoming)
    return Cleaned(uploads, sum(one is not None for one in removed), sum(one or 0 for one in removed), len(named))


async def remove_unnamed(database: Database, files: FileStore, attachment_ids: Collection[str]) -> int:
    """Removes these uploads at once unless a record still names them; returns how many went.

    A content goes with the last upload that speaks of it. Raises OSError when the storage refuses.
    """
    wanted = set(attachment_ids)
    named = await _named(database, wanted) if wanted else frozenset()
    going = sorted(wanted - named)
    contents: set[str] = set()
    async with database.reading() as session:
        for start in range(0, len(going), _AT_ONCE):
            these = AttachmentRow.attachment_id.in_(going[start : start + _AT_ONCE])
            contents.update((await session.execute(select(AttachmentRow.sha256).where(these))).scalars())
    for sha256 in sorted(contents):
        await _remove_with(database, files, sha256, going)
    return len(going)


async def _remove_with(database: Database, files: FileStore, sha256: str, going: Collection[str]) -> None:
    """Forgets those uploads of a content that go, and removes the content with the last of all.

    The content goes before the rows that lead to it, so that a crash in between leaves what leads here again.
    """
    async with database.session() as session:
        await hold_content(session, sha256)
        query = select(AttachmentRow.attachment_id).where(AttachmentRow.sha256 == sha256)
        known = set((await session.execute(query)).scalars())
        if known <= set(going):
            await files.delete(sha256)
        await session.execute(delete(AttachmentRow).where(AttachmentRow.attachment_id.in_(sorted(known & set(going)))))


async def _orphans(database: Database, before: datetime) -> dict[str, str]:
    """Uploads that no use was noted of, with their contents."""
    async with database.reading() as session:
        query = select(AttachmentRow.attachment_id, AttachmentRow.sha256).where(_unnamed(before))
        return {row.attachment_id: row.sha256 for row in await session.execute(query)}


def _unnamed(before: datetime) -> ColumnElement[bool]:
    return and_(AttachmentRow.named_at.is_(None), AttachmentRow.stored_at < before)


async def _silent(database: Database, files: FileStore, before: datetime) -> AsyncIterator[str]:
    """Contents that no upload speaks of: left by a process that died in between."""
    some: list[str] = []
    async for kept in files.kept():
        if kept.at < before:
            some.append(kept.sha256)
        if len(some) == _AT_ONCE:
            for one in await _unspoken(database, some):
                yield one
            some = []
    for one in await _unspoken(database, some):
        yield one


async def _unspoken(database: Database, contents: Iterable[str]) -> set[str]:
    wanted = set(contents)
    async with database.reading() as session:
        query = select(AttachmentRow.sha256).where(AttachmentRow.sha256.in_(wanted))
        return wanted - set((await session.execute(query)).scalars())


async def _only_of(database: Database, going: dict[str, str]) -> set[str]:
    """The contents that no upload would speak of any more."""
    async with database.reading() as session:
        query = select(AttachmentRow.attachment_id, AttachmentRow.sha256)
        rows = await session.execute(query.where(AttachmentRow.sha256.in_(set(going.values()))))
        staying = {row.sha256 for row in rows if row.attachment_id not in going}
    return set(going.values()) - staying


async def _in_drafts(database: Database) -> frozenset[str]:
    async with database.reading() as session:
        return await files_in_drafts(session)


async def _named(database: Database, wanted: set[str]) -> frozenset[str]:
    """Which of these uploads and contents any record names: every table is read, whoever wrote it.

    What is accepted notes the use of its files; this finds what did not.
    """
    found: set[str] = set()
    async with database.reading() as session:
        for table in Base.metadata.sorted_tables:
            async for text in _texts(session, table):
                found.update(wanted.intersection(_NAMES.findall(text)))
    return frozenset(found)


async def _texts(session: AsyncSession, table: Table) -> AsyncIterator[str]:
    """The values of a table that can name a file or a content."""
    if table.name in _USE_NOTHING:
        return
    for column in table.columns:
        kind = column.type.impl if isinstance(column.type, TypeDecorator) else column.type
        if not isinstance(kind, String | JSON):
            continue
        value = cast(column, Text)
        query = select(value).where(column.is_not(None))
        if "sha256" not in column.name:
            query = query.where(or_(value.like("%F-%"), value.like("%sha256%")))
        rows = await session.stream_scalars(query, execution_options={"yield_per": _AT_ONCE})
        async for text in rows:
            yield text


async def _forget(database: Database, going: dict[str, str], before: datetime) -> int:
    """Forgets uploads that are still not named: a use that was noted in the meantime counts."""
    gone, ids = 0, sorted(going)
    for start in range(0, len(ids), _AT_ONCE):
        these = AttachmentRow.attachment_id.in_(ids[start : start + _AT_ONCE])
        async with database.session() as session:
            forgotten = delete(AttachmentRow).where(these, _unnamed(before)).returning(AttachmentRow.attachment_id)
            gone += len((await session.execute(forgotten)).scalars().all())
    return gone


async def _remove(database: Database, files: FileStore, sha256: str) -> int | None:
    """Removes a content unless an upload speaks of it; returns its bytes, None when it stays or was gone.

    An upload of the same bytes waits with its row until this has ended, and then finds nothing and keeps them anew.
    """
    async with database.session() as session:
        await hold_content(session, sha256)
        query = select(AttachmentRow.attachment_id).where(AttachmentRow.sha256 == sha256).limit(1)
        if (await session.execute(query)).scalar() is not None:
            return None
        size = await files.size(sha256)
        await files.delete(sha256)
        return size


async def _sweep(incoming: Path) -> None:
    """Removes what processes that died had begun to receive."""

    def sweep() -> None:
        for stray in incoming.glob("*"):
            with contextlib.suppress(FileNotFoundError):
                if stray.stat().st_mtime < time.time() - _STRAY:
                    stray.unlink()

    await asyncio.to_thread(sweep)
