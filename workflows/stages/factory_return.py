"""Return to the factory (R7): instructions, receipt, inspection and repair in the promised time, the item goes back."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case
from workflows.stages.consent import plan_confirmed
from workflows.stages.give_back import give_item_back

with workflow.unsafe.imports_passed_through():
    from domain.case import Result
    from domain.clocks import Hold
    from domain.plan import Stage
    from domain.tasks.factory import (
        FACTORY_INSPECTION,
        FACTORY_RECEIPT,
        FACTORY_REPAIR,
        PROGRESS_UPDATE,
        RETURN_INSTRUCTIONS,
        AgreedRepairResult,
        FactoryResult,
    )


async def factory_return(case: Case) -> Stage:
    """Has the factory inspect and repair the item; the customer is kept informed meanwhile."""
    if case.state.item_with_us is None:
        await case.perform(RETURN_INSTRUCTIONS)
    arrives = case.state.item_with_us != "factory"
    if arrives:
        await case.meet(FACTORY_RECEIPT, marks="receipt")
        case.state.item_with_us = "factory"
    progress = case.beside(PROGRESS_UPDATE)
    try:
        # An item that stays at the factory for another try, by decision, counts from then.
        return await _inspect_and_repair(case, since=None if arrives else "offered")
    finally:
        case.call_off(progress, "the item left the factory")


async def _inspect_and_repair(case: Case, since: str | None) -> Stage:
    inspection = await case.perform(FACTORY_INSPECTION, since=since, marks="work")
    repaired = inspection.result is FactoryResult.REPAIRED
    case.costs.propose(inspection.costs, case.done(FACTORY_INSPECTION).by)
    if inspection.result is FactoryResult.NEEDS_CONSENT or (repaired and case.costs.customer_pays_proposal):
        asked = case.record.now()
        if not await plan_confirmed(case, role="customer_service"):
            await give_item_back(case)
            return Stage.FOLLOW_UP
        # The factory's time stands still while the customer makes up their mind.
        waited = Hold(begins=asked, ends=max(asked, case.record.now()), reason="waited for the customer's consent")
        repair = await case.perform(FACTORY_REPAIR, since=since, marks="work", holds=(waited,))
        repaired = repair.result is AgreedRepairResult.REPAIRED
    if not repaired:
        await case.escalations.decision_needed("The factory cannot repair the item")
        case.costs.drop_proposal()
    await give_item_back(case)
    if not repaired:
        case.ending = Result.UNRESOLVED
        return Stage.FOLLOW_UP
    return Stage.ACCEPT
