"""The end of a field service: invoice and fee for what the customer bears (M9), approval before the end (M10)."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case
from workflows.stages.field_service.request import ordered_in_the_app

with workflow.unsafe.imports_passed_through():
    from domain.case import Invoice
    from domain.events import EventKind
    from domain.plan import Stage
    from domain.tasks.field_service.finish import (
        APPROVAL,
        ISSUE_INVOICE,
        PREPARE_INVOICE,
        Approval,
        Invoicing,
        IssueInvoiceForm,
        PrepareInvoiceForm,
    )


async def invoice(case: Case) -> Stage:
    """Finance prepares the invoice, the service person hands it over and charges the fee, until all of it is paid."""
    if not case.state.customer_still_owes():
        _skip(case, "nothing is charged to the customer")
    while case.state.customer_still_owes():
        prepared = await case.perform(PREPARE_INVOICE)
        _record(case, prepared)
        role = None if case.state.engineer else case.plan.rule(ISSUE_INVOICE.name).otherwise
        issued = await case.perform(ISSUE_INVOICE, role=role)
        _book(case, prepared, issued)
        while issued.result is Invoicing.PAID_IN_PART:
            issued = await case.perform(ISSUE_INVOICE, role=role, since="offered")
            _book(case, prepared, issued)
        if issued.result is Invoicing.DISPUTED:
            await case.escalations.decision_needed("The customer disputes the invoice")
    case.costs.settle()
    return case.next_stage()


async def approve(case: Case) -> Stage:
    """Has the end of the order approved by somebody who did none of the work; a refusal opens the work again."""
    if case.plan.choices.approval == "app_orders" and not ordered_in_the_app(case):
        _skip(case, "only orders from the app are approved")
        return case.next_stage()
    word = await case.perform(APPROVAL)
    return case.plan.stage_of_agreement if word.decision is Approval.REFUSED else case.next_stage()


def _record(case: Case, prepared: PrepareInvoiceForm) -> None:
    """Keeps the official invoice; one that was prepared under the same number before stays as it is."""
    done = case.done(PREPARE_INVOICE)
    if all(one.number != prepared.invoice_number for one in case.state.invoices):
        case.papers.keep_invoice(
            Invoice(
                number=prepared.invoice_number,
                amount=prepared.amount,
                files=prepared.attachments,
                recorded_at=done.happened_at,
                by=done.by,
            )
        )


def _book(case: Case, prepared: PrepareInvoiceForm, issued: IssueInvoiceForm) -> None:
    if issued.result in (Invoicing.PAID, Invoicing.PAID_IN_PART) and issued.amount:
        case.papers.keep_payment(case.done(ISSUE_INVOICE), issued.amount, issued.reference, prepared.invoice_number)


def _skip(case: Case, reason: str) -> None:
    case.record.note(EventKind.SKIPPED, data={"stage": case.state.stage, "reason": reason})
