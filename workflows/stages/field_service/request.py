"""From the request to the agreed visit: requirement form or order from the app, evaluation, call (M1, M2, M3, M10)."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case

with workflow.unsafe.imports_passed_through():
    from domain.plan import Resolution, Stage
    from domain.tasks.dispatch import ASSIGN_ENGINEER
    from domain.tasks.field_service.request import (
        CALL_AHEAD,
        CONFIRM_VISIT,
        EVALUATE_FAULT,
        RECORD_ORDER,
        REGISTER_REQUEST,
    )

APP = "app"
"""The channel of orders placed in the app."""


def ordered_in_the_app(case: Case) -> bool:
    """True for an order from the app: the dispatcher takes it, and its end needs an approval (M10)."""
    return case.state.application.channel == APP


async def request(case: Case) -> Stage:
    """Registers the request at once; the work order exists from then on."""
    if ordered_in_the_app(case):
        await case.perform(RECORD_ORDER, marks="registration")
    else:
        await case.perform(REGISTER_REQUEST, marks="registration")
    case.papers.order_number()
    return case.next_stage()


async def evaluate(case: Case) -> Stage:
    """Has the fault evaluated and somebody assigned; an order from the app is dispatched by the dispatcher."""
    if ordered_in_the_app(case):
        await _assign(case, since="registration")
    else:
        await case.perform(EVALUATE_FAULT, marks="diagnosis")
        await _assign(case)
    return case.next_stage()


async def _assign(case: Case, since: str | None = None) -> None:
    role = case.plan.rule(ASSIGN_ENGINEER.name).otherwise if ordered_in_the_app(case) else None
    chosen = await case.perform(ASSIGN_ENGINEER, since=since, role=role, marks="assignment")
    case.state.engineer = chosen.engineer


async def call_ahead(case: Case) -> Stage:
    """Agrees the time of the visit with the customer; a case that comes back here is called by its service person."""
    case.papers.order_number()
    first_time = case.state.resolution is None
    if case.state.engineer is None:  # a decision led the case here before somebody was assigned
        await _assign(case, since="offered")
    if first_time and ordered_in_the_app(case):
        confirmed = await case.meet(CONFIRM_VISIT)
        case.take_way(Resolution.FIELD_SERVICE, confirmed.appointment)
    else:
        call = await case.meet(CALL_AHEAD, since=None if first_time else "offered")
        case.take_way(Resolution.FIELD_SERVICE, call.appointment)
    return Stage.RESOLVE
