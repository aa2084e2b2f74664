"""Messages that went to customers and colleagues by mail."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from api.ids import known_case_id
from api.parts import PartsDep
from api.rights import Right, require
from api.signin import PersonDep
from core.errors import NotFound
from domain.model import Instant
from store.notices import notices_of_case
from store.queries.cases import case_exists

router = APIRouter(tags=["cases"])


class NoticeShown(BaseModel):
    """What became of a message at an address: `sending`, `sent`, `refused` by the mail server, or `given_up`.

    `message_id` is that of the mail: one that was sent again because we never heard that the server had it bears the
    same. `ordered_at` is on the case's clock.
    """

    model_config = ConfigDict(from_attributes=True)

    notice_id: str
    kind: str
    address: str
    status: str
    tries: int
    reason: str | None
    message_id: str
    ordered_at: Instant


class NoticesPage(BaseModel):
    """The messages of a case, the newest first."""

    items: list[NoticeShown]
    next: str | None


@router.get("/cases/{case_id}/messages")
async def messages(parts: PartsDep, person: PersonDep, case_id: str) -> NoticesPage:
    """Lists the messages of a case that went out by mail, with what became of each at each address."""
    require(person, Right.SEE_CASES)
    async with parts.database.reading() as session:
        found = await notices_of_case(session, known_case_id(case_id))
        if not found and not await case_exists(session, case_id):
            raise NotFound("there is no such case")
    return NoticesPage(items=[NoticeShown.model_validate(one) for one in found], next=None)
