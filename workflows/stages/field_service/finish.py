"""The end of a field service: invoice and fee for what the customer bears (M9), approval before the end (M10)."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case
from workflows.stages.field_service.request import ordered_in_the_app

with workflow.unsafe.imports_passed_through():
    from domain.case import Invoice
    from domain.events import EventKind
    from domain.plan import Stage
    from domain.tasks.field_service.finish import APPROVAL, ISSUE_INVOICE, PREPARE_INVOICE, Approval, Invoicing


async def invoice(case: Case) -> Stage:
    """Finance prepares the invoice, the service person hands it over and charges the fee, until it is paid."""
    if not case.state.customer_still_owes():
        _skip(case, "nothing is charged to the customer")
    while case.state.customer_still_owes():
        prepared = await case.perform(PREPARE_INVOICE)
        role = None if case.state.engineer else case.plan.rule(ISSUE_INVOICE.name).otherwise
        issued = await case.perform(ISSUE_INVOICE, role=role)
        if issued.result is Invoicing.PAID and issued.amount is not None:
            paid_at = case.done(ISSUE_INVOICE).happened_at
            paid = Invoice(number=prepared.invoice_number, amount=issued.amount, paid_at=paid_at)
            case.state.invoices = (*case.state.invoices, paid)
        elif issued.result is Invoicing.DISPUTED:
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


def _skip(case: Case, reason: str) -> None:
    case.record.note(EventKind.SKIPPED, data={"stage": case.state.stage, "reason": reason})
