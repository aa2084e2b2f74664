"""Uploads that survive a broken line: parts are kept until the file is whole, then it is stored like any other.

What is known of an upload lies beside its bytes on disk, so that any process of the API can take the next part.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import re
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from pathlib import Path

from api.actions.attachments import store_attachment
from api.parts import Parts
from api.problems import InvalidFields
from api.rights import Person, Right, require
from core.errors import AftercareError, NotFound, Refused, TooLarge, Unavailable

_ID = re.compile(r"[A-Za-z0-9_-]{22}")
_KEPT = 48 * 3600
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Resumable:
    """An upload on its way: `offset` of `size` bytes are here; `attachment_id` is set once the file is stored."""

    upload_id: str
    user: str
    file_name: str
    size: int
    offset: int = 0
    attachment_id: str | None = None


async def begin_upload(parts: Parts, person: Person, file_name: str, size: int) -> Resumable:
    """Begins an upload of `size` bytes. Raises Forbidden, InvalidFields, TooLarge, Unavailable (the disk refuses)."""
    require(person, Right.STORE_FILE)
    settings = parts.settings
    most = max(settings.max_photo_bytes, settings.max_video_bytes, settings.max_document_bytes)
    if size <= 0:
        raise InvalidFields.at("Upload-Length", "is not the number of bytes that will come")
    if size > most:
        raise TooLarge(f"a file may have {most} bytes at most", field="Upload-Length")
    upload = Resumable(secrets.token_urlsafe(16), person.user_id, file_name[:300], size)
    try:
        await asyncio.to_thread(_create, _folder(parts), upload)
    except OSError:
        raise Unavailable("the upload could not be begun; try again later") from None
    return upload


async def find_upload(parts: Parts, person: Person, upload_id: str) -> Resumable:
    """Returns how far an upload is. Raises NotFound for one of somebody else, too."""
    found = await asyncio.to_thread(_look, _folder(parts), upload_id)
    if found is None or found.user != person.user_id:
        raise NotFound("there is no such upload (any more); begin a new one")
    return found


async def continue_upload(
    parts: Parts, person: Person, upload_id: str, offset: int, chunks: AsyncIterator[bytes]
) -> Resumable:
    """Adds bytes at `offset`, and stores the file once it is whole.

    What came before the line broke is kept. Raises NotFound, Refused (another offset, or another part is on its way),
    TooLarge, and what `store_attachment` raises for a file that is not kept.
    """
    upload = await find_upload(parts, person, upload_id)
    if upload.attachment_id is not None:
        return upload
    path = _folder(parts) / f"{upload_id}.part"
    with path.open("r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused("another part of this upload is on its way") from None
        here = file.seek(0, os.SEEK_END)
        if here != offset:
            raise Refused(f"{here} bytes of this upload are here; go on from there", field="Upload-Offset")
        async for chunk in chunks:
            here += len(chunk)
            if here > upload.size:
                raise TooLarge("more bytes came than were told", field="Upload-Length")
            await asyncio.to_thread(file.write, chunk)
        file.flush()
        if here < upload.size:
            return Resumable(**{**asdict(upload), "offset": here})
        return await _store(parts, person, upload, path)


async def _store(parts: Parts, person: Person, upload: Resumable, path: Path) -> Resumable:
    try:
        attachment = await store_attachment(parts, person, upload.file_name, _read(path))
    except Unavailable:
        raise  # the bytes are here and stay: the same last part sent again tries once more
    except AftercareError:
        await asyncio.to_thread(_forget, _folder(parts), upload.upload_id)
        raise
    done = Resumable(**{**asdict(upload), "offset": upload.size, "attachment_id": attachment.attachment_id})
    await asyncio.to_thread(_note, _folder(parts), done)
    await asyncio.to_thread(os.truncate, path, 0)
    return done


async def _read(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := await asyncio.to_thread(file.read, _CHUNK):
            yield chunk


def _folder(parts: Parts) -> Path:
    return parts.settings.attachments / "resumable"


def _create(folder: Path, upload: Resumable) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):  # nobody comes back after two days
        if old.stat().st_mtime < time.time() - _KEPT:
            _forget(folder, old.stem)
    (folder / f"{upload.upload_id}.part").touch()
    _note(folder, upload)


def _note(folder: Path, upload: Resumable) -> None:
    path = folder / f"{upload.upload_id}.json"
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(asdict(upload)), encoding="utf-8")
    temporary.replace(path)


def _look(folder: Path, upload_id: str) -> Resumable | None:
    if _ID.fullmatch(upload_id) is None:
        return None
    try:
        noted = Resumable(**json.loads((folder / f"{upload_id}.json").read_text(encoding="utf-8")))
        here = (folder / f"{upload_id}.part").stat().st_size
    except FileNotFoundError:
        return None
    return noted if noted.attachment_id else Resumable(**{**asdict(noted), "offset": here})


def _forget(folder: Path, upload_id: str) -> None:
    for ending in ("json", "part"):
        (folder / f"{upload_id}.{ending}").unlink(missing_ok=True)
