"""The visit and what follows where it does not solve the problem: promise, handover, bringing back (M4, M5, M6)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from domain.model import Frozen
from domain.tasks.accept import Signature
from domain.tasks.form import Choice, Form
from domain.tasks.parts import (
    Attachments,
    Conditions,
    ConditionsAnswer,
    Costs,
    Cover,
    Instant,
    Line,
    Notes,
    Prose,
    Responsibility,
    ResponsibilityAnswer,
    WarrantyAnswer,
)
from domain.tasks.user_task import UserTask, WaitsFor


class FieldVisit(Choice):
    """What the visit came to."""

    ON_THE_SPOT = "on_the_spot", "It can be repaired on the spot"
    LATER = "later", "It cannot be repaired on the spot"
    NOBODY_THERE = "nobody_there", "Nobody there, or no access"


class FieldVisitForm(Form):
    """What the investigation found, and how it was explained."""

    needs: ClassVar = {
        ("result", "on_the_spot"): ("cause", "explanation"),
        ("result", "later"): ("cause", "explanation"),
    }

    result: FieldVisit = Field(
        title="The visit", description="A visit that met nobody is recorded; another time is agreed."
    )
    cause: Prose | None = Field(
        None, title="What caused it?", description="In words the customer understands, up to 4,000 characters."
    )
    explanation: Prose | None = Field(
        None, title="How you explained it", description="As told to the customer, up to 4,000 characters."
    )
    warranty: WarrantyAnswer = Cover.UNKNOWN
    conditions_of_use: ConditionsAnswer = Conditions.UNKNOWN
    responsibility: ResponsibilityAnswer = Responsibility.UNCLEAR
    costs: Costs = ()
    attachments: Attachments = ()
    notes: Notes = None


FIELD_VISIT = UserTask(
    name="field_visit",
    title="Investigate at the customer's",
    clause="M4",
    form=FieldVisitForm,
    guidance="Investigate the cause promptly and explain it reasonably. What can be solved on the spot is repaired "
    "at once; what the customer would pay for needs their agreement first.",
    waits_for=WaitsFor.CUSTOMER,
)


class PromiseDateForm(Form):
    """The date by which the customer was promised that it will be fixed."""

    explanation: Prose = Field(
        title="How you explained it",
        description="Why it cannot be fixed on the spot, as told to the customer, up to 4,000 characters.",
    )
    promised_for: Instant = Field(
        title="Promised date",
        description="By when it will be fixed: date, time and zone. It is the deadline of the case from now on.",
    )
    told: Line = Field(title="Promised to whom", description="Name and how it was said, up to 200 characters.")
    notes: Notes = None


PROMISE_DATE = UserTask(
    name="promise_date",
    title="Promise the customer a date",
    clause="M5",
    form=PromiseDateForm,
    guidance="Explain patiently why it cannot be fixed now, and promise a date that the company can keep. "
    "Moving it later is a new promise, told to the customer.",
)


class HandOver(Choice):
    """What becomes of the product or its parts."""

    TAKEN_BACK = "taken_back", "We take it back for the company to handle"
    STAYS = "stays", "It stays: parts are fetched for it"


class HandedItem(Frozen):
    """One thing taken back from the customer."""

    item: Line = Field(title="Item", description="Product or part, with the quantity.")
    serial_number: Line = Field(title="Serial number", description="As on the item, or “none”.")
    condition: Line = Field(title="Condition", description="State and accessories when it was taken.")


class HandOverForm(Form):
    """The handover form: what was taken back, in which condition, and who signed for it."""

    needs: ClassVar = {
        ("result", "taken_back"): ("items", "signed_by", "signature", "evidence"),
        ("result", "stays"): ("missing_parts",),
        ("signature", "paper"): ("attachments",),
    }

    result: HandOver = Field(title="Product or parts", description="What is taken back is handed over in writing.")
    items: Annotated[
        tuple[HandedItem, ...],
        Field(title="Items taken back", max_length=30, description="One line for each product or part."),
    ] = ()
    signed_by: Line | None = Field(
        None,
        title="Signed by",
        description="Name of the person who signed on the customer's side, up to 200 characters.",
    )
    signature: Signature | None = Field(None, title="Signature", description="A paper form is scanned in and attached.")
    evidence: Prose | None = Field(
        None,
        title="Evidence",
        description="Where the signature is found: form number, mail, file, up to 4,000 characters.",
    )
    missing_parts: Prose | None = Field(
        None, title="Missing parts", description="Part numbers and quantities to order, up to 4,000 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


HAND_OVER = UserTask(
    name="hand_over",
    title="Hand over what is taken back",
    clause="M6",
    form=HandOverForm,
    guidance="List every item with serial number and condition; both sides sign. Nobody signs as the customer.",
)


class Installation(Choice):
    """How bringing it back ended."""

    INSTALLED = "installed", "Installed, adjusted and working"
    FAILS_AGAIN = "fails_again", "It does not work"
    NOBODY_THERE = "nobody_there", "Nobody there, or no access"


class InstallAgainForm(Form):
    """What was brought back and installed."""

    needs: ClassVar = {
        ("result", "installed"): ("adjusted", "instructions"),
        ("result", "fails_again"): ("adjusted",),
    }

    result: Installation = Field(
        title="Result", description="What does not work is promised for another date; another time is agreed otherwise."
    )
    adjusted: Prose | None = Field(
        None,
        title="Installed and adjusted",
        description="What was brought back, installed, adjusted or tried, up to 4,000 characters.",
    )
    instructions: Prose | None = Field(
        None,
        title="Shown and explained",
        description="The result demonstrated to the customer and the maintenance instructions given, "
        "up to 4,000 characters.",
    )
    attachments: Attachments = ()
    notes: Notes = None


INSTALL_AGAIN = UserTask(
    name="install_again",
    title="Bring it back, install and adjust it",
    clause="M6",
    form=InstallAgainForm,
    guidance="Compare what you bring with the handover form, install and adjust it, show the customer that it works.",
    waits_for=WaitsFor.CUSTOMER,
)
