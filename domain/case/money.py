"""Invoices, credit notes and payments: what a case keeps of its money (M9, R8)."""

from __future__ import annotations

from decimal import Decimal

from domain.events import Actor
from domain.model import Frozen, Instant
from domain.tasks.form import Choice


class InvoiceKind(Choice):
    """What an official paper about money is."""

    INVOICE = "invoice", "Invoice"
    CREDIT_NOTE = "credit_note", "Credit note"


class Invoice(Frozen):
    """An official invoice or credit note, in the plan's currency.

    The company's own system issues it (fapiao, SdI); here are its number, its amount and the files that hold it.
    """

    kind: InvoiceKind = InvoiceKind.INVOICE
    number: str
    amount: Decimal
    credits: str | None = None
    """The number of the invoice that a credit note takes back, in whole or in part."""
    files: tuple[str, ...] = ()
    recorded_at: Instant
    by: Actor


class Paid(Frozen):
    """A payment that was received, in whole or in part, in the plan's currency."""

    amount: Decimal
    paid_at: Instant
    reference: str | None = None
    invoice: str | None = None
    """The number of the official invoice it is for, where that is known."""


def invoice_problem(
    kind: InvoiceKind, number: str, amount: Decimal, credited: str | None, known: tuple[Invoice, ...]
) -> tuple[str, str] | None:
    """Returns the field of a new invoice or credit note that does not fit what is on record, and why; None if it fits.

    `credited` is the number of the invoice that a credit note takes back.
    """
    if any(one.number == number for one in known):
        return "number", f"{number} is on record already"
    if kind is InvoiceKind.INVOICE:
        return ("credits", "is for a credit note alone") if credited else None
    if not credited:
        return "credits", "is needed: which invoice does the credit note take back?"
    found = next((one for one in known if one.kind is InvoiceKind.INVOICE and one.number == credited), None)
    if found is None:
        there = ", ".join(one.number for one in known if one.kind is InvoiceKind.INVOICE) or "none"
        return "credits", f"is no invoice of this case; on record: {there}"
    left = found.amount - sum((one.amount for one in known if one.credits == credited), Decimal(0))
    return ("amount", f"is more than the {left:.2f} left of {credited}") if amount > left else None
