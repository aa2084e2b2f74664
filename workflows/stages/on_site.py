"""On-site visit (R6): cause and proposal, the customer's confirmation, work; a second visit for a missing part."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case
from workflows.stages.consent import plan_confirmed
from workflows.stages.dispatch import agree_service
from workflows.stages.give_back import give_item_back
from workflows.stages.who_pays import covered, who_pays

with workflow.unsafe.imports_passed_through():
    from domain.plan import Resolution, Stage
    from domain.tasks.on_site import AWAIT_PARTS, SITE_REPAIR, SITE_VISIT, Parts, Proposal, Visit, Work


async def on_site(case: Case) -> Stage:
    """Visits at the agreed time; work starts only after the customer has confirmed the plan."""
    await give_item_back(case)
    visit = await case.perform(SITE_VISIT, at=case.state.appointment)
    if visit.result is Visit.NOBODY_THERE:
        return await another_appointment(case)
    by = case.done(SITE_VISIT).by
    await who_pays(case, covered(case, visit.costs), by)
    if visit.proposal is Proposal.FACTORY_RETURN:
        case.costs.adopt(by)
        return to_the_factory(case)
    if not await plan_confirmed(case):
        return Stage.FOLLOW_UP

    repair = await case.perform(SITE_REPAIR, marks="work")
    if repair.result is Work.PART_MISSING:
        return await second_visit(case)
    if repair.result is Work.UNSOLVED:
        return to_the_factory(case)
    return Stage.ACCEPT


async def another_appointment(case: Case) -> Stage:
    """Nobody was there: another appointment is agreed; after the plan's number of tries somebody decides (X10)."""
    missed = sum(
        task.kind == SITE_VISIT.name and (task.outcome or {}).get("result") == Visit.NOBODY_THERE
        for task in case.record.tasks.values()
    )
    if missed % case.plan.attempts.limit == 0:
        await case.decide_on_absence(SITE_VISIT)
    return await agree_service(case, since="offered")


async def second_visit(case: Case) -> Stage:
    """Awaits the missing parts and agrees another visit; parts that cannot be had send the item to the factory."""
    parts = await case.perform(AWAIT_PARTS, marks="parts")
    if parts.result is Parts.UNOBTAINABLE:
        return to_the_factory(case)
    return await agree_service(case, since="parts")


def to_the_factory(case: Case) -> Stage:
    """What cannot be solved where it is goes back to the factory."""
    case.take_way(Resolution.FACTORY_RETURN)
    return Stage.RESOLVE
