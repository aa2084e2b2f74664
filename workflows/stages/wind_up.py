"""Winding up what a way left open that the case is no longer on: a group is dissolved, orders are settled (T5, X5)."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case

with workflow.unsafe.imports_passed_through():
    from domain.case.orders import OrderState
    from domain.tasks.orders import SETTLE_ORDERS
    from domain.tasks.parts import CostKind, CostLine, Payer
    from domain.tasks.sessions import DISSOLVE_GROUP


async def wind_up(case: Case) -> None:
    """Leaves no group and no order open behind."""
    await dissolve_group(case, since="offered")
    if not any(order.is_open for order in case.state.orders):
        return
    settled = await case.perform(SETTLE_ORDERS)
    end_orders(case, OrderState(settled.result))
    if settled.fee:
        line = CostLine(kind=CostKind.OTHER, text="Orders given up", amount=settled.fee, payer=Payer.COMPANY)
        by = case.done(SETTLE_ORDERS).by
        case.costs.propose((line,), by)
        case.costs.adopt(by)


async def dissolve_group(case: Case, since: str | None = None) -> None:
    """Has the temporary group dissolved, if there is one; by default the time for it counts from the session."""
    group = case.state.support.group
    if group is None or group.dissolved_at is not None:
        return
    await case.perform(DISSOLVE_GROUP, since=since)
    ended = group.model_copy(update={"dissolved_at": case.done(DISSOLVE_GROUP).happened_at})
    case.state.support = case.state.support.model_copy(update={"group": ended})


def end_orders(case: Case, how: OrderState) -> None:
    """Records what became of the orders still open."""
    now = case.record.now()
    case.state.orders = tuple(
        order.model_copy(update={"state": how, "ended_at": now}) if order.is_open else order
        for order in case.state.orders
    )
