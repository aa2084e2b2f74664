"""Who pays: the one place where the repair's stages ask it, before a cost is proposed to anybody."""

from __future__ import annotations

from collections.abc import Iterable

from temporalio import workflow

from workflows.case import Case
from workflows.stages.assessing import assessed

with workflow.unsafe.imports_passed_through():
    from domain.coverage import Conditions, Facts, Responsibility, decide
    from domain.plan import Resolution
    from domain.tasks.parts import CostEntry, CostKind, CostLine, Payer
    from domain.warranty import Cover


def who_pays(case: Case, prices: Iterable[CostEntry]) -> tuple[tuple[CostLine, ...], tuple[CostKind, ...]]:
    """Returns the costs with their payers by the plan's table, and the kinds that no rule of it decides.

    Those stand with the customer until the panel says otherwise, and the customer is asked before they bear any of it.
    """
    known = assessed(case)
    facts = Facts(
        warranty=Cover(known.warranty.value),
        conditions=Conditions(known.conditions.value),
        responsibility=Responsibility(known.responsibility.value),
        route=Resolution.WARRANTY_REPAIR,
    )
    coverage = decide(case.plan.coverage, facts, prices, currency=case.plan.currency)
    open_lines = (
        CostLine(kind=one.kind, text=one.text, amount=one.amount, payer=Payer.CUSTOMER)
        for one in coverage.undecided_lines
    )
    return (*(line.as_cost() for line in coverage.lines), *open_lines), coverage.undecided
