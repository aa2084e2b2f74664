"""After acceptance: the receipt goes to finance, sales follows up, a visit is verified where that is necessary (Q7).

Beside that, what is to be done about a confirmed quality issue is followed to its end (Q8).
"""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case
from workflows.stages.measures import measures
from workflows.stages.settle import ask_how_it_went, settle_what_is_owed

with workflow.unsafe.imports_passed_through():
    from domain.case.feedback import StoredReceipt, drawn
    from domain.plan import Stage
    from domain.tasks.accept import ACCEPTANCE, Acceptance
    from domain.tasks.receipt import (
        BRING_RECEIPT,
        STORE_RECEIPT,
        VERIFY_VISIT,
        BringReceiptForm,
        Brought,
        Stored,
        StoreReceiptForm,
        Verified,
        Verify,
    )
    from domain.tasks.service import SERVICE_VISIT, Visited

_WHICH = {"acceptance_slip": "The acceptance slip", "payment_receipt": "The payment receipt"}


async def receipt(case: Case) -> Stage:
    """Brings the receipt to finance and follows up; no measure against a quality issue is left open behind it."""
    await case.together(_settled_and_verified(case), measures(case))
    return case.next_stage()


async def _settled_and_verified(case: Case) -> None:
    """The receipt and beside it the follow-up; then the visit is verified where that is necessary."""
    await case.together(_to_finance(case), ask_how_it_went(case))
    visit = _last_visit(case)
    if visit is not None and _to_be_verified(case):
        word = await case.try_to_meet(VERIFY_VISIT, about=visit)
        if word is not None and word.result is Verified.CONTRADICTED:
            await case.escalations.decision_needed("The customer contradicts the report of a visit")


async def _to_finance(case: Case) -> None:
    """What is owed is settled; then the receipt is brought to finance, again as often as finance sends it back.

    One that the customer gave and that does not reach finance is for the panel to say what follows.
    """
    owed = bool(case.state.customer_owes())
    await settle_what_is_owed(case)
    if case.plan.choices.receipt == "payment_receipt" and not owed:
        return  # nothing was paid, so there is no receipt for it
    which, since = _WHICH[case.plan.choices.receipt], None
    while True:
        brought = await case.perform(BRING_RECEIPT, since=since, reason=which)
        if brought.result is Brought.NONE:
            if _given(case):
                await case.escalations.decision_needed(f"{which} did not reach finance: {brought.reason}"[:1000])
            return
        stored = await case.perform(STORE_RECEIPT, about=case.last_key(BRING_RECEIPT), reason=which)
        if stored.result is Stored.STORED:
            _keep(case, brought, stored)
            return
        since = "offered"


def _given(case: Case) -> bool:
    """True when there must be one: the customer signed the slip, or paid."""
    if case.plan.choices.receipt == "payment_receipt":
        return True
    words = [task.outcome for task in case.record.tasks.values() if task.kind == ACCEPTANCE.name and task.outcome]
    return bool(words) and words[-1].get("decision") == Acceptance.ACCEPTED


def _keep(case: Case, brought: BringReceiptForm, stored: StoreReceiptForm) -> None:
    """Keeps which receipt is stored where, for the pages and for the verification."""
    if case.state.feedback is not None:
        kept = StoredReceipt(
            number=brought.number or "",
            place=stored.place or "",
            stored_at=case.done(STORE_RECEIPT).happened_at,
            verify=stored.verify is Verify.YES,
        )
        case.state.feedback = case.state.feedback.model_copy(update={"receipt": kept})


def _last_visit(case: Case) -> str | None:
    """Key of the last visit that took place, also one that did not solve it; None when the customer had none."""
    happened = (Visited.SERVED, Visited.UNSOLVED)
    visits = [
        task.key
        for task in case.record.tasks.values()
        if task.kind == SERVICE_VISIT.name and task.outcome and task.outcome.get("result") in happened
    ]
    return visits[-1] if visits else None


def _to_be_verified(case: Case) -> bool:
    """True when it is necessary to verify a visit with the customer, as the plan's choices read the word."""
    feedback, choices = case.state.feedback, case.plan.choices
    asked = feedback is not None and feedback.receipt is not None and feedback.receipt.verify
    by_lot = choices.visit_verification == "drawn" and drawn(case.state.case_id, choices.verified_share)
    return asked or by_lot or choices.visit_verification == "every"
