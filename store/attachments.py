"""What is known of uploaded files; their bytes are in the file store.

A file that nobody names is taken away after a time (`store.cleaning`); two rules close the race with its use. Whatever
accepts a file names it first (`name_attachments`), by a write that fails when it is gone. And a row is written before
its bytes are kept, in a transaction that a cleaning of the same bytes waits for, so that bytes are removed only while
no row speaks of them.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.files import FileStore, Received
from store.sessions import Database
from store.statements import insert_into
from store.tables import AttachmentRow

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Attachment:
    """An uploaded file. `size` is in bytes, `uploaded_at` virtual UTC."""

    attachment_id: str
    sha256: str
    file_name: str
    content_type: str
    size: int
    uploaded_by: str
    uploaded_at: datetime


def new_attachment_id() -> str:
    """Returns an identifier that nobody can guess: `F-` and 16 characters, 80 bits."""
    return "F-" + "".join(secrets.choice(_CROCKFORD) for _ in range(16))


async def add_attachment(session: AsyncSession, attachment: Attachment, *, named: bool = False) -> None:
    """Records a file before its bytes are kept; one that is recorded already stays as it is.

    `named` for a file that something names from the beginning, such as an issued document.
    """
    await hold_content(session, attachment.sha256)
    now = datetime.now(UTC)
    row = {**asdict(attachment), "stored_at": now, "named_at": now if named else None}
    await session.execute(insert_into(session, AttachmentRow).values(row).on_conflict_do_nothing())


async def keep_attachment(database: Database, files: FileStore, file: Received, attachment: Attachment) -> None:
    """Records a received file and keeps its bytes, or neither. Raises OSError when the storage refuses."""
    async with database.session() as session:
        await add_attachment(session, attachment)
    try:
        await files.keep(file)
    except BaseException:
        async with database.session() as session:
            forgotten = AttachmentRow.attachment_id == attachment.attachment_id
            await session.execute(delete(AttachmentRow).where(forgotten))
        raise


async def name_attachments(session: AsyncSession, attachment_ids: Collection[str]) -> frozenset[str]:
    """Notes that something accepted names these files, so that none of them is cleaned away; returns those known.

    Call it last, right before what names them is sent on, and refuse when one is missing from the answer.
    """
    wanted = sorted(set(attachment_ids))
    named = (
        update(AttachmentRow)
        .where(AttachmentRow.attachment_id.in_(wanted))
        .values(named_at=func.coalesce(AttachmentRow.named_at, datetime.now(UTC)))
        .returning(AttachmentRow.attachment_id)
    )
    return frozenset((await session.execute(named)).scalars()) if wanted else frozenset()


async def hold_content(session: AsyncSession, sha256: str) -> None:
    """Makes every other transaction that is about the same bytes wait for this one."""
    await session.connection()  # on SQLite, which has one writer at a time, the transaction begins here
    if session.get_bind().dialect.name == "postgresql":
        key = int(sha256[:15], 16)
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


async def find_attachment(session: AsyncSession, attachment_id: str) -> Attachment | None:
    """Returns what is known of a file, or None."""
    return (await find_attachments(session, [attachment_id])).get(attachment_id)


async def find_attachments(session: AsyncSession, attachment_ids: Collection[str]) -> dict[str, Attachment]:
    """Returns what is known of these files by identifier; those that are unknown are missing."""
    query = select(AttachmentRow).where(AttachmentRow.attachment_id.in_(sorted(set(attachment_ids))))
    return {row.attachment_id: _attachment(row) for row in (await session.execute(query)).scalars()}


def _attachment(row: AttachmentRow) -> Attachment:
    return Attachment(
        attachment_id=row.attachment_id,
        sha256=row.sha256,
        file_name=row.file_name,
        content_type=row.content_type,
        size=row.size,
        uploaded_by=row.uploaded_by,
        uploaded_at=row.uploaded_at,
    )
