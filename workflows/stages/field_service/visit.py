"""The visit (M4), and the promised date with all that hangs on it (M5, M6), down to the warranty card (M7)."""

from __future__ import annotations

from typing import Any

from temporalio import workflow

from workflows.case import Case
from workflows.stages.field_service.centre import Repair, at_the_centre
from workflows.stages.give_back import give_item_back
from workflows.stages.who_pays import costs_agreed, covered, who_pays

with workflow.unsafe.imports_passed_through():
    from domain.case import Result
    from domain.plan import Resolution, Stage
    from domain.tasks import UserTask
    from domain.tasks.field_service.centre import WARRANTY_CARD_ENTRY
    from domain.tasks.field_service.request import AGREE_INSTALLATION
    from domain.tasks.field_service.visit import (
        FIELD_VISIT,
        HAND_OVER,
        INSTALL_AGAIN,
        PROMISE_DATE,
        FieldVisit,
        HandOver,
        Installation,
    )
    from domain.tasks.on_site import AWAIT_PARTS, SITE_REPAIR, Parts, Work


async def field_service(case: Case) -> Stage:
    """Visits the customer: repairs at once where that is possible, and promises a date where it is not."""
    await give_item_back(case)
    visit = await case.perform(FIELD_VISIT, at=case.state.appointment)
    if visit.result is FieldVisit.NOBODY_THERE:
        await _met_nobody(case, FIELD_VISIT)
        return Stage.CALL_AHEAD
    by = case.done(FIELD_VISIT).by
    await who_pays(case, covered(case, visit.costs), by)
    if not await costs_agreed(case, by):
        case.promised.dropped()
        return Stage.FOLLOW_UP
    if visit.result is FieldVisit.ON_THE_SPOT:
        repair = await case.perform(SITE_REPAIR)
        if repair.result is Work.SOLVED:
            return await _working_again(case, SITE_REPAIR)
    return await fixed_by_a_promised_date(case)


async def _met_nobody(case: Case, task: UserTask[Any]) -> None:
    """Nobody was there: another time is agreed; after the plan's number of tries somebody decides (X10)."""
    missed = sum(
        one.kind == task.name and (one.outcome or {}).get("result") == FieldVisit.NOBODY_THERE
        for one in case.record.tasks.values()
    )
    if missed % case.plan.attempts.limit == 0:
        await case.decide_on_absence(task)


async def fixed_by_a_promised_date(case: Case) -> Stage:
    """Promises a date, takes back what is to be repaired or fetches the parts, and comes again by that date."""
    while True:
        promise = await case.perform(PROMISE_DATE)
        case.promised.give(promise.promised_for, by=case.done(PROMISE_DATE).by, told=promise.told)
        handed = await case.perform(HAND_OVER, marks="receipt")
        if handed.result is HandOver.TAKEN_BACK:
            case.state.item_with_us = "on_the_way"
            repair = await at_the_centre(case)
        else:
            parts = await case.perform(AWAIT_PARTS, marks="parts")
            repair = Repair.DONE if parts.result is Parts.ARRIVED else Repair.IMPOSSIBLE
        if repair is Repair.IMPOSSIBLE:
            await case.escalations.decision_needed("What was promised to the customer cannot be repaired")
        if repair is not Repair.DONE:
            return await _unrepaired(case, repair)
        _kept_if_it_means_repaired(case)
        if await _works_at_the_customers(case):
            return await _working_again(case, INSTALL_AGAIN)


def _kept_if_it_means_repaired(case: Case) -> None:
    """Where the plan does not count the installation into the promised date, the promise is kept by the repair."""
    if not _covers_the_installation(case):
        case.promised.fulfilled(case.record.now())


def _covers_the_installation(case: Case) -> bool:
    return case.plan.rule(AGREE_INSTALLATION.name).within == "promised"


async def _works_at_the_customers(case: Case) -> bool:
    """Brings it back, installs and adjusts it; returns whether it works there."""
    while True:
        call = await case.meet(AGREE_INSTALLATION)
        case.take_way(Resolution.FIELD_SERVICE, call.appointment)
        promised = case.promised.in_force
        if promised and call.appointment and call.appointment > promised:
            by = case.done(AGREE_INSTALLATION).by
            case.promised.give(call.appointment, by=by, told="in the call", reason="agreed with the customer")
        brought = await case.perform(INSTALL_AGAIN, at=call.appointment)
        if brought.result is not Installation.NOBODY_THERE:
            case.state.item_with_us = None
            return brought.result is Installation.INSTALLED
        await _met_nobody(case, INSTALL_AGAIN)


async def _working_again(case: Case, by_task: UserTask[Any]) -> Stage:
    """It works: the repair goes on the customer's warranty card (M7), and the customer accepts it."""
    done = case.done(by_task)
    case.mark("work", done.happened_at)
    # A visit that is itself the promise is made within its window, and keeps it.
    promised = case.promised.in_force
    as_promised = done.kept and promised is not None and promised == case.state.appointment
    case.promised.fulfilled(promised if as_promised and promised else done.happened_at)
    card = await case.perform(WARRANTY_CARD_ENTRY)
    read = " ".join((card.serial_number or "").split())[:100]
    if read and read != case.state.serial_number:
        case.state.serial_found = read
    return Stage.ACCEPT


async def _unrepaired(case: Case, repair: Repair) -> Stage:
    """What is not repaired goes back as it is: the customer did not want to pay for it, or it cannot be repaired."""
    await give_item_back(case)
    if case.on_course:
        case.promised.dropped()
    if repair is Repair.IMPOSSIBLE:
        case.end_as(Result.UNRESOLVED)
    return Stage.FOLLOW_UP
