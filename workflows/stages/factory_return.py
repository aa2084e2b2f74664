"""Return to the factory (R7): instructions, receipt, inspection and repair in the promised time, the item goes back."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case
from workflows.stages.arrival import item_arrives
from workflows.stages.consent import plan_confirmed
from workflows.stages.give_back import give_item_back
from workflows.stages.terms import replaced_in_warranty
from workflows.stages.who_pays import covered, who_pays

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
    from domain.tasks.on_site import CONFIRM_PLAN


async def factory_return(case: Case) -> Stage:
    """Has the factory inspect and repair the item; the customer is kept informed meanwhile."""
    if case.state.item_with_us in (None, "on_the_way"):
        await case.perform(RETURN_INSTRUCTIONS)
        case.state.item_with_us = "on_the_way"
    arrives = case.state.item_with_us != "factory"
    if arrives and not await item_arrives(case, FACTORY_RECEIPT, "factory"):
        return Stage.FOLLOW_UP
    # An item that stays at the factory for another try, by decision, counts from then.
    since = None if arrives else "offered"
    informed = KeptInformed(case, since)
    try:
        return await _inspect_and_repair(case, since)
    finally:
        informed.call_off("the item left the factory")


class KeptInformed:
    """The customer is told how the repair goes, again and again until the item leaves the factory (R7)."""

    def __init__(self, case: Case, since: str | None) -> None:
        self._case = case
        self._over = False
        self._key = ""
        case.start(self._tell(since))

    def call_off(self, reason: str) -> None:
        """Nothing is left to tell."""
        self._over = True
        self._case.call_off(self._key, reason)

    async def _tell(self, since: str | None) -> None:
        while not self._over and not self._case.closing:
            self._key, told = self._case.ask_beside(PROGRESS_UPDATE, since=since)
            if await told is None:
                return
            since = "offered"


async def _inspect_and_repair(case: Case, since: str | None) -> Stage:
    inspection = await case.perform(FACTORY_INSPECTION, since=since, marks="work")
    by = case.done(FACTORY_INSPECTION).by
    repaired = inspection.result is FactoryResult.REPAIRED
    await who_pays(case, covered(case, inspection.costs), by)
    if inspection.result is FactoryResult.NEEDS_CONSENT:
        asked = case.record.now()
        if not await plan_confirmed(case, role=case.plan.rule(CONFIRM_PLAN.name).otherwise):
            await give_item_back(case)
            return Stage.FOLLOW_UP
        # The factory's time stands still while the customer makes up their mind.
        waited = Hold(begins=asked, ends=max(asked, case.record.now()), reason="waited for the customer's consent")
        repair = await case.perform(FACTORY_REPAIR, since=since, marks="work", holds=(waited,))
        repaired = repair.result is AgreedRepairResult.REPAIRED
    else:
        case.costs.adopt(by)
    if not repaired and replaced_in_warranty(case):
        case.take_way(case.plan.way_to_replace)
        return Stage.RESOLVE  # the item stays; the company bears the replacement (T10c)
    if not repaired:
        await case.escalations.decision_needed("The factory cannot repair the item")
    await give_item_back(case)
    if not repaired:
        case.end_as(Result.UNRESOLVED)
        return Stage.FOLLOW_UP
    return Stage.ACCEPT
