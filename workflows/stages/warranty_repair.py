"""Repair of a returned item: taken in, inspected, repaired in the promised time, inspected again (W3, W4, W6)."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case
from workflows.stages.arrival import item_arrives
from workflows.stages.assessing import assessed, found_out
from workflows.stages.give_back import give_item_back
from workflows.stages.who_pays import covered, proposed

with workflow.unsafe.imports_passed_through():
    from domain.case import Result
    from domain.clocks import Hold
    from domain.events import Actor
    from domain.plan import Resolution, Stage
    from domain.tasks.bench import (
        INSPECT_RETURNED,
        REINSPECT,
        REPAIR_AS_PROMISED,
        REPAIR_RETURNED,
        Finding,
        Remedy,
        Repaired,
        Standards,
    )
    from domain.tasks.delivery import RECEIVE_ITEM, RETURN_ITEM
    from domain.tasks.factory import RETURN_INSTRUCTIONS
    from domain.tasks.on_site import AWAIT_PARTS, Parts
    from domain.tasks.parts import CostEntry


async def warranty_repair(case: Case) -> Stage:
    """After-sales has the item sent in and follows it through inspection and repair until it goes back."""
    if not await _taken_in(case):
        return Stage.FOLLOW_UP
    if not assessed(case).inspected and (elsewhere := await _inspected(case)):
        return elsewhere
    return await _repaired(case)


async def _taken_in(case: Case) -> bool:
    """Has the item sent in; its receipt is the confirmation, unless the plan counts from a later one."""
    if case.state.item_with_us == "workshop":
        return True
    if case.state.item_with_us is None:
        await case.perform(RETURN_INSTRUCTIONS)
    if not await item_arrives(case, RECEIVE_ITEM, "workshop"):
        return False
    case.mark("confirmation", case.state.instants["receipt"])
    found_out(case, inspected=False, negotiations=())
    case.state.assessment = assessed(case).model_copy(update={"promised_for": None})
    return True


async def _inspected(case: Case) -> Stage | None:
    """Inspects the item before the repair; returns where the case goes if not on to the repair."""
    before = assessed(case)
    report = await case.perform(INSPECT_RETURNED)
    if case.plan.choices.confirmation == "diagnosis":
        case.mark("confirmation", case.done(INSPECT_RETURNED).happened_at)
    found_out(case, inspected=True)
    if report.result is Finding.NOT_REPAIRABLE:
        return await _beyond_repair(case)
    changed = report.result is Finding.CHANGED or assessed(case).covered != before.covered
    return (
        Stage.AGREE
        if await _to_be_agreed(case, report.costs, case.done(INSPECT_RETURNED).by, changed=changed)
        else None
    )


async def _to_be_agreed(case: Case, costs: tuple[CostEntry, ...], by: Actor, *, changed: bool) -> bool:
    """True when the customer must be asked first (X9); what the company bears goes on record at once."""
    coverage = covered(case, costs)
    proposed(case, coverage, by)
    if changed or coverage.undecided or case.costs.customer_pays_proposal:
        case.costs.drop_proposal(by)
        found_out(case, agreed=False, determined=True, costs=costs)
        return True
    case.costs.adopt(by)
    return False


async def _repaired(case: Case) -> Stage:
    """Repairs in the promised time; if it takes longer, by the date the customer was told with the preliminary one."""
    while True:
        promised = assessed(case).promised_for
        task = REPAIR_AS_PROMISED if promised else REPAIR_RETURNED
        work = await case.perform(task, at=promised, holds=_negotiations(case))
        match work.result:
            case Repaired.REPAIRED:
                case.mark("work", case.done(task).happened_at)
                if after := await _reinspected(case, case.last_key(task)):
                    return after
            case Repaired.MORE_TIME:
                found_out(case, promised_for=work.promised_for)
            case Repaired.PART_MISSING:
                promise = case.record.tasks[case.last_key(task)].due_at  # what was promised is not passed unseen (W6)
                parts = await case.perform(AWAIT_PARTS, marks="parts", not_after=promise)
                if parts.result is Parts.UNOBTAINABLE:
                    return await _beyond_repair(case)
            case Repaired.COST_CAME_UP:
                if await _to_be_agreed(case, work.costs, case.done(task).by, changed=False):
                    return Stage.AGREE
            case _:
                return await _beyond_repair(case)


def _negotiations(case: Case) -> tuple[Hold, ...]:
    """The times in which the repair rested because the customer was asked to agree to a cost."""
    reason = "the customer was asked to agree to a cost"
    return tuple(Hold(begins=one.begins, ends=one.ends, reason=reason) for one in assessed(case).negotiations)


async def _reinspected(case: Case, repair: str) -> Stage | None:
    """Marketing returns what meets the standards; else after-sales sees to return or replacement, or repairs again."""
    check = await case.perform(REINSPECT, about=repair)
    if check.result is Standards.MET:
        await give_item_back(case)
        return Stage.ACCEPT
    if check.remedy is Remedy.REPAIR_AGAIN:
        return None
    if check.remedy is Remedy.REPLACE:
        return await _beyond_repair(case)
    return await _returned_as_it_is(case)


async def _beyond_repair(case: Case) -> Stage:
    """Replaced where the warranty covers it (W4); otherwise it is for the panel to say what follows."""
    if assessed(case).covered:
        case.take_way(Resolution.REPLACEMENT)
        return Stage.RESOLVE
    await case.escalations.decision_needed("The item cannot be repaired, and the warranty does not cover it")
    return await _returned_as_it_is(case)


async def _returned_as_it_is(case: Case) -> Stage:
    await give_item_back(case, role=case.plan.rule(RETURN_ITEM.name).otherwise)
    case.end_as(Result.UNRESOLVED)
    return Stage.FOLLOW_UP
