"""Parts (T8) and replacement of the equipment (T9): ordered by sales, bought by procurement, delivered in time."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from temporalio import workflow

from workflows.case import Case
from workflows.stages.sessions import by_video
from workflows.stages.terms import counts_from, customer_waits
from workflows.stages.wind_up import end_orders

with workflow.unsafe.imports_passed_through():
    from domain.case.orders import Order, OrderKind, OrderState
    from domain.model import to_utc, zone_named
    from domain.plan import Stage
    from domain.tasks import UserTask
    from domain.tasks.orders import (
        DELIVER_EQUIPMENT,
        ISSUE_EQUIPMENT_ORDER,
        ISSUE_PARTS_ORDER,
        PURCHASE_EQUIPMENT,
        PURCHASE_PARTS,
        RECEIVE_PARTS,
        RECEIVE_PARTS_NEARBY,
        Arrival,
        Bought,
        Distance,
        IssueOrderForm,
        Stock,
    )
    from domain.tasks.sessions import GUIDED_INSTALLATION


async def parts(case: Case) -> Stage:
    """Orders and buys the parts; once they are there the customer is guided by video to replace them."""
    await _issue(case, ISSUE_PARTS_ORDER)
    if not await _parts_at_the_customers(case):
        end_orders(case, OrderState.CANCELLED)
        return case.plan.stage_of_agreement
    end_orders(case, OrderState.ARRIVED)
    solved = await by_video(case, GUIDED_INSTALLATION)
    return Stage.ACCEPT if solved else case.plan.stage_of_agreement


async def _parts_at_the_customers(case: Case) -> bool:
    """Buys until the parts have arrived; False when they cannot be had."""
    since = None
    while True:
        bought = await case.perform(PURCHASE_PARTS, since=since, reason=_whose_city(case), marks="purchase")
        if bought.result is Bought.UNOBTAINABLE:
            return False
        nearby = bought.distance is Distance.SAME_CITY
        _place(case, PURCHASE_PARTS, OrderKind.PURCHASE, bought.number, supplier=bought.supplier, same_city=nearby)
        arrival = await case.perform(RECEIVE_PARTS_NEARBY if nearby else RECEIVE_PARTS)
        if arrival.result is Arrival.ARRIVED:
            return True
        _fail_the_last(case)
        since = "offered"


def _fail_the_last(case: Case) -> None:
    """The last purchase did not reach the customer as it should; it is bought again from the same order of sales."""
    failed = case.state.orders[-1].model_copy(update={"state": OrderState.FAILED, "ended_at": case.record.now()})
    case.state.orders = (*case.state.orders[:-1], failed)


def _whose_city(case: Case) -> str:
    """Which city counts for “from the same city”, by the plan's setting."""
    if case.plan.choices.parts_delivered_in == "companys_city":
        return "The city that counts is the company's"
    customer = case.state.application.customer
    return f"The city that counts is the customer's: {customer.address or customer.region or customer.name}"[:1000]


async def replacement_order(case: Case) -> Stage:
    """Orders and buys the replacement; from stock it is delivered the same day, else by the production cycle."""
    await _issue(case, ISSUE_EQUIPMENT_ORDER)
    bought = await case.perform(PURCHASE_EQUIPMENT, marks="purchase")
    if bought.result is Bought.UNOBTAINABLE:
        end_orders(case, OrderState.CANCELLED)
        return case.plan.stage_of_agreement
    in_stock = bought.stock is Stock.IN_STOCK
    by = _end_of_the_day(case, case.done(PURCHASE_EQUIPMENT).happened_at) if in_stock else bought.ready_by
    _place(
        case, PURCHASE_EQUIPMENT, OrderKind.PURCHASE, bought.number,
        supplier=bought.supplier, in_stock=in_stock, expected_at=by,
    )  # fmt: skip
    await case.perform(DELIVER_EQUIPMENT, at=by, marks="work")
    end_orders(case, OrderState.ARRIVED)
    case.state.item_with_us = None  # what is replaced stays
    return Stage.ACCEPT


async def _issue(case: Case, task: UserTask[IssueOrderForm]) -> None:
    order = await case.perform(task, since=counts_from(case, task), holds=customer_waits(case), marks="order")
    _place(case, task, OrderKind.AFTER_SALES, order.number, items=order.items)


def _place(case: Case, task: UserTask[Any], kind: OrderKind, number: str | None, **more: object) -> None:
    """Keeps an order on the case until it is delivered or settled."""
    done = case.done(task)
    items = case.state.orders[-1].items if case.state.orders else ""
    order = Order.model_validate(
        {"items": items, **more, "kind": kind, "number": number, "placed_at": done.happened_at, "placed_by": done.by}
    )
    case.state.orders = (*case.state.orders, order)


def _end_of_the_day(case: Case, at: datetime) -> datetime:
    """The end of the same day where the company works."""
    zone = zone_named(case.plan.calendar.time_zone)
    next_day = at.astimezone(zone).date() + timedelta(days=1)
    return to_utc(datetime.combine(next_day, time(0), zone))
