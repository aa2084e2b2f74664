"""Giving back what we hold of the customer's, and claiming what a carrier lost."""

from __future__ import annotations

from typing import Any

from temporalio import workflow

from workflows.case import Case

with workflow.unsafe.imports_passed_through():
    from domain.case import Content, Direction, ShipmentState
    from domain.tasks.delivery import LOCATE_ITEM, RETURN_ITEM, ItemFound
    from domain.tasks.shipping import CLAIM_FROM_CARRIER, Claim


async def give_item_back(case: Case, **how: Any) -> None:
    """Sends the customer's item back, if it is with us; one that was to be sent is looked for first."""
    while case.state.item_with_us == "on_the_way":
        await _locate(case)
    if case.state.item_with_us:
        await send_back(case, **how)
        case.state.item_with_us = None


async def send_back(case: Case, *, content: Content | None = None, **how: Any) -> None:
    """Has something sent to the customer: their item, or what they sent in its place."""
    form = await case.perform(RETURN_ITEM, **how)
    shipped = content or case.shipments.item_told(form)
    case.shipments.sent(form, case.done(RETURN_ITEM), case.last_key(RETURN_ITEM), content=shipped)


async def _locate(case: Case) -> None:
    found = await case.perform(LOCATE_ITEM)
    done, key = case.done(LOCATE_ITEM), case.last_key(LOCATE_ITEM)
    if found.result is ItemFound.WITH_US:
        case.shipments.ended_as(Direction.IN, ShipmentState.RECEIVED, done, key, received_at=done.happened_at)
        case.state.item_with_us = "workshop"
    elif found.result is ItemFound.KEPT:
        case.shipments.ended_as(Direction.IN, ShipmentState.NOT_SENT, done, key)
        case.state.item_with_us = None
    elif not await found_by_carrier(case, Direction.IN, key):
        case.state.item_with_us = None


async def found_by_carrier(case: Case, direction: Direction, about: str) -> bool:
    """Claims a lost shipment from its carrier; returns whether it was found after all."""
    claim = await case.perform(CLAIM_FROM_CARRIER, about=about)
    travelling = ShipmentState.AWAITED if direction is Direction.IN else ShipmentState.SENT
    found = claim.result is Claim.FOUND
    state = travelling if found else ShipmentState.LOST
    case.shipments.ended_as(
        direction, state, case.done(CLAIM_FROM_CARRIER), case.last_key(CLAIM_FROM_CARRIER), carrier=claim.carrier
    )
    return found
