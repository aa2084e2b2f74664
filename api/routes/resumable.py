"""Resumable uploads by the tus protocol 1.0.0 (core and creation), for videos over a line that breaks."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from api.actions.resumable import Resumable, begin_upload, continue_upload, find_upload
from api.parts import PartsDep
from api.problems import InvalidFields, UnsupportedMediaType
from api.signin import PersonDep

router = APIRouter(tags=["files"], prefix="/attachments/resumable")
_VERSION = {"Tus-Resumable": "1.0.0"}
Number = Annotated[int, Header(ge=0, le=1 << 40)]


def _headers(upload: Resumable) -> dict[str, str]:
    shown = _VERSION | {"Upload-Offset": str(upload.offset), "Upload-Length": str(upload.size)}
    if upload.attachment_id is not None:
        shown["Attachment-Id"] = upload.attachment_id
    return shown


@router.post("", status_code=201)
async def begin(
    parts: PartsDep, person: PersonDep, upload_length: Number, upload_metadata: Annotated[str, Header()] = ""
) -> Response:
    """Begins an upload. `Upload-Metadata` holds `filename` in base64; `Location` is where the parts go by PATCH."""
    upload = await begin_upload(parts, person, _file_name(upload_metadata), upload_length)
    return Response(None, 201, _headers(upload) | {"Location": f"/api/v1/attachments/resumable/{upload.upload_id}"})


@router.head("/{upload_id}")
async def look(parts: PartsDep, person: PersonDep, upload_id: str) -> Response:
    """Tells how many bytes are here, and once the file is stored its `Attachment-Id`."""
    return Response(None, 200, _headers(await find_upload(parts, person, upload_id)))


@router.patch("/{upload_id}", status_code=204)
async def go_on(
    parts: PartsDep, person: PersonDep, request: Request, upload_id: str, upload_offset: Number
) -> Response:
    """Adds the bytes of the body at `Upload-Offset`. The answer to the last part carries the `Attachment-Id`."""
    if request.headers.get("content-type") != "application/offset+octet-stream":
        raise UnsupportedMediaType("send the part as application/offset+octet-stream")
    return Response(
        None, 204, _headers(await continue_upload(parts, person, upload_id, upload_offset, request.stream()))
    )


def _file_name(metadata: str) -> str:
    for pair in metadata.split(","):
        key, _, value = pair.strip().partition(" ")
        if key == "filename":
            try:
                return base64.b64decode(value, validate=True).decode("utf-8", "replace")
            except binascii.Error:
                raise InvalidFields.at("Upload-Metadata", "filename is not base64") from None
    return ""
