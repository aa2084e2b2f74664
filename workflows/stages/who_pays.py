"""Who pays (R8, T10, W2, W7, M9): the plan's rules decide for each cost, and the panel where no rule speaks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from temporalio import workflow

from workflows.case import Case
from workflows.stages.consent import plan_confirmed
from workflows.wait import Interrupted

with workflow.unsafe.imports_passed_through():
    from domain.case.who_pays import facts_said
    from domain.coverage import Charge, Coverage, Facts, decide
    from domain.events import Actor
    from domain.tasks.parts import CostLine, Payer


def known_facts(case: Case) -> Facts:
    """Returns what was said in the case so far of what decides who pays."""
    return facts_said(case.state, case.record.tasks.values())


def covered(case: Case, costs: Iterable[Charge], **known: Any) -> Coverage:
    """Returns each cost with its payer by the plan's rules; `known` are facts that no form of the case tells."""
    facts = known_facts(case).model_copy(update=known)
    return decide(case.plan.coverage, facts, costs, currency=case.plan.currency)


def proposed(case: Case, coverage: Coverage, by: Actor) -> None:
    """Puts the costs on record; what no rule decides stands with the customer until the panel says otherwise."""
    left_open = (
        CostLine(
            kind=one.kind,
            text=one.text,
            amount=one.amount,
            payer=Payer.CUSTOMER,
            rule="No rule of the plan says it: the panel decides",
            source="X3",
        )
        for one in coverage.undecided_lines
    )
    case.costs.propose((*(line.as_cost() for line in coverage.lines), *left_open), by)


async def who_pays(case: Case, coverage: Coverage, by: Actor, *, besides: str = "") -> None:
    """Proposes the costs and has the panel decide what no rule does, and what else there is to decide `besides`.

    The panel may let it stand, share or waive it; the customer is asked before they bear any of it (X9). Raises
    Interrupted when the case takes another way: nothing stays proposed on a way that was left.
    """
    proposed(case, coverage, by)
    kinds = ", ".join(kind.title_text.lower() for kind in coverage.undecided)
    reasons = [one for one in (besides, kinds and f"No rule of the plan says who pays: {kinds}") if one]
    if not reasons:
        return
    await case.escalations.decision_needed(". ".join(reasons))
    if not case.on_course:
        case.costs.drop_proposal()
        raise Interrupted


async def costs_agreed(case: Case, by: Actor, **how: Any) -> bool:
    """Asks the customer about what they would bear of the proposal; returns whether it may go on (X9).

    Without a cost of theirs it goes on at once. A refusal is how the case ends.
    """
    if case.costs.customer_pays_proposal:
        return await plan_confirmed(case, **how)
    case.costs.adopt(by)
    return True
