"""Resumable uploads by the tus protocol 1.0.0 (core, creation, expiration, termination), for lines that break."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response
from starlette.exceptions import HTTPException

from api.actions.resumable import Resumable, begin_upload, continue_upload, end_upload, find_upload, most_bytes
from api.headers import RESUMABLE, TUS
from api.parts import PartsDep
from api.problems import InvalidFields, UnsupportedMediaType
from api.signin import PersonDep
from core.errors import NotFound

_VERSIONS = {"Tus-Version": TUS[1]}
Number = Annotated[int, Header(ge=0, le=1 << 40)]


def _spoken(tus_resumable: Annotated[str, Header(description="1.0.0")] = "") -> None:
    if tus_resumable != TUS[1]:
        raise HTTPException(412, "send Tus-Resumable: 1.0.0, the version of the protocol spoken here", _VERSIONS)


router = APIRouter(tags=["files"], prefix="/attachments/resumable")
_SPOKEN = [Depends(_spoken)]


def _headers(upload: Resumable) -> dict[str, str]:
    shown = {"Upload-Offset": str(upload.offset), "Upload-Length": str(upload.size)}
    if upload.metadata:
        shown["Upload-Metadata"] = upload.metadata
    if upload.attachment_id is not None:
        shown["Attachment-Id"] = upload.attachment_id
    else:
        shown["Upload-Expires"] = format_datetime(datetime.fromtimestamp(upload.expires, UTC), usegmt=True)
    return shown


@router.options("", status_code=204)
async def abilities(parts: PartsDep) -> Response:
    """Tells what of the protocol is spoken here, and how large a file may be."""
    told = {"Tus-Extension": "creation,expiration,termination", "Tus-Max-Size": str(most_bytes(parts))}
    return Response(None, 204, _VERSIONS | told)


@router.post("", status_code=201, dependencies=_SPOKEN)
async def begin(
    parts: PartsDep, person: PersonDep, upload_length: Number, upload_metadata: Annotated[str, Header()] = ""
) -> Response:
    """Begins an upload. `Upload-Metadata` holds `filename` in base64; `Location` is where the parts go by PATCH."""
    upload = await begin_upload(parts, person, _file_name(upload_metadata), upload_length, upload_metadata)
    return Response(None, 201, _headers(upload) | {"Location": f"{RESUMABLE}/{upload.upload_id}"})


@router.head("/{upload_id}", dependencies=_SPOKEN)
async def look(parts: PartsDep, person: PersonDep, upload_id: str) -> Response:
    """Tells how many bytes are here, and once the file is stored its `Attachment-Id`.

    All bytes without an `Attachment-Id` could not be stored yet (the virus scanner or the storage was away): an empty
    part at the end tries once more.
    """
    return Response(None, 200, _headers(await find_upload(parts, person, upload_id)))


@router.patch("/{upload_id}", status_code=204, dependencies=_SPOKEN)
async def go_on(
    parts: PartsDep, person: PersonDep, request: Request, upload_id: str, upload_offset: Number
) -> Response:
    """Adds the bytes of the body at `Upload-Offset`. The answer to the last part carries the `Attachment-Id`."""
    if request.headers.get("content-type") != "application/offset+octet-stream":
        raise UnsupportedMediaType("send the part as application/offset+octet-stream")
    return Response(
        None, 204, _headers(await continue_upload(parts, person, upload_id, upload_offset, request.stream()))
    )


@router.delete("/{upload_id}", status_code=204, dependencies=_SPOKEN)
async def end(parts: PartsDep, person: PersonDep, upload_id: str) -> Response:
    """Ends an upload and forgets what came of it; a file that is stored already stays."""
    await end_upload(parts, person, upload_id)
    return Response(None, 204)


@router.post("/{upload_id}", status_code=204, dependencies=_SPOKEN, include_in_schema=False)
async def instead(
    parts: PartsDep,
    person: PersonDep,
    request: Request,
    upload_id: str,
    x_http_method_override: Annotated[str, Header()] = "",
    upload_offset: Number = 0,
) -> Response:
    """Stands in for PATCH and DELETE where something on the way lets neither through, as the protocol asks."""
    match x_http_method_override.upper():
        case "PATCH":
            return await go_on(parts, person, request, upload_id, upload_offset)
        case "DELETE":
            return await end(parts, person, upload_id)
        case _:
            raise NotFound("send PATCH, HEAD or DELETE here, or name one of them in X-HTTP-Method-Override")


def _file_name(metadata: str) -> str:
    for pair in metadata.split(","):
        key, _, value = pair.strip().partition(" ")
        if key == "filename":
            try:
                return base64.b64decode(value, validate=True).decode("utf-8", "replace")
            except binascii.Error:
                raise InvalidFields.at("Upload-Metadata", "filename is not base64") from None
    return ""
