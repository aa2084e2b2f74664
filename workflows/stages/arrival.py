"""The customer's item arrives, or does not: never sent, lost on its way, another item in its place."""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow

from workflows.case import Case
from workflows.shipping import another_item
from workflows.stages.give_back import found_by_carrier, send_back

with workflow.unsafe.imports_passed_through():
    from domain.case import Direction, Result, ShipmentState
    from domain.tasks import UserTask
    from domain.tasks.delivery import Receipt, ReceiveItemForm
    from domain.tasks.shipping import ASK_FOR_ITEM, Sending


async def item_arrives(case: Case, task: UserTask[ReceiveItemForm], place: str, *, at: datetime | None = None) -> bool:
    """Waits until the customer's item is at a place; returns False when the customer does not send it.

    What we have already and pass on ourselves is not asked of the customer when it does not arrive.
    """
    since: str | None = None
    ours = case.state.item_with_us not in (None, "on_the_way")
    while True:
        if case.on_course:  # a decision about a lost item may have taken the case elsewhere
            case.state.item_with_us = "on_the_way"
            case.shipments.expect()
        arrival = await case.meet(task, at=at, since=since)
        done, key = case.done(task), case.last_key(task)
        at, since = None, "offered"
        if arrival.result is Receipt.RECEIVED:
            case.shipments.arrived(arrival, done, key)
            case.mark("receipt", done.happened_at)
            case.state.item_with_us = place
            return True
        if arrival.result is Receipt.LOST:
            if not await found_by_carrier(case, Direction.IN, key):
                case.state.item_with_us = None
                await case.escalations.decision_needed("The customer's item was lost on its way to us")
            continue
        if arrival.result is Receipt.WRONG_ITEM:
            case.shipments.arrived(arrival, done, key, wrong=True)
            case.state.item_with_us = place
            await send_back(case, content=another_item(arrival), about=key, reason="Another item arrived")
        else:
            case.shipments.ended_as(Direction.IN, ShipmentState.NOT_SENT, done, key)
        if ours and arrival.result is Receipt.NEVER_SENT:
            continue  # our own people send it on; the receipt stays due
        case.state.item_with_us = None
        asked = await case.meet(ASK_FOR_ITEM, about=key)
        if asked.result is Sending.KEEPS_IT:
            case.end_as(Result.DECLINED)
            return False
        at = asked.arrives_by
        case.shipments.expect(case.done(ASK_FOR_ITEM).by, carrier=asked.carrier, tracking_number=asked.tracking_number)
