"""Settlement (R8) and, beside it, the satisfaction follow-up (R9)."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case
from workflows.stages.field_service.finish import invoice

with workflow.unsafe.imports_passed_through():
    from domain.case import Invoice
    from domain.plan import Stage
    from domain.tasks.accept import FOLLOW_UP, SETTLEMENT, Payment, SettlementForm
    from domain.tasks.on_site import AWAIT_PARTS


async def settle(case: Case) -> Stage:
    """Hands over the cost list and settles; the follow-up runs beside it, not behind it."""
    if case.plan.choices.completion_of_service == "settlement":
        await _settlement(case)
        await ask_how_it_went(case)
    else:
        await case.together(_settlement(case), ask_how_it_went(case))
    return case.next_stage()


async def _settlement(case: Case) -> None:
    role = None if case.state.engineer else case.plan.rule(SETTLEMENT.name).otherwise
    settled = await case.perform(SETTLEMENT, role=role, marks="settlement")
    _book(case, settled)
    while settled.payment is Payment.PAID_IN_PART:
        settled = await case.perform(SETTLEMENT, role=role, since="offered", marks="settlement")
        _book(case, settled)
    case.costs.settle()
    if case.plan.choices.completion_of_service == "settlement":
        case.mark("completion", case.done(SETTLEMENT).happened_at)


def _book(case: Case, settled: SettlementForm) -> None:
    """Keeps what was paid, and the official invoice if one is named."""
    done = case.done(SETTLEMENT)
    if settled.invoice_number and all(one.number != settled.invoice_number for one in case.state.invoices):
        case.papers.keep_invoice(
            Invoice(
                number=settled.invoice_number,
                amount=case.state.customer_still_owes(),
                files=settled.attachments,
                recorded_at=done.happened_at,
                by=done.by,
            )
        )
    if settled.amount:
        case.papers.keep_payment(done, settled.amount, settled.reference, settled.invoice_number)


async def settle_what_is_owed(case: Case) -> None:
    """Settles costs already agreed to and orders already placed, as far as that was not done (X5).

    Where the procedure charges by official invoice, so is what the customer still owes when a case ends early (M9).
    """
    if Stage.INVOICE in case.plan.stages and case.state.customer_still_owes():
        await invoice(case)
    tasks = [task.kind for task in case.record.tasks.values()]
    kinds = [kind for kind in tasks if kind in (AWAIT_PARTS.name, SETTLEMENT.name)]
    ordered_since = bool(kinds) and kinds[-1] == AWAIT_PARTS.name
    if case.costs.unsettled or ordered_since:
        await _settlement(case)


async def follow_up(case: Case) -> Stage:
    """Asks how it went after a service without acceptance; what was incurred until then is settled beside it."""
    await case.together(settle_what_is_owed(case), ask_how_it_went(case, since="offered"))
    return Stage.ARCHIVE


async def ask_how_it_went(case: Case, since: str | None = None) -> None:
    """Asks the customer how the service went; a silent one is given up by decision (R9, X10)."""
    await case.try_to_meet(FOLLOW_UP, since=since)
