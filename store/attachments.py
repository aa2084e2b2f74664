"""What is known of uploaded files; their bytes are elsewhere."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

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


async def add_attachment(session: AsyncSession, attachment: Attachment) -> None:
    """Records an uploaded file; one that is recorded already stays as it is."""
    await session.execute(insert_into(session, AttachmentRow).values(asdict(attachment)).on_conflict_do_nothing())


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
