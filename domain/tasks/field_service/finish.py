"""The end of a field service: invoice and fee, and the approval before the order ends (M9, M10)."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from domain.tasks.form import Choice, Form
from domain.tasks.parts import Amount, Attachments, Line, Notes, Prose
from domain.tasks.user_task import UserTask


class PrepareInvoiceForm(Form):
    """The invoice as finance prepared it."""

    invoice_number: Line = Field(title="Invoice number", description="Of the official invoice, up to 200 characters.")
    amount: Amount = Field(
        title="Amount", description="What the customer owes, in the plan's currency, two decimals at most."
    )
    attachments: Attachments = ()
    notes: Notes = None


PREPARE_INVOICE = UserTask(
    name="prepare_invoice",
    title="Prepare the invoice",
    clause="M9",
    form=PrepareInvoiceForm,
    guidance="The invoice is about what the customer agreed to and has not paid yet: the pro-forma invoice has it. "
    "Your own system issues the official one; enter its number here and attach its file. One that does not hold any "
    "more is taken back by a credit note, entered on the case's page.",
)


class Invoicing(Choice):
    """What came of the invoice."""

    PAID = "paid", "Handed over and paid"
    PAID_IN_PART = "paid_in_part", "Handed over and paid in part"
    DISPUTED = "disputed", "The customer disputes it"
    OUTDATED = "outdated", "Its amount is not right any more"


class IssueInvoiceForm(Form):
    """The invoice as the customer got it, and the fee."""

    needs: ClassVar = {
        ("result", "paid"): ("handed_to", "amount", "reference"),
        ("result", "paid_in_part"): ("handed_to", "amount", "reference"),
        ("result", "disputed"): ("objection",),
    }

    result: Invoicing = Field(
        title="The invoice",
        description="A dispute is decided by the general manager; an outdated one is prepared anew.",
    )
    handed_to: Line | None = Field(
        None, title="Handed to", description="Who took the invoice on the customer's side, up to 200 characters."
    )
    amount: Amount | None = Field(
        None, title="Amount received", description="In the plan's currency, two decimals at most."
    )
    reference: Line | None = Field(
        None, title="Reference", description="Receipt or transfer number, up to 200 characters."
    )
    objection: Prose | None = Field(
        None, title="What the customer objects to", description="In the customer's words, up to 4,000 characters."
    )
    attachments: Attachments = ()
    notes: Notes = None


ISSUE_INVOICE = UserTask(
    name="issue_invoice",
    title="Hand over the invoice and charge the fee",
    clause="M9",
    form=IssueInvoiceForm,
    guidance="Only an official invoice, and only what the customer agreed to.",
)


class Approval(Choice):
    """The approver's word."""

    APPROVED = "approved", "Approved: the order ends"
    REFUSED = "refused", "Refused: the work goes on"


class ApprovalForm(Form):
    """The approval before an order ends."""

    needs: ClassVar = {("decision", "refused"): ("reason",)}

    decision: Approval = Field(title="Decision", description="A refusal opens the work again.")
    reason: Prose | None = Field(
        None, title="Why", description="What is missing or wrong, for whoever does it again, up to 4,000 characters."
    )
    notes: Notes = None


APPROVAL = UserTask(
    name="approval",
    title="Approve the end of the order",
    clause="M10",
    form=ApprovalForm,
    guidance="Look through visit, signature, warranty card and invoice. Who did any of the work does not approve it.",
)
