"""Orders of parts and equipment: issued by sales, bought by procurement, delivered or settled otherwise (T8, T9)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import Amount, Attachments, Instant, Line, Notes, Prose
from domain.tasks.user_task import Asked, ByCustomer, Known, UserTask, WaitsFor


class IssueOrderForm(Form):
    """The order that sales issues."""

    number: Line = Field(title="Order number", description="Of the after-sales order, up to 200 characters.")
    items: Prose = Field(
        title="What is ordered",
        description="As in the written solution: numbers and quantities, up to 4,000 characters.",
    )
    ship_to: Prose = Field(title="Deliver to", description="Name, address and telephone, up to 4,000 characters.")
    attachments: Attachments = ()
    notes: Notes = None


ISSUE_PARTS_ORDER = UserTask(
    name="issue_parts_order",
    title="Issue the after-sales order for parts",
    clause="T8",
    form=IssueOrderForm,
    guidance="Order what the written solution names. Procurement buys from this order.",
)

ISSUE_EQUIPMENT_ORDER = UserTask(
    name="issue_equipment_order",
    title="Issue the order for the replacement",
    clause="T9",
    form=IssueOrderForm,
    guidance="Order the replacement. Procurement buys from this order.",
)


class Bought(Choice):
    """Whether the order could be placed with the factory."""

    PLACED = "placed", "Ordered"
    UNOBTAINABLE = "unobtainable", "Cannot be had"


class Distance(Choice):
    """Where the parts come from."""

    SAME_CITY = "same_city", "From the same city"
    ELSEWHERE = "elsewhere", "From elsewhere"


class PurchasePartsForm(Form):
    """The purchase of parts."""

    needs: ClassVar = {("result", "placed"): ("number", "supplier", "distance")}

    result: Bought = Field(
        title="The purchase", description="What cannot be had goes back to the factory for another solution."
    )
    number: Line | None = Field(None, title="Purchase order", description="Number of the order, up to 200 characters.")
    supplier: Line | None = Field(None, title="Bought from", description="Factory or stock, up to 200 characters.")
    distance: Distance | None = Field(
        None, title="Delivery from", description="The parts arrive the sooner from the same city."
    )
    attachments: Attachments = ()
    notes: Notes = None


PURCHASE_PARTS = UserTask(
    name="purchase_parts",
    title="Buy the parts",
    clause="T8",
    form=PurchasePartsForm,
    guidance="Buy from the after-sales order. The time to arrive counts from your purchase.",
)


class Arrival(Choice):
    """What arrived."""

    ARRIVED = "arrived", "Arrived complete and undamaged"
    WRONG = "wrong", "Wrong, incomplete or damaged: bought again"
    LOST = "lost", "Lost on the way: bought again"


class ReceivePartsForm(Form):
    """How the parts arrived."""

    needs: ClassVar = {("result", "arrived"): ("told_by",)}

    result: Arrival = Field(title="The parts", description="What is wrong or lost is bought again.")
    told_by: Line | None = Field(
        None, title="How you know", description="Carrier's proof or the customer's word, up to 200 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


_ARRIVAL = ByCustomer(
    question="Have the parts arrived at your place?",
    asks={
        "result": Asked(
            "Your answer",
            {
                "arrived": "Yes, complete and undamaged",
                "wrong": "Something is wrong, missing or damaged",
            },
        ),
        "notes": Asked("Anything you want to tell us"),
    },
    known={"told_by": Known.HOW},
)

RECEIVE_PARTS_NEARBY = UserTask(
    name="receive_parts_nearby",
    title="Confirm that the parts arrived, same city",
    clause="T8",
    form=ReceivePartsForm,
    guidance="Follow the delivery, and tell sales when the customer has the parts.",
    waits_for=WaitsFor.FACTORY,
    by_customer=_ARRIVAL,
)

RECEIVE_PARTS = UserTask(
    name="receive_parts",
    title="Confirm that the parts arrived, from elsewhere",
    clause="T8",
    form=ReceivePartsForm,
    guidance="Follow the delivery, and tell sales when the customer has the parts.",
    waits_for=WaitsFor.FACTORY,
    by_customer=_ARRIVAL,
)


class Stock(Choice):
    """Where the replacement comes from."""

    IN_STOCK = "in_stock", "Kept in stock: delivered today"
    PRODUCED = "produced", "Made by the factory"


class PurchaseEquipmentForm(Form):
    """The purchase of the replacement."""

    needs: ClassVar = {("result", "placed"): ("number", "supplier", "stock"), ("stock", "produced"): ("ready_by",)}

    result: Bought = Field(
        title="The purchase", description="What cannot be had goes back to the factory for another solution."
    )
    number: Line | None = Field(None, title="Purchase order", description="Number of the order, up to 200 characters.")
    supplier: Line | None = Field(None, title="Bought from", description="Factory or stock, up to 200 characters.")
    stock: Stock | None = Field(
        None, title="The replacement is", description="What is kept in stock is delivered the same day."
    )
    ready_by: Instant | None = Field(
        None,
        title="Delivered by",
        description="By the factory's production cycle: date, time and zone. It becomes the deadline of the delivery.",
    )
    attachments: Attachments = ()
    notes: Notes = None


PURCHASE_EQUIPMENT = UserTask(
    name="purchase_equipment",
    title="Buy the replacement",
    clause="T9",
    form=PurchaseEquipmentForm,
    guidance="Buy from the order. Ask the factory for its production cycle when it is not in stock.",
)


class DeliverEquipmentForm(Form):
    """How the replacement reached the customer."""

    serial_number: Line = Field(title="Serial number", description="Of the item delivered, up to 200 characters.")
    carrier: Line = Field(title="Carrier", description="Who brought it, up to 200 characters.")
    received_by: Line = Field(
        title="Received by", description="Name of the person on the customer's side, up to 200 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


DELIVER_EQUIPMENT = UserTask(
    name="deliver_equipment",
    title="Have the replacement delivered",
    clause="T9",
    form=DeliverEquipmentForm,
    guidance="From stock the same day, otherwise by the date of the factory's production cycle.",
    waits_for=WaitsFor.FACTORY,
)


class OrdersEnded(Choice):
    """What became of orders that are not needed any more."""

    CANCELLED = "cancelled", "Cancelled with the supplier"
    KEPT = "kept", "Taken into our stock"


class SettleOrdersForm(Form):
    """How orders already placed were settled."""

    result: OrdersEnded = Field(
        title="The orders", description="No order stays open behind a case that took another way."
    )
    told_by: Line = Field(title="How it was settled", description="With whom and how, up to 200 characters.")
    fee: Amount | None = Field(
        None, title="Cost to the company", description="Cancellation fee or freight, in the plan's currency."
    )
    notes: Notes = None


SETTLE_ORDERS = UserTask(
    name="settle_orders",
    title="Settle the orders that are not needed any more",
    clause="X5",
    form=SettleOrdersForm,
    guidance="The case took another way or ends while an order is open. The customer bears nothing of it.",
)
