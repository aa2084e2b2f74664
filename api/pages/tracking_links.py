"""What staff do with a customer's tracking link: make it anew, or take it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.pages.visit import Visit, VisitDep, go_to
from api.rights import Right, may
from api.tracking import make_link_anew, take_link_back
from core.errors import NotFound
from store.tracking_links import link_of

router = APIRouter()


@dataclass(frozen=True)
class LinkView:
    """A case's tracking link as its page shows it to staff; `path` is empty while it is taken back."""

    path: str
    action: str
    may_change: bool
    changed_at: datetime | None
    changed_by: str


async def link_view(visit: Visit, session: AsyncSession, case_id: str) -> LinkView:
    """Returns the link that holds, and what this person may do with it."""
    link = await link_of(session, case_id)
    return LinkView(
        path="" if link.revoked else visit.parts.tracking.path(case_id, link.version),
        action=f"/cases/{case_id}/tracking-link",
        may_change=may(visit.person, Right.CHANGE_LINK),
        changed_at=link.at,
        changed_by=link.by or "",
    )


@router.post("/cases/{case_id}/tracking-link")
async def change_tracking_link(visit: VisitDep, case_id: str) -> Response:
    """Makes the link anew (`do=anew`) or takes it back (`do=back`). Raises Forbidden, NotFound."""
    form = await visit.form()
    match form.get("do"):
        case "anew":
            await make_link_anew(visit.parts, visit.person, case_id)
            return go_to(f"/cases/{case_id}", "link_anew")
        case "back":
            await take_link_back(visit.parts, visit.person, case_id)
            return go_to(f"/cases/{case_id}", "link_back")
        case _:
            raise NotFound("a link can be made anew or taken back, nothing else")
