"""Uploads that survive a broken line: parts are kept until the file is whole, then it is stored like any other.

What is known of an upload lies beside its bytes on disk, so that any process of the API that reaches the folder can
take the next part.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import re
import secrets
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import BinaryIO

from api.actions.attachments import accepted_type, keep_received, limit_of, size_words, storage_told
from api.parts import Parts
from api.problems import InvalidFields
from api.rights import Person, Right, require
from api.sniff import LONGEST_SIGNATURE, FileType
from core.errors import AftercareError, NoRoom, NotFound, Refused, TooLarge, Unavailable
from core.settings import Settings
from store.incoming import Received, digest_of, require_room

_ID = re.compile(r"[A-Za-z0-9_-]{22}")
KEPT = 48 * 3600.0
"""Real seconds after its last byte for which an unfinished upload waits."""
STALL = 60.0
"""Real seconds without a byte after which a part is over: the line is dead, and the next part must not wait for it."""
_MOST_OPEN = 20
_LONGEST_METADATA = 1000


@dataclass(frozen=True)
class Resumable:
    """An upload on its way: `offset` of `size` bytes are here; `attachment_id` is set once the file is stored.

    `metadata` is what came with it, word for word; `expires` when it is forgotten, in real seconds of the epoch.
    """

    upload_id: str
    user: str
    file_name: str
    size: int
    metadata: str = ""
    offset: int = 0
    attachment_id: str | None = None
    expires: float = 0.0


def upload_folder(settings: Settings) -> Path:
    """Folder of unfinished uploads."""
    return settings.attachments / "resumable"


def most_bytes(parts: Parts) -> int:
    """Returns the most bytes that a file of any kind may have."""
    settings = parts.settings
    return max(settings.max_photo_bytes, settings.max_video_bytes, settings.max_document_bytes)


async def begin_upload(parts: Parts, person: Person, file_name: str, size: int, metadata: str = "") -> Resumable:
    """Begins an upload of `size` bytes.

    Raises Forbidden, InvalidFields, TooLarge, Refused (too many are begun), NoRoom, Unavailable (the disk refuses).
    """
    require(person, Right.STORE_FILE)
    most = most_bytes(parts)
    if size <= 0:
        raise InvalidFields.at("Upload-Length", "is not the number of bytes that will come")
    if size > most:
        raise TooLarge(f"a file may have {size_words(most)} at most", field="Upload-Length")
    if len(metadata) > _LONGEST_METADATA:
        raise InvalidFields.at("Upload-Metadata", f"is longer than {_LONGEST_METADATA} characters")
    upload = Resumable(secrets.token_urlsafe(16), person.user_id, file_name[:300], size, metadata)
    with storage_told():
        await asyncio.to_thread(_create, _folder(parts), upload, parts.settings.spare_disk_bytes)
    return await find_upload(parts, person, upload.upload_id)


async def find_upload(parts: Parts, person: Person, upload_id: str) -> Resumable:
    """Returns how far an upload is. Raises NotFound for one of somebody else, too."""
    found = await asyncio.to_thread(_look, _folder(parts), upload_id)
    if found is None or found.user != person.user_id:
        raise NotFound("there is no such upload (any more); begin a new one")
    return found


async def continue_upload(
    parts: Parts, person: Person, upload_id: str, offset: int, chunks: AsyncIterator[bytes]
) -> Resumable:
    """Adds bytes at `offset`, and stores the file once it is whole; a whole one that could not be stored tries again.

    What came before the line broke is kept. Raises NotFound, Refused (another offset, or another part is on its way),
    TooLarge, NoRoom (what came is kept), and what `store_attachment` raises for a file that is not kept.
    """
    upload = await find_upload(parts, person, upload_id)
    if upload.attachment_id is not None:
        return upload
    folder = _folder(parts)
    with _locked(folder, upload_id) as file:
        upload = await find_upload(parts, person, upload_id)  # as it is now that nobody else writes
        if upload.attachment_id is not None:
            return upload
        if upload.offset != offset:
            raise Refused(f"{upload.offset} bytes of this upload are here; go on from there", field="Upload-Offset")
        if await _add(parts, upload, file, chunks) < upload.size:
            return await find_upload(parts, person, upload_id)
        try:
            return await _store(parts, person, upload)
        except (Unavailable, NoRoom):
            raise  # the bytes are here and stay: an empty part at the end tries once more
        except AftercareError:
            await asyncio.to_thread(_forget, folder, upload_id)
            raise


async def end_upload(parts: Parts, person: Person, upload_id: str) -> None:
    """Forgets an upload with what came of it; a file that is stored already stays. Raises NotFound, Refused."""
    await find_upload(parts, person, upload_id)
    with contextlib.suppress(NotFound), _locked(_folder(parts), upload_id):
        await asyncio.to_thread(_forget, _folder(parts), upload_id)
    await asyncio.to_thread(_forget, _folder(parts), upload_id)


def forget_old_uploads(folder: Path, *, dry_run: bool = False) -> int:
    """Forgets uploads whose last byte came long ago and that nobody writes now; returns how many."""
    old = 0
    for noted in folder.glob("*.json"):
        upload = _look(folder, noted.stem)
        if upload is None or upload.expires > time.time():
            continue
        if dry_run:
            old += 1
            continue
        with contextlib.suppress(NotFound, Refused):
            if upload.attachment_id is None:
                with _locked(folder, noted.stem):
                    _forget(folder, noted.stem)
            else:
                _forget(folder, noted.stem)
            old += 1
    return old


async def _add(parts: Parts, upload: Resumable, file: BinaryIO, chunks: AsyncIterator[bytes]) -> int:
    """Writes what comes and returns how many bytes are here.

    Raises TooLarge, UnsupportedMediaType, NoRoom, Unavailable.
    """
    here, known = upload.offset, upload.offset >= LONGEST_SIGNATURE
    file.seek(here)
    while True:
        try:
            chunk = await asyncio.wait_for(anext(chunks), STALL)
        except StopAsyncIteration:
            return here
        except TimeoutError:
            raise Unavailable("nothing came for a while; what came is kept, go on from there") from None
        if here + len(chunk) > upload.size:
            raise TooLarge("more bytes came than were told", field="Upload-Length")
        try:
            await asyncio.to_thread(_write, file, chunk)
        except OSError:
            raise NoRoom("the disk takes no more; what came is kept for two days, go on from there later") from None
        here += len(chunk)
        if not known and here >= LONGEST_SIGNATURE:
            known = True
            try:  # told now rather than after two gigabytes
                await asyncio.to_thread(_require_welcome, parts, upload)
            except AftercareError:
                await asyncio.to_thread(_forget, _folder(parts), upload.upload_id)
                raise


def _write(file: BinaryIO, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[file.write(rest) :]


def _require_welcome(parts: Parts, upload: Resumable) -> FileType:
    found = accepted_type(_head(_folder(parts) / f"{upload.upload_id}.part"), upload.file_name)
    limit = limit_of(parts.settings, found.kind)
    if upload.size > limit:
        raise TooLarge(f"a {found.kind.value} may have {size_words(limit)} at most", field="file")
    return found


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LONGEST_SIGNATURE)


async def _store(parts: Parts, person: Person, upload: Resumable) -> Resumable:
    folder = _folder(parts)
    path = folder / f"{upload.upload_id}.part"
    with storage_told():
        found = await asyncio.to_thread(_require_welcome, parts, upload)
        received = await asyncio.to_thread(_settled, path)
        attachment = await keep_received(parts, person, upload.file_name, found, received)
        done = replace(upload, offset=upload.size, attachment_id=attachment.attachment_id)
        await asyncio.to_thread(_note, folder, done)
        await asyncio.to_thread(path.unlink)
    return done


def _settled(path: Path) -> Received:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    return digest_of(path)


def _folder(parts: Parts) -> Path:
    return upload_folder(parts.settings)


def _create(folder: Path, upload: Resumable, spare: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    forget_old_uploads(folder)
    require_room(folder, upload.size, spare)
    others = (_look(folder, noted.stem) for noted in folder.glob("*.json"))
    mine = sum(one is not None and one.user == upload.user and one.attachment_id is None for one in others)
    if mine >= _MOST_OPEN:
        raise Refused(f"you have {mine} unfinished uploads; go on with one of them, or end it")
    (folder / f"{upload.upload_id}.part").touch(mode=0o600)
    _note(folder, upload)


@contextmanager
def _locked(folder: Path, upload_id: str) -> Iterator[BinaryIO]:
    """Gives an upload's bytes to one writer. Raises Refused while there is another, NotFound when they are gone."""
    path = folder / f"{upload_id}.part"
    try:
        file = path.open("r+b", buffering=0)
    except FileNotFoundError:
        raise NotFound("there is no such upload (any more); begin a new one") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused("another part of this upload is on its way; look again in a moment") from None
        yield file


def _note(folder: Path, upload: Resumable) -> None:
    path = folder / f"{upload.upload_id}.json"
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(asdict(upload)), encoding="utf-8")
    temporary.replace(path)


def _look(folder: Path, upload_id: str) -> Resumable | None:
    if _ID.fullmatch(upload_id) is None:
        return None
    noted_in = folder / f"{upload_id}.json"
    try:
        noted = Resumable(**json.loads(noted_in.read_text(encoding="utf-8")))
        if noted.attachment_id:
            return replace(noted, expires=noted_in.stat().st_mtime + KEPT)
        part = (folder / f"{upload_id}.part").stat()
    except FileNotFoundError:
        return None
    return replace(noted, offset=part.st_size, expires=part.st_mtime + KEPT)


def _forget(folder: Path, upload_id: str) -> None:
    for ending in ("json", "part"):
        (folder / f"{upload_id}.{ending}").unlink(missing_ok=True)
