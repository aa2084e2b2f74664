"""Return to the factory: instructions, receipt, inspection and repair, progress, replacement (R7)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from domain.tasks.delivery import ReceiveItemForm
from domain.tasks.form import Choice, Form
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


class ReturnInstructionsForm(Form):
    """What the customer was told about the return."""

    address: Prose = Field(title="Return address", description="As given to the customer, up to 4,000 characters.")
    precautions: Prose = Field(
        title="Precautions", description="Packing, emptying, securing, papers to enclose, up to 4,000 characters."
    )
    told_by: Line = Field(
        title="How it was told", description="Mail, message or call, and to whom, up to 200 characters."
    )


RETURN_INSTRUCTIONS = UserTask(
    name="return_instructions",
    title="Give the return address and precautions",
    clause="R7",
    form=ReturnInstructionsForm,
    guidance="The customer needs the address and what to observe before the item is sent.",
)

FACTORY_RECEIPT = UserTask(
    name="factory_receipt",
    title="Confirm the factory's receipt",
    clause="R7",
    form=ReceiveItemForm,
    guidance="Enter when the item really arrived: the time for inspection and repair counts from then.",
    waits_for=WaitsFor.CUSTOMER,
    speaks_for="factory",
)


class FactoryResult(Choice):
    """What the factory came to."""

    REPAIRED = "repaired", "Repaired at no cost to the customer"
    NEEDS_CONSENT = "needs_consent", "Can be repaired; the customer must agree first"
    NOT_REPAIRABLE = "not_repairable", "Cannot be repaired"


class FactoryInspectionForm(Form):
    """The factory's inspection report."""

    needs: ClassVar = {("result", "needs_consent"): ("proposal", "costs")}
    result: FactoryResult = Field(
        title="Result", description="Nothing the customer pays for is done before the customer agrees."
    )
    report: Prose = Field(
        title="Inspection report", description="Findings, tests and work done, up to 4,000 characters."
    )
    proposal: Prose | None = Field(None, title="Proposed repair", description="What the customer is asked to agree to.")
    warranty: WarrantyAnswer = Cover.UNKNOWN
    conditions_of_use: ConditionsAnswer = Conditions.UNKNOWN
    responsibility: ResponsibilityAnswer = Responsibility.UNCLEAR
    costs: Costs = ()
    attachments: Attachments = ()
    notes: Notes = None


FACTORY_INSPECTION = UserTask(
    name="factory_inspection",
    title="Inspect and repair at the factory",
    clause="R7",
    form=FactoryInspectionForm,
    guidance="Inspection and repair are finished in the promised time from receipt.",
    waits_for=WaitsFor.FACTORY,
    speaks_for="factory",
)


class AgreedRepairResult(Choice):
    """How the agreed repair ended."""

    REPAIRED = "repaired", "Repaired as agreed"
    NOT_REPAIRABLE = "not_repairable", "Cannot be repaired"


class AgreedRepairForm(Form):
    """What the factory did after the customer agreed."""

    result: AgreedRepairResult = Field(title="Result", description="Repaired as agreed, or found to be beyond repair.")
    work_done: Prose = Field(title="Work done", description="Repair and tests, up to 4,000 characters.")
    attachments: Attachments = ()
    notes: Notes = None


FACTORY_REPAIR = UserTask(
    name="factory_repair",
    title="Repair as agreed at the factory",
    clause="R7",
    form=AgreedRepairForm,
    guidance="The time the customer took to agree is not counted.",
    waits_for=WaitsFor.FACTORY,
    speaks_for="factory",
)


class ProgressUpdateForm(Form):
    """What the customer was told on the way."""

    told: Prose = Field(
        title="What you told the customer",
        description="State of the repair and what comes next, up to 4,000 characters.",
    )
    told_by: Line = Field(
        title="How it was told", description="Mail, message or call, and to whom, up to 200 characters."
    )


PROGRESS_UPDATE = UserTask(
    name="progress_update",
    title="Tell the customer how the repair goes",
    clause="R7",
    form=ProgressUpdateForm,
    guidance="Ask the factory, then keep the customer informed.",
)


class SendReplacementForm(Form):
    """The replacement that went to the customer."""

    item: Line = Field(title="Replacement", description="Model of the item sent, up to 200 characters.")
    serial_number: Line = Field(title="Serial number", description="Of the item sent, up to 200 characters.")
    carrier: Line = Field(title="Carrier", description="Who carries it, up to 200 characters.")
    tracking_number: Line | None = Field(
        None, title="Tracking number", description="The carrier's number, up to 200 characters."
    )
    notes: Notes = None


SEND_REPLACEMENT = UserTask(
    name="send_replacement",
    title="Send the replacement",
    clause="X3",
    form=SendReplacementForm,
    guidance="The general manager decided on a replacement.",
)
