"""The customer's signed receipt on its way to finance, and the verification of a visit (Q7)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import Attachments, Line, Notes, Prose
from domain.tasks.user_task import UserTask, WaitsFor


class Brought(Choice):
    """Whether there is a receipt."""

    BROUGHT = "brought", "Brought to finance"
    NONE = "none", "There is no signed receipt"


class BringReceiptForm(Form):
    """The signed receipt as it was handed to finance."""

    needs: ClassVar = {
        ("result", "brought"): ("number", "handed_to", "attachments"),
        ("result", "none"): ("reason",),
    }

    result: Brought = Field(
        title="The receipt",
        description="Why there is none goes on record instead; one that the customer signed is asked after.",
    )
    number: Line | None = Field(None, title="Receipt number", description="As on the receipt, up to 200 characters.")
    handed_to: Line | None = Field(None, title="Handed to", description="Who in finance has it, up to 200 characters.")
    reason: Prose | None = Field(
        None, title="Why there is none", description="What was tried to get it, up to 4,000 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


BRING_RECEIPT = UserTask(
    name="bring_receipt",
    title="Bring the signed receipt to finance",
    clause="Q7",
    form=BringReceiptForm,
    guidance="Scan the receipt that the customer signed and hand the paper to finance.",
)


class Stored(Choice):
    """What finance does with a receipt."""

    STORED = "stored", "Checked and stored"
    SENT_BACK = "sent_back", "Sent back: wrong or incomplete"


class Verify(Choice):
    """Whether finance wants the service verified."""

    NO = "no", "No"
    YES = "yes", "Yes, ask the customer"


class StoreReceiptForm(Form):
    """Where the receipt is kept."""

    needs: ClassVar = {
        ("result", "stored"): ("place", "verify"),
        ("result", "sent_back"): ("reason",),
        ("verify", "yes"): ("reason",),
    }

    result: Stored = Field(title="The receipt", description="One that is wrong or incomplete goes back.")
    place: Line | None = Field(None, title="Stored where", description="File, binder or number, up to 200 characters.")
    verify: Verify | None = Field(
        None, title="Should a visit be verified?", description="By telephone or e-mail with the customer."
    )
    reason: Prose | None = Field(
        None, title="Why", description="What is wrong with it or gives cause to verify, up to 4,000 characters."
    )
    notes: Notes = None


STORE_RECEIPT = UserTask(
    name="store_receipt",
    title="Store the receipt",
    clause="Q7",
    form=StoreReceiptForm,
    guidance="Compare number, customer and signature with the case, then file it.",
)


class Means(Choice):
    """How a visit is verified with the customer."""

    TELEPHONE = "telephone", "By telephone"
    E_MAIL = "e_mail", "By e-mail"


class Verified(Choice):
    """What the customer says about a visit."""

    CONFIRMED = "confirmed", "The visit was as reported"
    CONTRADICTED = "contradicted", "It was not as reported"
    NO_ANSWER = "no_answer", "No answer"


class VerifyVisitForm(Form):
    """The customer's word on a visit."""

    needs: ClassVar = {
        ("result", "confirmed"): ("spoke_with",),
        ("result", "contradicted"): ("spoke_with", "difference"),
    }

    result: Verified = Field(title="The customer's word", description="A contradiction is put to the general manager.")
    means: Means = Field(title="How you asked", description="The document names these two ways.")
    spoke_with: Line | None = Field(
        None, title="Who answered", description="On the customer's side, up to 200 characters."
    )
    difference: Prose | None = Field(
        None, title="What was different", description="In the customer's words, up to 4,000 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


VERIFY_VISIT = UserTask(
    name="verify_visit",
    title="Verify the visit with the customer",
    clause="Q7",
    form=VerifyVisitForm,
    guidance="Ask whether the visit took place as reported: day, people, work done. Whoever visited does not ask.",
    waits_for=WaitsFor.CUSTOMER,
)
