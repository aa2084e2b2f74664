"""Who pays the quoted costs of a way, by the plan's table (T10)."""

from __future__ import annotations

from collections.abc import Iterable

from domain.case.state import CaseState, TaskState
from domain.coverage import Charge, Coverage, Facts, decide
from domain.plan import Plan
from domain.tasks.factory import FACTORY_INSPECTION, FACTORY_REPAIR, AgreedRepairResult
from domain.tasks.hand_over import WhyReplaced
from domain.tasks.parts import CostKind, Cover, CustomerCanRepair, Payer
from domain.tasks.terms import FreeOfCharge, QuoteCostsForm


def who_pays(quote: QuoteCostsForm, case: CaseState, plan: Plan, *, repair_failed: bool) -> Coverage:
    """Returns every quoted cost with its payer and rule; work is given free of charge where the rules let it be.

    Raises AmountTooFine when an amount is finer than the smallest unit of the currency.
    """
    why = case.support.solution.why_replaced if case.support.solution else None
    facts = Facts(
        warranty=quote.warranty,
        customer_can_repair=quote.can_repair,
        route=case.resolution.value if case.resolution else None,
        repair_failed=repair_failed or why is WhyReplaced.UNREPAIRABLE,
        urgent=why is WhyReplaced.URGENT,
    )
    charges = (Charge(kind=cost.kind, text=cost.text, amount=cost.amount) for cost in quote.costs)
    coverage = decide(plan.coverage, facts, charges, currency=case.currency)
    return coverage.waive(*waivable(coverage)) if quote.free_of_charge is FreeOfCharge.YES else coverage


def waivable(coverage: Coverage) -> tuple[CostKind, ...]:
    """Returns the kinds of cost that the company may bear instead of the customer, as a recorded decision."""
    theirs = (line.kind for line in coverage.lines if line.waivable and line.payer is Payer.CUSTOMER)
    return tuple(dict.fromkeys(theirs))


def repair_failed(tasks: Iterable[TaskState]) -> bool:
    """True when the factory has tried in vain to repair it (T10c)."""
    return any(
        task.kind in (FACTORY_INSPECTION.name, FACTORY_REPAIR.name)
        and (task.outcome or {}).get("result") == AgreedRepairResult.NOT_REPAIRABLE
        for task in tasks
    )


def established(facts: Facts, case: CaseState) -> Facts:
    """Returns the facts with what was said of the case before, where it was left unknown now."""
    terms = case.support.terms
    if terms is None:
        return facts
    known: dict[str, object] = {}
    if facts.warranty is Cover.UNKNOWN:
        known["warranty"] = terms.warranty
    if facts.customer_can_repair is CustomerCanRepair.UNKNOWN:
        known["customer_can_repair"] = terms.can_repair
    return facts.model_copy(update=known)
