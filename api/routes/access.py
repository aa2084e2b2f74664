"""The record of who looked at whose data."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from api.parts import PartsDep
from api.rights import Right, require
from api.route_rights import Kind
from api.routes.query import Cursor, Filter, Limit, choices, chosen, cursors, text
from api.signin import PersonDep
from store.queries.access import list_looks

router = APIRouter(tags=["record"])


class LookShown(BaseModel):
    """Somebody saw something within some ten minutes."""

    at: datetime = Field(description="The first look, in UTC.")
    user: str = Field(description="Sign-in name.")
    kind: str = Field(description="What was seen: case, customer, product, file, document, export or list.")
    of: str = Field(description="Which one; of a list or an export its name.")
    way: str = Field(description="By `page` or by a program (`api`).")
    looks: int = Field(description="How often; of a list each further page and each search counts.")


class LooksPage(BaseModel):
    """A part of the record."""

    items: list[LookShown]
    next: str | None


@router.get("/access")
async def looks(
    *,
    parts: PartsDep,
    person: PersonDep,
    user: Filter = None,
    kind: Annotated[str | None, choices(Kind, "of this kind")] = None,
    of: Filter = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> LooksPage:
    """Lists who looked at whose data, the newest first."""
    require(person, Right.SEE_ACCESS)
    with cursors():
        async with parts.database.reading() as session:
            found = await list_looks(
                session,
                user_id=text(user, "user"),
                kind=chosen(Kind, kind, "kind"),
                subject=text(of, "of"),
                cursor=text(cursor, "cursor"),
                limit=limit,
            )
    items = [
        LookShown(at=one.at, user=one.user_id, kind=one.kind, of=one.subject, way=one.way, looks=one.looks)
        for one in found.items
    ]
    return LooksPage(items=items, next=found.next)
