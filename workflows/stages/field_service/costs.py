"""Who pays in field service, and the customer's consent before any cost they bear (M9, X9)."""

from __future__ import annotations

from typing import Any

from temporalio import workflow

from workflows.case import Case
from workflows.stages.consent import plan_confirmed

with workflow.unsafe.imports_passed_through():
    from domain.events import Actor
    from domain.tasks.parts import CostLine


async def costs_agreed(case: Case, costs: tuple[CostLine, ...], by: Actor, **how: Any) -> bool:
    """Puts the costs on record and asks the customer about what they would bear; returns whether work may go on.

    Without a cost for the customer it goes on at once: a repair on the spot needs no paper (M4). A refusal is how the
    case ends.
    """
    who_pays(case, costs, by)
    if case.costs.customer_pays_proposal:
        return await plan_confirmed(case, **how)
    case.costs.adopt(by)
    return True


def who_pays(case: Case, costs: tuple[CostLine, ...], by: Actor) -> None:
    """Puts the costs on record, each with its payer as entered."""
    case.costs.propose(costs, by)
