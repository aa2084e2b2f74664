"""The photos that a customer sent, on the customer's own page: nothing is left in them of position, camera or time."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.parts import Parts, PartsDep
from api.routes.attachments import picture_response
from core.errors import NotFound
from store.attachments import Attachment, find_attachments
from store.pictures import MADE_OF, Shown
from store.queries.cases import CaseView, find_case

router = APIRouter()


@router.get("/t/{token}/pictures/{attachment_id}")
async def show_picture(parts: PartsDep, token: str, attachment_id: str) -> Response:
    """Gives a photo that came with the request, large. Raises NotFound."""
    return await _picture(parts, token, attachment_id, Shown.CUSTOMER)


@router.get("/t/{token}/pictures/{attachment_id}/small")
async def show_small_picture(parts: PartsDep, token: str, attachment_id: str) -> Response:
    """Gives the same, small. Raises NotFound."""
    return await _picture(parts, token, attachment_id, Shown.SMALL)


async def pictures_of(session: AsyncSession, view: CaseView | None) -> dict[str, Attachment]:
    """The photos that came with the request, in their order. What was added later is ours and not told."""
    if view is None:
        return {}
    ids = view.state.application.attachments
    known = await find_attachments(session, ids)
    return {one: known[one] for one in ids if one in known and known[one].content_type in MADE_OF}


async def _picture(parts: Parts, token: str, attachment_id: str, shown: Shown) -> Response:
    case_id = parts.tracking.case_id(token)
    async with parts.database.reading() as session:
        sent = await pictures_of(session, await find_case(session, case_id))
    if attachment_id not in sent:
        raise NotFound("there is no such picture in your case")
    return await picture_response(parts, sent[attachment_id], shown)
