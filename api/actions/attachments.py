"""Storing an uploaded file: its type told by its content, its size limited by type, scanned, its bytes kept once."""

from __future__ import annotations

import asyncio
import errno
import unicodedata
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager

from api.checks import missing_attachments
from api.parts import Parts
from api.problems import InvalidFields, UnsupportedMediaType
from api.rights import Person, Right, require
from api.sniff import LONGEST_SIGNATURE, FileKind, FileType, image_problem, name_fits, type_of
from core.errors import NoRoom, TooLarge, Unavailable
from core.logging import get_logger
from core.settings import Settings
from store.attachments import Attachment, keep_attachment, name_attachments, new_attachment_id
from store.files import FileTooLarge, Received

_LONGEST_NAME = 120
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_log = get_logger(__name__)


async def store_attachment(parts: Parts, person: Person, file_name: str, chunks: AsyncIterator[bytes]) -> Attachment:
    """Stores a photo, video or document. Nothing is kept of a file that is refused.

    Raises Forbidden, InvalidFields at `file` (empty), UnsupportedMediaType (not what its name says, or damaged),
    TooLarge, Infected, NoRoom, Unavailable (the storage or the virus scanner cannot be reached).
    """
    require(person, Right.STORE_FILE)
    head, rest = await _head(chunks)
    found = accepted_type(head, file_name)
    limit = limit_of(parts.settings, found.kind)
    with storage_told():
        try:
            async with parts.files.received(_joined(head, rest), limit=limit) as file:
                return await keep_received(parts, person, file_name, found, file)
        except FileTooLarge:
            raise TooLarge(f"a {found.kind.value} may have {size_words(limit)} at most", field="file") from None


async def keep_received(parts: Parts, person: Person, file_name: str, found: FileType, file: Received) -> Attachment:
    """Looks at a whole file on disk, has it scanned, and keeps it. Raises as `store_attachment` does, and OSError."""
    if found.kind is FileKind.PHOTO:
        problem = await asyncio.to_thread(image_problem, file.path, found)
        if problem is not None:
            raise UnsupportedMediaType(problem, field="file")
    await parts.scanner.check(file.path)
    attachment = Attachment(
        attachment_id=new_attachment_id(),
        sha256=file.sha256,
        file_name=safe_name(file_name, found),
        content_type=found.content_type,
        size=file.size,
        uploaded_by=person.user_id,
        uploaded_at=parts.now(),
    )
    await keep_attachment(parts.database, parts.files, file, attachment)
    return attachment


def accepted_type(head: bytes, file_name: str) -> FileType:
    """Returns what a file is by its first bytes. Raises InvalidFields, UnsupportedMediaType for what is not taken."""
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
    return found


@contextmanager
def storage_told() -> Iterator[None]:
    """Says what the storage's refusal means: NoRoom for a full disk, Unavailable for anything else."""
    try:
        yield
    except OSError as refused:
        _log.warning("file not written", kind=type(refused).__name__, errno=refused.errno)
        if refused.errno in _FULL:
            full = "there is no room for it on the server's disk, so it was not stored; tell whoever runs the server"
            raise NoRoom(full, field="file") from None
        raise Unavailable("the storage did not take the file, so it was not stored; try again later") from None


async def use_attachments(parts: Parts, named: Mapping[str, Sequence[str]]) -> None:
    """Notes that these files (by the path of the field that names them) are used from now on.

    Called last before something that names them is sent on: from here on no cleaning takes them. Raises InvalidFields
    for one that is gone.
    """
    wanted = [one for ids in named.values() for one in ids]
    if not wanted:
        return
    async with parts.database.session() as session:
        known = await name_attachments(session, wanted)
    gone = [problem for path, ids in named.items() for problem in missing_attachments(ids, known, path)]
    if gone:
        raise InvalidFields(gone)


def limit_of(settings: Settings, kind: FileKind) -> int:
    """Returns the most bytes that a file of a kind may have."""
    match kind:
        case FileKind.PHOTO:
            return settings.max_photo_bytes
        case FileKind.VIDEO:
            return settings.max_video_bytes
        case FileKind.DOCUMENT:
            return settings.max_document_bytes


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


def size_words(limit: int) -> str:
    """A number of bytes as people say it."""
    return f"{limit // 1_048_576} MB" if limit >= 1_048_576 else f"{limit} bytes"
