"""Shipments of all cases: what is awaited, on its way, lost; found by carrier, number and serial number."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import Direction, Shipment, ShipmentState
from store.queries.paging import Page, from_cursor, page_of, size
from store.search import ESCAPE, patterns
from store.tables import CaseRow, ShipmentRow


@dataclass(frozen=True)
class ShipmentOfCase:
    """A shipment with the case it belongs to."""

    case_id: str
    work_order: str | None
    customer: str
    shipment: Shipment


async def list_shipments(
    session: AsyncSession,
    *,
    q: str | None = None,
    direction: Direction | None = None,
    state: ShipmentState | None = None,
    case_id: str | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[ShipmentOfCase]:
    """Returns shipments, those of the newest cases first and in a case in their order. Raises BadCursor.

    `q` finds those in which, or in whose case's numbers and customer, each word occurs.
    """
    limit = size(limit)
    query = (
        select(ShipmentRow, CaseRow.work_order, CaseRow.customer_name)
        .join(CaseRow, ShipmentRow.case_id == CaseRow.case_id)
        .order_by(ShipmentRow.case_id.desc(), ShipmentRow.no.desc())
        .limit(limit + 1)
    )
    for pattern in patterns(q or ""):
        query = query.where(ShipmentRow.search.like(pattern, escape=ESCAPE))
    if direction is not None:
        query = query.where(ShipmentRow.direction == direction.value)
    if state is not None:
        query = query.where(ShipmentRow.state == state.value)
    if case_id is not None:
        query = query.where(ShipmentRow.case_id == case_id)
    if cursor:
        number, name = from_cursor("shipments", cursor)
        query = query.where(tuple_(ShipmentRow.case_id, ShipmentRow.no) < (name, number))
    rows = (await session.execute(query)).all()
    entries = [ShipmentOfCase(row.case_id, work_order, customer, _shipment(row)) for row, work_order, customer in rows]
    return page_of(entries, limit, "shipments", [(one.shipment.no, one.case_id) for one in entries])


def _shipment(row: ShipmentRow) -> Shipment:
    told = {name: getattr(row, name) for name in Shipment.model_fields}
    return Shipment.model_validate(told)
