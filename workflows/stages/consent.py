"""The customer's consent before any work and before any cost they bear (R6, X9)."""

from __future__ import annotations

from typing import Any

from temporalio import workflow

from workflows.case import Case

with workflow.unsafe.imports_passed_through():
    from domain.case import Result
    from domain.tasks.on_site import CONFIRM_PLAN, Consent


async def plan_confirmed(case: Case, **how: Any) -> bool:
    """Asks the customer to confirm plan and costs; returns whether work may start. A refusal is how the case ends."""
    answer = await case.meet(CONFIRM_PLAN, **how)
    done = case.done(CONFIRM_PLAN)
    if answer.decision is Consent.CONFIRMED:
        case.costs.agree(answer.given_by or "", done, case.last_key(CONFIRM_PLAN))
        return True
    case.costs.drop_proposal(done.by)
    case.end_as(Result.DECLINED)
    return False
