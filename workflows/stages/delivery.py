"""Repair by delivery (R5): the customer sends or brings the item, it is inspected, agreed, repaired and given back."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case
from workflows.stages.arrival import item_arrives
from workflows.stages.consent import plan_confirmed
from workflows.stages.give_back import give_item_back
from workflows.stages.on_site import to_the_factory
from workflows.stages.who_pays import covered, who_pays

with workflow.unsafe.imports_passed_through():
    from domain.plan import Stage
    from domain.tasks.delivery import RECEIVE_ITEM, WORKSHOP_INSPECTION, WORKSHOP_REPAIR
    from domain.tasks.on_site import AWAIT_PARTS, Parts, Proposal, Work


async def delivery(case: Case) -> Stage:
    """Repairs in the workshop what was delivered; work starts only after the customer has confirmed the plan."""
    arrives = case.state.item_with_us != "workshop"
    if arrives and not await item_arrives(case, RECEIVE_ITEM, "workshop", at=case.state.appointment):
        return Stage.FOLLOW_UP
    inspection = await case.perform(WORKSHOP_INSPECTION, since=None if arrives else "offered")
    by = case.done(WORKSHOP_INSPECTION).by
    await who_pays(case, covered(case, inspection.costs), by)
    if inspection.proposal is Proposal.FACTORY_RETURN:
        case.costs.adopt(by)
        return to_the_factory(case)
    if not await plan_confirmed(case):
        await give_item_back(case)
        return Stage.FOLLOW_UP

    repair = await case.perform(WORKSHOP_REPAIR, marks="work")
    while repair.result is Work.PART_MISSING:
        parts = await case.perform(AWAIT_PARTS, marks="parts")
        if parts.result is Parts.UNOBTAINABLE:
            return to_the_factory(case)
        repair = await case.perform(WORKSHOP_REPAIR, since="parts", marks="work")
    if repair.result is Work.UNSOLVED:
        return to_the_factory(case)
    await give_item_back(case)
    return Stage.ACCEPT
