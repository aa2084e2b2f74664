"""Acceptance, settlement and follow-up (R8, R9)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import Amount, Attachments, Line, Notes, Prose, Reached
from domain.tasks.user_task import Asked, ByCustomer, Known, UserTask, WaitsFor


class Acceptance(Choice):
    """The customer's word on the result."""

    ACCEPTED = "accepted", "Accepted and signed"
    REFUSED = "refused", "The customer refuses"
    NOT_SIGNED = "no_answer", "Not signed yet"
    NOT_ARRIVED = "not_arrived", "The shipment has not reached the customer"


class Signature(Choice):
    """How the service confirmation was signed."""

    ELECTRONIC = "electronic", "Electronically, by the customer"
    PAPER = "paper", "On paper, scanned in"


class AcceptanceForm(Form):
    """The customer's check of the product and the signature on the service confirmation."""

    needs: ClassVar = {
        ("decision", "accepted"): ("checks", "signed_by", "signature", "evidence"),
        ("decision", "refused"): ("refusal", "refused_by", "evidence"),
        ("signature", "paper"): ("attachments",),
    }

    decision: Acceptance = Field(
        title="The customer's word",
        description="A refusal sends the case back to be resolved; a lost shipment is claimed.",
    )
    checks: Prose | None = Field(
        None,
        title="Functions checked",
        description="What the customer checked and saw working, up to 4,000 characters.",
    )
    signed_by: Line | None = Field(
        None,
        title="Signed by",
        description="Name of the person who signed on the customer's side, up to 200 characters.",
    )
    signature: Signature | None = Field(None, title="Signature", description="A paper form is scanned in and attached.")
    evidence: Prose | None = Field(
        None,
        title="Evidence",
        description="Where the customer's word is found: form number, mail, file, up to 4,000 characters.",
    )
    refusal: Prose | None = Field(
        None, title="Why refused", description="The customer's reasons, up to 4,000 characters."
    )
    refused_by: Line | None = Field(
        None,
        title="Refused by",
        description="Name of the person who refused on the customer's side, up to 200 characters.",
    )
    attachments: Attachments = ()
    notes: Notes = None


ACCEPTANCE = UserTask(
    name="acceptance",
    title="Have the customer accept and sign",
    clause="R8",
    form=AcceptanceForm,
    guidance="The customer checks the functions and signs the service confirmation. Nobody signs as the customer.",
    waits_for=WaitsFor.CUSTOMER,
    speaks_for="customer",
    by_customer=ByCustomer(
        question="Does everything work, and do you accept the result?",
        asks={
            "decision": Asked(
                "Your answer",
                {
                    "accepted": "Yes, it works and I accept the result",
                    "refused": "No, something is not right",
                    "not_arrived": "It has not reached me yet",
                },
            ),
            "checks": Asked("What did you check?", hint="What you tried and saw working."),
            "refusal": Asked("What is not right?", hint="We go back to it."),
        },
        known={
            "signed_by": Known.NAME,
            "refused_by": Known.NAME,
            "signature": Signature.ELECTRONIC.value,
            "evidence": Known.EVIDENCE,
        },
        signature="attachments",
    ),
)


class Payment(Choice):
    """How the costs were settled."""

    NOTHING_DUE = "nothing_due", "Nothing is due from the customer"
    PAID = "paid", "Paid"
    PAID_IN_PART = "paid_in_part", "Paid in part: the rest is still to come"


class SettlementForm(Form):
    """The cost list handed over, and how it was settled."""

    needs: ClassVar = {
        ("payment", "paid"): ("amount", "reference"),
        ("payment", "paid_in_part"): ("amount", "reference"),
    }

    cost_list: Prose = Field(
        title="Cost list handed over",
        description="To whom and how, or that there were no costs, up to 4,000 characters.",
    )
    payment: Payment = Field(title="Settlement", description="How what the customer owes was settled.")
    amount: Amount | None = Field(
        None, title="Amount", description="Received, in the plan's currency, two decimals at most."
    )
    reference: Line | None = Field(
        None, title="Reference", description="Receipt or transfer number, up to 200 characters."
    )
    invoice_number: Line | None = Field(
        None,
        title="Invoice number",
        description="Of the official invoice if there is one, up to 200 characters; attach its file.",
    )
    orders: Prose | None = Field(
        None,
        title="Orders settled",
        description="Parts or freight already ordered and how that was settled, up to 4,000 characters.",
    )
    attachments: Attachments = ()
    notes: Notes = None


SETTLEMENT = UserTask(
    name="settlement",
    title="Hand over the cost list and settle",
    clause="R8",
    form=SettlementForm,
    guidance="The list names parts outside warranty and labour, each with who bears it.",
)


class FollowUpForm(Form):
    """How the customer found the service."""

    needs: ClassVar = {("reached", "yes"): ("satisfaction",)}

    reached: Reached = Field(
        title="Did you reach the customer?", description="An attempt without an answer is recorded too."
    )
    satisfaction: Annotated[int, Field(ge=1, le=5)] | None = Field(
        None, title="Satisfaction", description="1 is very dissatisfied, 5 is very satisfied."
    )
    feedback: Prose | None = Field(
        None, title="Feedback", description="In the customer's words, up to 4,000 characters."
    )
    suggestions: Prose | None = Field(
        None, title="Suggestions for improvement", description="For product and service, up to 4,000 characters."
    )
    notes: Notes = None


FOLLOW_UP = UserTask(
    name="follow_up",
    title="Ask how it went",
    clause="R9",
    form=FollowUpForm,
    guidance="Ask for feedback and for suggestions for improvement.",
    waits_for=WaitsFor.CUSTOMER,
    by_customer=ByCustomer(
        question="How satisfied are you with our service?",
        asks={
            "satisfaction": Asked("Your rating", hint="1 is very dissatisfied, 5 is very satisfied."),
            "feedback": Asked("How was it?"),
            "suggestions": Asked("What should we do better?"),
        },
        known={"reached": Reached.YES.value},
    ),
)
