"""Acceptance (R8): the customer checks and signs; a refusal sends the case back to resolution."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case
from workflows.stages.give_back import found_by_carrier

with workflow.unsafe.imports_passed_through():
    from domain.case import Direction, Result
    from domain.plan import Resolution, Stage
    from domain.tasks.accept import ACCEPTANCE, Acceptance


async def accept(case: Case) -> Stage:
    """Has the customer accept and sign; whoever met the customer last has it signed."""
    case.call_off_steps("the case is solved without it")
    at_the_customers = case.state.resolution in (Resolution.ON_SITE, Resolution.DELIVERY, Resolution.FIELD_SERVICE)
    role = None if at_the_customers else case.plan.rule(ACCEPTANCE.name).otherwise
    word = await case.try_to_meet(ACCEPTANCE, role=role)
    while word is not None and word.decision is Acceptance.NOT_ARRIVED:
        if not await found_by_carrier(case, Direction.OUT, case.last_key(ACCEPTANCE)):
            await case.escalations.decision_needed("What was sent to the customer is lost")
        word = await case.try_to_meet(ACCEPTANCE, role=role, since="offered")
    if word is not None and word.decision is Acceptance.REFUSED:
        return case.plan.stage_of_agreement
    signed_at = case.done(ACCEPTANCE).happened_at if word else case.record.now()
    if word is not None:
        case.shipments.delivered(case.done(ACCEPTANCE), case.last_key(ACCEPTANCE))
    case.mark("signature", signed_at)
    case.promised.fulfilled(case.state.instants.get("work", signed_at))
    service_done = case.state.instants.get("work", signed_at)
    case.mark("completion", service_done if case.plan.choices.completion_of_service == "work" else signed_at)
    case.end_as(Result.REPLACED if case.state.resolution is case.plan.way_to_replace else Result.RESOLVED)
    return case.next_stage()
