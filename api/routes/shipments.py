"""Shipments between customers and us, both ways."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from api.parts import PartsDep
from api.rights import Right, require
from api.routes.query import Cursor, Filter, Limit, choices, chosen, cursors, text
from api.signin import PersonDep
from domain.case import Direction, Shipment, ShipmentState
from store.queries.shipments import ShipmentOfCase, list_shipments

router = APIRouter(tags=["shipments"])


class ShipmentShown(BaseModel):
    """A shipment of a case, `in` to us or the factory, or `out` to the customer."""

    case_id: str
    work_order: str | None
    customer: str
    shipment: Shipment

    @classmethod
    def of(cls, one: ShipmentOfCase) -> ShipmentShown:
        """Shows a shipment."""
        return cls(case_id=one.case_id, work_order=one.work_order, customer=one.customer, shipment=one.shipment)


class ShipmentsPage(BaseModel):
    """One page of shipments; `next` is the cursor of the following one, null on the last."""

    items: list[ShipmentShown]
    next: str | None


@router.get("/shipments")
async def shipments(
    *,
    parts: PartsDep,
    person: PersonDep,
    q: Filter = None,
    direction: Annotated[str | None, choices(Direction, "which way it goes")] = None,
    state: Annotated[str | None, choices(ShipmentState, "what is known of it")] = None,
    case_id: Filter = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ShipmentsPage:
    """Lists shipments, those of the newest cases first. `q` finds tracking and serial numbers, carrier and customer."""
    require(person, Right.SEE_CASES)
    with cursors():
        async with parts.database.reading() as session:
            page = await list_shipments(
                session,
                q=text(q, "q"),
                direction=chosen(Direction, direction, "direction"),
                state=chosen(ShipmentState, state, "state"),
                case_id=text(case_id, "case_id"),
                cursor=text(cursor, "cursor"),
                limit=limit,
            )
    return ShipmentsPage(items=[ShipmentShown.of(one) for one in page.items], next=page.next)
