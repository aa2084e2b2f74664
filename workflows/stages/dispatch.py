"""Dispatch (R5): an engineer is assigned, calls the customer, and agrees method and appointment."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case

with workflow.unsafe.imports_passed_through():
    from domain.plan import Resolution, Stage
    from domain.tasks.dispatch import ASSIGN_ENGINEER, ENGINEER_CALL


async def dispatch(case: Case) -> Stage:
    """Assigns an engineer where there is none yet, and has the service agreed with the customer."""
    case.papers.order_number()
    if case.state.engineer is None:
        # A case that comes back here (refused acceptance, decided route) does not count from its old diagnosis.
        first_time = case.state.resolution is None
        chosen = await case.perform(ASSIGN_ENGINEER, since=None if first_time else "offered", marks="assignment")
        case.state.engineer = chosen.engineer
        return await agree_service(case)
    return await agree_service(case, since="offered")


async def agree_service(case: Case, since: str | None = None) -> Stage:
    """The engineer calls the customer; what they agree decides how the case is resolved."""
    call = await case.meet(ENGINEER_CALL, since=since)
    if call.method is not None:
        case.take_way(Resolution(call.method), call.appointment)
    return Stage.RESOLVE
