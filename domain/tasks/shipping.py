"""Shipments that go wrong: one that was never sent is asked for, one that is lost is claimed from the carrier."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import Amount, Attachments, Instant, Line, Notes, Prose
from domain.tasks.user_task import UserTask, WaitsFor


class Sending(Choice):
    """What the customer says about the item that was to come."""

    WILL_SEND = "will_send", "It will be sent, or is on its way"
    KEEPS_IT = "keeps_it", "The customer does not send it"
    NO_ANSWER = "no_answer", "No answer"


class AskForItemForm(Form):
    """The customer's word on the item that did not come."""

    needs: ClassVar = {
        ("result", "will_send"): ("spoken_with", "arrives_by"),
        ("result", "keeps_it"): ("spoken_with", "reason"),
    }

    result: Sending = Field(
        title="The customer's word", description="One who does not send it ends the case as declined."
    )
    spoken_with: Line | None = Field(
        None, title="Spoken with", description="Name on the customer's side, up to 200 characters."
    )
    arrives_by: Instant | None = Field(
        None, title="Arrives by", description="When it should be here: date, time and zone."
    )
    carrier: Line | None = Field(None, title="Carrier", description="Who carries it, if known, up to 200 characters.")
    tracking_number: Line | None = Field(
        None, title="Tracking number", description="The carrier's number, up to 200 characters."
    )
    reason: Prose | None = Field(None, title="Why", description="In the customer's words, up to 4,000 characters.")
    notes: Notes = None


ASK_FOR_ITEM = UserTask(
    name="ask_for_item",
    title="Ask the customer for the item",
    clause="X10",
    form=AskForItemForm,
    guidance="It was not sent, or another item came. Ask when the right one is sent and by whom.",
    waits_for=WaitsFor.CUSTOMER,
)


class Claim(Choice):
    """What the carrier says of a lost shipment."""

    FOUND = "found", "It was found and is on its way"
    LOST = "lost", "It is lost"


class ClaimFromCarrierForm(Form):
    """The claim put to the carrier, and the answer."""

    needs: ClassVar = {("result", "lost"): ("claim_number",)}

    result: Claim = Field(title="The carrier's answer", description="What is lost for good goes to the panel.")
    carrier: Line = Field(title="Carrier", description="Who lost it, up to 200 characters.")
    claim_number: Line | None = Field(
        None, title="Claim number", description="The carrier's number of the claim, up to 200 characters."
    )
    compensation: Amount | None = Field(
        None, title="Compensation", description="What the carrier pays, in the plan's currency."
    )
    attachments: Attachments = ()
    notes: Notes = None


CLAIM_FROM_CARRIER = UserTask(
    name="claim_from_carrier",
    title="Claim the lost shipment from the carrier",
    clause="X5",
    form=ClaimFromCarrierForm,
    guidance="Put the claim in writing with number, content and value, and record the answer.",
)
