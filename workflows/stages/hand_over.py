"""Handing over (T2, T3, T4): the factory gets the information and confirms it, then gives a solution.

Beside that the customer is asked for the repair time wanted and the use of the equipment. The solution does not wait
for the answer: the clocks of T7, T8 and T9 begin with it.
"""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case
from workflows.wait import CalledOff, Interrupted

with workflow.unsafe.imports_passed_through():
    from domain.case.factory_support import Solution, Wishes
    from domain.plan import Resolution, Stage
    from domain.tasks.hand_over import (
        ASK_WISHES,
        FACTORY_CONFIRMATION,
        PROPOSE_SOLUTION,
        SEND_TO_FACTORY,
        EnteredBy,
        Use,
    )


async def hand_over(case: Case) -> Stage:
    """Gets a solution from the factory; a case that comes back is only asked for another one."""
    if case.state.support.solution is None:
        if case.state.support.wishes is None:
            case.start(_wishes(case))
        await _first_solution(case)
    else:
        await _solution(case, since="offered", reason=_why_another(case))
    return Stage.RESOLVE


async def _first_solution(case: Case) -> None:
    sent = await case.perform(SEND_TO_FACTORY, marks="sending")
    itself = sent.answers is EnteredBy.FACTORY
    case.state.support = case.state.support.model_copy(update={"factory": sent.factory, "answers_itself": itself})
    await _received(case)
    await _solution(case)


async def _received(case: Case) -> None:
    """Has the factory confirm the receipt; after the last call in vain the panel decides (X10)."""
    since = None
    while (await case.perform(FACTORY_CONFIRMATION, since=since, marks="information_received")).is_attempt:
        await case.escalations.decision_needed("The factory does not confirm that it has the information")
        since = "offered"


async def _solution(case: Case, *, since: str | None = None, reason: str | None = None) -> None:
    role = None if case.state.support.answers_itself else case.plan.rule(PROPOSE_SOLUTION.name).otherwise
    given = await case.perform(PROPOSE_SOLUTION, since=since, role=role, reason=reason, marks="solution")
    solution = Solution(
        at=case.done(PROPOSE_SOLUTION).happened_at,
        way=given.way,
        items=given.items,
        written=given.written,
        why_replaced=given.why_replaced,
        task=case.last_key(PROPOSE_SOLUTION),
    )
    case.state.support = case.state.support.model_copy(update={"solution": solution})
    case.take_way(Resolution(given.way))


async def _wishes(case: Case) -> None:
    """Asks the customer, over the steps that follow if need be, until the case is solved or leaves its way."""
    try:
        told = await case.try_to_meet(ASK_WISHES)
    except (CalledOff, Interrupted):
        return
    if told is not None:
        wishes = Wishes(time_wanted=told.time_wanted or "", wanted_by=told.wanted_by, use=told.use or Use.OWN)
        case.state.support = case.state.support.model_copy(update={"wishes": wishes})


def _why_another(case: Case) -> str:
    tried = case.state.resolution or Resolution.FACTORY_RETURN
    return f"The first solution did not help: {tried.replace('_', ' ')}"
