"""The maintenance centre, and the customer's warranty card (M6, M7)."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, ClassVar

from pydantic import Field, WithJsonSchema

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
from domain.tasks.user_task import UserTask


class CentreFinding(Choice):
    """What the maintenance centre found."""

    REPAIRABLE = "repairable", "It can be repaired"
    NOT_REPAIRABLE = "not_repairable", "It cannot be repaired"


class CentreInspectionForm(Form):
    """What was taken back, as the maintenance centre found it."""

    needs: ClassVar = {("result", "repairable"): ("explanation",)}

    result: CentreFinding = Field(
        title="Result", description="What cannot be repaired is put before the general manager."
    )
    condition: Prose = Field(
        title="Condition", description="What arrived, compared with the handover form, up to 4,000 characters."
    )
    cause: Prose = Field(
        title="What caused it?", description="In words the customer understands, up to 4,000 characters."
    )
    explanation: Prose | None = Field(
        None, title="What will be done", description="The repair in words for the customer, up to 4,000 characters."
    )
    warranty: WarrantyAnswer = Cover.UNKNOWN
    conditions_of_use: ConditionsAnswer = Conditions.UNKNOWN
    responsibility: ResponsibilityAnswer = Responsibility.UNCLEAR
    costs: Costs = ()
    attachments: Attachments = ()
    notes: Notes = None


CENTRE_INSPECTION = UserTask(
    name="centre_inspection",
    title="Inspect it at the maintenance centre",
    clause="M6",
    form=CentreInspectionForm,
    guidance="Compare items, serial numbers and condition with the handover form. "
    "What the customer would pay for waits for their agreement.",
)

Hours = Annotated[
    Decimal,
    Field(gt=0, lt=1000, max_digits=5, decimal_places=2),
    WithJsonSchema(
        {"type": "string", "pattern": r"^(0\.(0[1-9]|[1-9][0-9]?)|[1-9][0-9]{0,2}(\.[0-9]{1,2})?)$"}, mode="validation"
    ),
]


class WarrantyCardForm(Form):
    """What is entered on the customer's warranty card."""

    serial_number: Line | None = Field(
        None,
        title="Serial number",
        description="As on the product, up to 200 characters; needed when the request named none, for the next repair "
        "finds the card by it. A product without one gets a label with a number of ours.",
    )
    hours: Hours = Field(title="Repair time in hours", description="Such as 1.5; travel is not counted.")
    operations: Prose = Field(
        title="Repair operations",
        description="What was done, as the next repair should see it, up to 4,000 characters.",
    )
    parts_used: Prose | None = Field(
        None, title="Parts put in", description="With their numbers, up to 4,000 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


WARRANTY_CARD_ENTRY = UserTask(
    name="warranty_card_entry",
    title="Enter the repair on the warranty card",
    clause="M7",
    form=WarrantyCardForm,
    guidance="Write time and operations on the customer's card and enter the same here; a photo of the card helps.",
)
