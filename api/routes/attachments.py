"""Photos, videos and documents that people upload."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse

from api.actions import store_attachment
from api.parts import Parts, PartsDep
from api.rights import Right, require
from api.schemas import StoredFileAnswer
from api.signin import PersonDep
from api.uploads import Upload
from core.errors import AftercareError, NotFound, TooLarge
from store.attachments import find_attachment

router = APIRouter(tags=["files"])
_ENVELOPE = 64 * 1024
_INLINE = ("image/", "video/")

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


@router.get("/attachments/{attachment_id}", response_class=FileResponse)
async def download(parts: PartsDep, person: PersonDep, attachment_id: str) -> FileResponse:
    """Gives an uploaded file."""
    require(person, Right.SEE_CASES)
    return await file_response(parts, attachment_id)


async def file_response(parts: Parts, attachment_id: str) -> FileResponse:
    """Returns a stored file in a way that no browser takes for a page of ours. Raises NotFound."""
    if not attachment_id.isascii() or not attachment_id.isprintable() or len(attachment_id) > 60:
        raise NotFound("there is no such file")
    async with parts.database.reading() as session:
        found = await find_attachment(session, attachment_id)
    if found is None or not parts.files.holds(found.sha256):
        raise NotFound("there is no such file")
    how = "inline" if found.content_type.startswith(_INLINE) else "attachment"
    plain = "".join(
        sign if sign.isascii() and sign.isprintable() and sign not in '"\\' else "_" for sign in found.file_name
    )
    return FileResponse(
        parts.files.path(found.sha256),
        media_type=found.content_type,
        headers={
            "Content-Disposition": f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(found.file_name, safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, max-age=86400, immutable",
            "ETag": f'"{found.sha256}"',
        },
    )
