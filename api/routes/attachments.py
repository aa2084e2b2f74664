"""Photos, videos and documents that people upload."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response

from api.actions import store_attachment
from api.parts import Parts, PartsDep
from api.rights import Right, require
from api.schemas import StoredFileAnswer
from api.sending import StoredFileResponse, headers_of, size_of
from api.signin import PersonDep
from api.uploads import Upload
from core.errors import AftercareError, NotFound, TooLarge, Unavailable
from store.attachments import Attachment, find_attachment
from store.pictures import CONTENT_TYPE, NotShown, Pictures, Shown

router = APIRouter(tags=["files"])
_ENVELOPE = 64 * 1024
_LONGEST_ID = 60

_MULTIPART: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


@router.post("/attachments", status_code=201, openapi_extra=_MULTIPART)
async def upload(request: Request, parts: PartsDep, person: PersonDep) -> StoredFileAnswer:
    """Stores one photo, video or PDF in the multipart field `file`; its type is told by its content."""
    require(person, Right.STORE_FILE)
    settings = parts.settings
    most = max(settings.max_photo_bytes, settings.max_video_bytes, settings.max_document_bytes)
    told = request.headers.get("content-length", "")
    if told.isdecimal() and len(told) < 20 and int(told) > most + _ENVELOPE:
        raise TooLarge(f"a file may have {most // 1_048_576} MB at most", field="file")
    incoming = Upload(request)
    try:
        name = await incoming.begin()
        stored = await store_attachment(parts, person, name, incoming.chunks())
    except AftercareError:
        await incoming.drain()
        raise
    return StoredFileAnswer(
        attachment_id=stored.attachment_id,
        file_name=stored.file_name,
        content_type=stored.content_type,
        size=stored.size,
        sha256=stored.sha256,
    )


_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {}}},
    206: {"description": "A part"},
}
_PICTURE: dict[int | str, dict[str, Any]] = {200: {"content": {CONTENT_TYPE: {}}}}


@router.get("/attachments/{attachment_id}", response_class=Response, responses=_FILE)
async def download(parts: PartsDep, person: PersonDep, attachment_id: str) -> Response:
    """Gives an uploaded file as it came, whole or the range that is asked for."""
    require(person, Right.SEE_CASES)
    return await file_response(parts, attachment_id)


@router.get("/attachments/{attachment_id}/small", response_class=Response, responses=_PICTURE)
async def small(parts: PartsDep, person: PersonDep, attachment_id: str) -> Response:
    """Gives a photo small, the right way up; 404 for a file of another kind."""
    require(person, Right.SEE_CASES)
    return await picture_response(parts, await known_file(parts, attachment_id), Shown.SMALL)


async def file_response(parts: Parts, attachment_id: str, *, paper: bool = False) -> Response:
    """Returns a stored file; a `paper` that we set ourselves is shown in place. Raises NotFound, Unavailable."""
    found = await known_file(parts, attachment_id)
    size = await size_of(parts.files, found.sha256)
    return StoredFileResponse(parts.files, found.sha256, size, found.file_name, found.content_type, paper=paper)


async def picture_response(parts: Parts, found: Attachment, shown: Shown) -> Response:
    """Returns a picture made of a stored photo. Raises NotFound, Unavailable."""
    try:
        made = await Pictures(parts.files).of(found.sha256, found.content_type, shown)
    except (NotShown, FileNotFoundError):
        raise NotFound("there is no picture of this file") from None
    except OSError:
        raise Unavailable("the storage of files cannot be reached; try again in a moment") from None
    name = found.file_name.rpartition(".")[0] + ".webp"
    return Response(made, media_type=CONTENT_TYPE, headers=headers_of(name, CONTENT_TYPE, f"{found.sha256}-{shown}"))


async def known_file(parts: Parts, attachment_id: str) -> Attachment:
    """Returns what is known of a file. Raises NotFound."""
    if attachment_id.isascii() and attachment_id.isprintable() and len(attachment_id) <= _LONGEST_ID:
        async with parts.database.reading() as session:
            found = await find_attachment(session, attachment_id)
        if found is not None:
            return found
    raise NotFound("there is no such file")
