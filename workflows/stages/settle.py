"""Settlement (R8) and, beside it, the satisfaction follow-up (R9)."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case

with workflow.unsafe.imports_passed_through():
    from domain.plan import Stage
    from domain.tasks.accept import FOLLOW_UP, SETTLEMENT


async def settle(case: Case) -> Stage:
    """Hands over the cost list and settles; the follow-up runs beside it, not behind it."""
    if case.plan.choices.completion_of_service == "settlement":
        await _settlement(case)
        await follow_up(case)
    else:
        await case.together(_settlement(case), follow_up(case))
    return case.next_stage()


async def _settlement(case: Case) -> None:
    role = None if case.state.engineer else "customer_service"
    await case.perform(SETTLEMENT, role=role, marks="settlement")
    if case.plan.choices.completion_of_service == "settlement":
        case.mark("completion", case.done(SETTLEMENT).happened_at)


async def follow_up(case: Case) -> Stage:
    """Asks the customer how it went."""
    await case.meet(FOLLOW_UP, needed=False)
    return Stage.ARCHIVE
