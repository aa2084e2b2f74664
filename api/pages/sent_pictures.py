"""The photos and videos that a customer sent, on the customer's own page, without position and camera."""

from __future__ import annotations

from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse
from sqlalchemy.ext.asyncio import AsyncSession

from api.pages.customers_view import files_sent
from api.parts import Parts, PartsDep
from api.routes.attachments import picture_response
from api.sending import headers_of
from api.tracking import case_of_link
from core.errors import NotFound, Unavailable
from store.attachments import Attachment, find_attachments
from store.files import StoreAway
from store.pictures import MADE_OF, NotShown, Shown
from store.queries.cases import CaseView, find_case
from store.videos import BARED, bare_video

router = APIRouter()


@router.get("/t/{token}/pictures/{attachment_id}")
async def show_picture(parts: PartsDep, token: str, attachment_id: str) -> Response:
    """Gives a photo that came with the request, large. Raises NotFound."""
    return await _picture(parts, token, attachment_id, Shown.CUSTOMER)


@router.get("/t/{token}/pictures/{attachment_id}/small")
async def show_small_picture(parts: PartsDep, token: str, attachment_id: str) -> Response:
    """Gives the same, small. Raises NotFound."""
    return await _picture(parts, token, attachment_id, Shown.SMALL)


@router.get("/t/{token}/videos/{attachment_id}")
async def show_video(parts: PartsDep, token: str, attachment_id: str) -> Response:
    """Gives a video that came with the request. Raises NotFound, also for one that cannot be shown without position."""
    found = await _sent(parts, token, attachment_id, BARED)
    content = bare_video(parts.files, found.sha256, found.content_type)
    try:
        first = await anext(content)
    except (NotShown, FileNotFoundError):
        raise NotFound("this video cannot be shown here; ask the person who contacted you") from None
    except StoreAway:
        raise Unavailable("the storage of files cannot be reached; try again in a moment") from None

    async def whole() -> AsyncIterator[bytes]:
        yield first
        async for chunk in content:
            yield chunk

    tag = f"{found.sha256}-customer"
    headers = headers_of(found.file_name, found.content_type, tag) | {"Content-Length": str(found.size)}
    return StreamingResponse(whole(), media_type=found.content_type, headers=headers)


async def pictures_of(session: AsyncSession, view: CaseView | None) -> dict[str, Attachment]:
    """The photos that the customer sent, in their order. What colleagues added is ours and not told."""
    return await _files_of(session, view, MADE_OF)


async def videos_of(session: AsyncSession, view: CaseView | None) -> dict[str, Attachment]:
    """The same of videos."""
    return await _files_of(session, view, BARED)


async def _files_of(session: AsyncSession, view: CaseView | None, kinds: frozenset[str]) -> dict[str, Attachment]:
    if view is None:
        return {}
    ids = files_sent(view.state)
    known = await find_attachments(session, ids)
    return {one: known[one] for one in ids if one in known and known[one].content_type in kinds}


async def _picture(parts: Parts, token: str, attachment_id: str, shown: Shown) -> Response:
    return await picture_response(parts, await _sent(parts, token, attachment_id, MADE_OF), shown)


async def _sent(parts: Parts, token: str, attachment_id: str, kinds: frozenset[str]) -> Attachment:
    async with parts.database.reading() as session:
        case_id = await case_of_link(parts, session, token)
        sent = await _files_of(session, await find_case(session, case_id), kinds)
    if attachment_id not in sent:
        raise NotFound("there is no such picture or video in your case")
    return sent[attachment_id]
