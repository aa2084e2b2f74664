"""Verification of a request for a repair: which product, since when, what is wrong, inside warranty or not (W1)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import Attachments, Conditions, Day, Line, Notes, Prose, Responsibility
from domain.tasks.user_task import UserTask, WaitsFor


class Verified(Choice):
    """Whether the product information could be verified."""

    VERIFIED = "verified", "Verified"
    NO_ANSWER = "no_answer", "Something is missing and the customer does not answer"


class Warranty(Choice):
    """How the product stands to its contractual warranty on the day of the request."""

    IN = "in", "In warranty"
    OUT = "out", "Out of warranty"


class Whereabouts(Choice):
    """Where the item is."""

    WITH_CUSTOMER = "with_customer", "Still with the customer"
    SENT = "sent", "Sent to us, or here already"


class Problem(Choice):
    """Whether somebody must look into the problem before the item is sent in."""

    USUAL = "usual", "A usual fault"
    ABNORMAL = "abnormal", "An abnormal problem"


class VerifyProductForm(Form):
    """The product information as it was verified."""

    needs: ClassVar = {
        ("result", "verified"): (
            "model", "specification", "delivery_date", "fault", "customer", "warranty", "responsibility", "whereabouts",
            "problem",
        ),
        ("warranty", "in"): ("conditions_of_use",),
    }  # fmt: skip

    result: Verified = Field(title="Result", description="A question that met no answer is recorded as an attempt.")
    model: Line | None = Field(None, title="Model", description="As on the type plate, up to 200 characters.")
    specification: Prose | None = Field(
        None, title="Specification", description="Variant or equipment, up to 4,000 characters."
    )
    serial_number: Line | None = Field(None, title="Serial number", description="As on the item, up to 200 characters.")
    delivery_date: Day | None = Field(
        None, title="Delivery date", description="The warranty is reckoned from it; not in the future."
    )
    fault: Prose | None = Field(
        None, title="Fault description", description="What happens and since when, up to 4,000 characters."
    )
    customer: Line | None = Field(None, title="Customer", description="Company or person, up to 200 characters.")
    warranty: Warranty | None = Field(
        None, title="Contractual warranty", description="On the day the request reached us."
    )
    conditions_of_use: Conditions | None = Field(
        None, title="Conditions of use", description="Whether those of the warranty were kept."
    )
    responsibility: Responsibility | None = Field(
        None,
        title="Caused by",
        description="Inside warranty and not the customer's responsibility it is repaired; otherwise what follows "
        "is agreed with the customer first.",
    )
    whereabouts: Whereabouts | None = Field(
        None, title="Where is the item?", description="One on its way is received and inspected."
    )
    problem: Problem | None = Field(
        None,
        title="Kind of problem",
        description="An abnormal one is analysed with the customer while the item is still there.",
    )
    attachments: Attachments = ()
    notes: Notes = None


VERIFY_PRODUCT = UserTask(
    name="verify_product",
    title="Verify the product information",
    clause="W1",
    form=VerifyProductForm,
    guidance="Specification, model, delivery date, fault, customer, and whether it is inside the contractual warranty. "
    "Ask the customer for what is missing.",
    waits_for=WaitsFor.CUSTOMER,
)
