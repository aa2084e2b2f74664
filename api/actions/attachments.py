"""Storing an uploaded file: its type told by its content, its size limited by its type, its bytes kept once."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import AsyncIterator

from api.parts import Parts
from api.problems import InvalidFields, UnsupportedMediaType
from api.rights import Person, Right, require
from api.sniff import LONGEST_SIGNATURE, FileKind, FileType, image_problem, name_fits, type_of
from core.errors import TooLarge, Unavailable
from core.settings import Settings
from store.attachments import Attachment, add_attachment, new_attachment_id
from store.files import FileTooLarge, StoredFile

_LONGEST_NAME = 120


async def store_attachment(parts: Parts, person: Person, file_name: str, chunks: AsyncIterator[bytes]) -> Attachment:
    """Stores a photo, video or document. Nothing is kept of a file that is refused.

    Raises Forbidden, InvalidFields at `file` (empty, or not what its name says), UnsupportedMediaType, TooLarge,
    Unavailable (the disk refuses).
    """
    require(person, Right.STORE_FILE)
    head, rest = await _head(chunks)
    if not head:
        raise InvalidFields.at("file", "is empty")
    found = type_of(head)
    if found is None:
        raise UnsupportedMediaType(
            "this is no photo (JPEG, PNG, GIF, WebP), video (MP4, MOV, WebM) or PDF by its content", field="file"
        )
    if not name_fits(file_name, found):
        raise UnsupportedMediaType(
            f"the name says otherwise, but this is {found.content_type} by its content", field="file"
        )
    limit = limit_of(parts.settings, found.kind)
    try:
        stored = await _keep(parts, found, _joined(head, rest), limit)
    except FileTooLarge:
        raise TooLarge(f"a {found.kind.value} may have {_size(limit)} at most", field="file") from None
    except OSError:
        raise Unavailable("the file could not be written; nothing of it was kept. Try again later") from None
    attachment = Attachment(
        attachment_id=new_attachment_id(),
        sha256=stored.sha256,
        file_name=safe_name(file_name, found),
        content_type=found.content_type,
        size=stored.size,
        uploaded_by=person.user_id,
        uploaded_at=parts.now(),
    )
    async with parts.database.session() as session:
        await add_attachment(session, attachment)
    return attachment


def limit_of(settings: Settings, kind: FileKind) -> int:
    """Returns the most bytes that a file of a kind may have."""
    match kind:
        case FileKind.PHOTO:
            return settings.max_photo_bytes
        case FileKind.VIDEO:
            return settings.max_video_bytes
        case FileKind.DOCUMENT:
            return settings.max_document_bytes


async def _keep(parts: Parts, found: FileType, chunks: AsyncIterator[bytes], limit: int) -> StoredFile:
    if found.kind is not FileKind.PHOTO:
        return await parts.files.write(chunks, limit=limit)
    content = bytearray()  # a picture is read whole before it is kept: half of one is none
    async for chunk in chunks:
        content += chunk
        if len(content) > limit:
            raise FileTooLarge(limit)
    problem = await asyncio.to_thread(image_problem, bytes(content), found)
    if problem is not None:
        raise UnsupportedMediaType(problem, field="file")
    return await parts.files.write(bytes(content), limit=limit)


async def _head(chunks: AsyncIterator[bytes]) -> tuple[bytes, AsyncIterator[bytes]]:
    head = b""
    async for chunk in chunks:
        head += chunk
        if len(head) >= LONGEST_SIGNATURE:
            break
    return head, chunks


async def _joined(head: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield head
    async for chunk in rest:
        yield chunk


def safe_name(file_name: str, found: FileType) -> str:
    """Returns the name a file is shown and downloaded by: no folders, no hidden signs, an ending that is true."""
    last = file_name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(
        sign for sign in last if not unicodedata.category(sign).startswith("C") and sign not in '"<>|:*?'
    ).strip(" .")
    stem, _, ending = plain.rpartition(".")
    if ending.lower() in found.endings and stem:
        return f"{stem[:_LONGEST_NAME]}.{ending.lower()}"
    return f"{plain[:_LONGEST_NAME] or found.kind.value}.{found.endings[0]}"


def _size(limit: int) -> str:
    return f"{limit // 1_048_576} MB" if limit >= 1_048_576 else f"{limit} bytes"
