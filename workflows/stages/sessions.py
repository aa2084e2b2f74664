"""Support from a distance at the customer's time: by video (T5), by telephone (T6), by e-mail (T7)."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case
from workflows.stages.terms import counts_from, customer_waits
from workflows.stages.wind_up import dissolve_group

with workflow.unsafe.imports_passed_through():
    from domain.case.factory_support import SupportGroup
    from domain.plan import Stage
    from domain.tasks import UserTask
    from domain.tasks.sessions import (
        AGREE_SESSION,
        CONFIRM_SOLVED,
        EMAIL_SOLUTION,
        OPEN_GROUP,
        TELEPHONE_SESSION,
        VIDEO_SESSION,
        Session,
        SessionForm,
        Solved,
    )


async def video(case: Case) -> Stage:
    """Supports the customer by video in a temporary group."""
    return _after(case, await by_video(case, VIDEO_SESSION))


async def telephone(case: Case) -> Stage:
    """Supports the customer by telephone."""
    return _after(case, await _hold_session(case, TELEPHONE_SESSION))


async def email(case: Case) -> Stage:
    """Mails the solution, then asks whether it helped."""
    await case.perform(EMAIL_SOLUTION, since=counts_from(case, EMAIL_SOLUTION), holds=customer_waits(case))
    case.mark("work", case.done(EMAIL_SOLUTION).happened_at)
    told = await case.try_to_meet(CONFIRM_SOLVED)
    unsolved = told is not None and told.result is Solved.UNSOLVED
    return case.plan.stage_of_agreement if unsolved else Stage.ACCEPT


def _after(case: Case, solved: bool) -> Stage:
    """What is not solved goes back for another solution."""
    return Stage.ACCEPT if solved else case.plan.stage_of_agreement


async def by_video(case: Case, session: UserTask[SessionForm]) -> bool:
    """Holds a session in a temporary group, dissolved whatever came of it; returns whether it is solved."""
    solved = await _hold_session(case, session, in_group=True)
    await dissolve_group(case)
    return solved


async def _hold_session(case: Case, session: UserTask[SessionForm], *, in_group: bool = False) -> bool:
    """Agrees a time with the customer and holds the session; one that was missed is agreed anew (X10)."""
    missed = 0
    while True:
        agreed = await case.meet(AGREE_SESSION)
        if case.state.resolution is not None:
            case.take_way(case.state.resolution, agreed.appointment)
        case.state.support = case.state.support.model_copy(update={"technician": agreed.technician})
        if in_group and case.state.support.group_is_closed:
            await _open_group(case)
        held = await case.perform(session, at=case.state.appointment, marks="session")
        if held.result is not Session.MISSED:
            break
        missed += 1
        if missed % case.plan.attempts.limit == 0:
            await case.decide_on_absence(session)
    if held.result is Session.SOLVED:
        case.mark("work", case.done(session).happened_at)
    return held.result is Session.SOLVED


async def _open_group(case: Case) -> None:
    group = await case.perform(OPEN_GROUP, at=case.state.appointment)
    opened = SupportGroup(name=group.group, members=group.members, opened_at=case.done(OPEN_GROUP).happened_at)
    case.state.support = case.state.support.model_copy(update={"group": opened})
