"""Repair by delivery: the customer sends or brings the item in (R5), and it goes back afterwards."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.on_site import Proposal, RepairForm
from domain.tasks.parts import (
    Attachments,
    Conditions,
    ConditionsAnswer,
    Costs,
    Cover,
    Line,
    Notes,
    Prose,
    Responsibility,
    ResponsibilityAnswer,
    WarrantyAnswer,
)
from domain.tasks.user_task import UserTask, WaitsFor


class Receipt(Choice):
    """Whether an item arrived."""

    RECEIVED = "received", "Received"
    NOT_ARRIVED = "no_answer", "It has not arrived"
    NEVER_SENT = "never_sent", "It was never sent"
    LOST = "lost", "It was lost on its way"
    WRONG_ITEM = "wrong_item", "Another item arrived"


class ReceiveItemForm(Form):
    """The item as it arrived."""

    needs: ClassVar = {("result", "received"): ("condition",), ("result", "wrong_item"): ("condition",)}

    result: Receipt = Field(
        title="The item",
        description="One that has not arrived is asked after, as an attempt; one never sent is asked for, one lost is "
        "claimed from the carrier, a wrong one goes back.",
    )
    condition: Prose | None = Field(
        None, title="Condition", description="State, accessories and packing on arrival, up to 4,000 characters."
    )
    serial_number: Line | None = Field(None, title="Serial number", description="As on the item, up to 200 characters.")
    carrier: Line | None = Field(None, title="Carrier", description="Who brought it, up to 200 characters.")
    tracking_number: Line | None = Field(
        None, title="Tracking number", description="The carrier's number, up to 200 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


RECEIVE_ITEM = UserTask(
    name="receive_item",
    title="Receive the item",
    clause="R5",
    form=ReceiveItemForm,
    guidance="Compare the serial number, note the condition and take photos.",
    waits_for=WaitsFor.CUSTOMER,
)


class InspectionForm(Form):
    """What the inspection found, and the proposal."""

    cause: Prose = Field(
        title="What caused it?", description="In words the customer understands, up to 4,000 characters."
    )
    proposal: Proposal = Field(title="What do you propose?", description="The customer confirms before any work.")
    explanation: Prose = Field(
        title="How to explain it",
        description="The proposed solution in words for the customer, up to 4,000 characters.",
    )
    warranty: WarrantyAnswer = Cover.UNKNOWN
    conditions_of_use: ConditionsAnswer = Conditions.UNKNOWN
    responsibility: ResponsibilityAnswer = Responsibility.UNCLEAR
    costs: Costs = ()
    attachments: Attachments = ()
    notes: Notes = None


WORKSHOP_INSPECTION = UserTask(
    name="workshop_inspection",
    title="Inspect the item",
    clause="R5",
    form=InspectionForm,
    guidance="Verify the cause and work out a proposal. Do not start work: the customer confirms the plan first.",
)

WORKSHOP_REPAIR = UserTask(
    name="workshop_repair",
    title="Repair the item",
    clause="R5",
    form=RepairForm,
    guidance="Work as the customer confirmed it, and write down what the customer should know.",
)


class ReturnItemForm(Form):
    """How the item went back."""

    carrier: Line = Field(
        title="Carrier", description="Who carries it, or “collected by the customer”, up to 200 characters."
    )
    tracking_number: Line | None = Field(
        None, title="Tracking number", description="The carrier's number, up to 200 characters."
    )
    serial_number: Line | None = Field(None, title="Serial number", description="As on the item, up to 200 characters.")
    condition: Prose | None = Field(
        None, title="Condition", description="State and packing when it left, up to 4,000 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


RETURN_ITEM = UserTask(
    name="return_item",
    title="Send the item back to the customer",
    clause="R7",
    form=ReturnItemForm,
    guidance="Tell the customer the carrier and number.",
)


class ItemFound(Choice):
    """Where the customer's item is."""

    KEPT = "kept", "The customer has it"
    WITH_US = "with_us", "It has reached us"
    LOST = "lost", "It was lost on its way"


class LocateItemForm(Form):
    """Where the item is that the customer was to send."""

    result: ItemFound = Field(
        title="The item", description="One that has reached us is sent back; a lost one is claimed from the carrier."
    )
    told_by: Line = Field(
        title="How you know", description="Call, mail or goods received, and from whom, up to 200 characters."
    )


LOCATE_ITEM = UserTask(
    name="locate_item",
    title="Find out where the item is",
    clause="X5",
    form=LocateItemForm,
    guidance="The case is ending while the customer's item may be on its way to us.",
)
