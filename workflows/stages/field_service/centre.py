"""The maintenance centre inspects and repairs what was taken back, by the promised date (M6)."""

from __future__ import annotations

from enum import Enum

from temporalio import workflow

from workflows.case import Case
from workflows.stages.who_pays import costs_agreed, covered, who_pays

with workflow.unsafe.imports_passed_through():
    from domain.tasks.delivery import WORKSHOP_REPAIR
    from domain.tasks.field_service.centre import CENTRE_INSPECTION, CentreFinding
    from domain.tasks.on_site import AWAIT_PARTS, CONFIRM_PLAN, Parts, Work


class Repair(Enum):
    """What came of a repair."""

    DONE = "done"
    REFUSED = "refused"
    """The customer does not bear its costs."""
    IMPOSSIBLE = "impossible"


async def at_the_centre(case: Case) -> Repair:
    """Has the item inspected and repaired; work at the customer's cost starts only when they agreed to it (X9)."""
    inspection = await case.perform(CENTRE_INSPECTION)
    case.state.item_with_us = "workshop"
    by = case.done(CENTRE_INSPECTION).by
    await who_pays(case, covered(case, inspection.costs), by)
    if not await costs_agreed(case, by, role=case.plan.rule(CONFIRM_PLAN.name).otherwise):
        return Repair.REFUSED
    if inspection.result is CentreFinding.NOT_REPAIRABLE:
        return Repair.IMPOSSIBLE
    repair = await case.perform(WORKSHOP_REPAIR)
    while repair.result is Work.PART_MISSING:
        parts = await case.perform(AWAIT_PARTS, marks="parts")
        if parts.result is Parts.UNOBTAINABLE:
            return Repair.IMPOSSIBLE
        repair = await case.perform(WORKSHOP_REPAIR)
    return Repair.DONE if repair.result is Work.SOLVED else Repair.IMPOSSIBLE
