"""What follows is agreed first: repaired at once inside warranty (W2), otherwise the cost is negotiated (W7)."""

from __future__ import annotations

from datetime import datetime

from temporalio import workflow

from workflows.case import Case
from workflows.stages.assessing import assessed, found_out
from workflows.stages.consent import plan_confirmed
from workflows.stages.give_back import give_item_back
from workflows.stages.who_pays import covered, proposed, who_pays

with workflow.unsafe.imports_passed_through():
    from domain.case import Negotiation
    from domain.events import SYSTEM
    from domain.plan import Resolution, Stage
    from domain.tasks.negotiate import DETERMINE_PROBLEM, TALK_TO_CUSTOMER, Talk
    from domain.tasks.on_site import CONFIRM_PLAN


async def agree(case: Case) -> Stage:
    """Organises the repair; no work and no cost of the customer's before they agreed to it."""
    if case.state.assessment is None:
        return Stage.VERIFY
    known, begun = case.state.assessment, case.record.now()
    if not (known.agreed or known.covered or known.determined):
        await _determine(case)
    settled = known.agreed or (await _covered(case) if assessed(case).covered else await _negotiated(case))
    _rested(case, begun)
    if not settled:
        await give_item_back(case)
        return Stage.FOLLOW_UP
    found_out(case, agreed=True)
    case.take_way(Resolution.WARRANTY_REPAIR)
    return Stage.RESOLVE


async def _determine(case: Case) -> None:
    """After-sales says what the problem is, whose it is, and what its repair costs."""
    told = await case.perform(DETERMINE_PROBLEM)
    found_out(case, determined=True, costs=told.costs)


async def _covered(case: Case) -> bool:
    """Inside warranty and not the customer's responsibility: the repair goes on at the company's cost (W2)."""
    proposed(case, covered(case, assessed(case).costs, route=Resolution.WARRANTY_REPAIR), SYSTEM)
    case.costs.adopt(SYSTEM)
    if case.state.customer_owes():
        await case.escalations.decision_needed("The product is covered, though the customer agreed to a cost before")
    return True


async def _negotiated(case: Case) -> bool:
    """Talks to the customer, then has them agree to the cost; returns whether they did (W7)."""
    talk = await case.meet(TALK_TO_CUSTOMER)
    known = found_out(case, costs=talk.costs or assessed(case).costs)
    coverage = covered(case, known.costs, route=Resolution.WARRANTY_REPAIR)
    special = f"Special circumstances: {talk.circumstances}" if talk.result is Talk.SPECIAL else ""
    await who_pays(case, coverage, case.done(TALK_TO_CUSTOMER).by, besides=special)
    agreed = await plan_confirmed(case)
    if agreed and case.plan.choices.confirmation == "price" and case.state.item_with_us == "workshop":
        case.mark("confirmation", case.done(CONFIRM_PLAN).happened_at)
    return agreed


def _rested(case: Case, begun: datetime) -> None:
    """While the customer was asked, the repair of an item that is with us rested."""
    ended = case.record.now()
    if case.state.item_with_us == "workshop" and ended > begun:
        found_out(case, negotiations=(*assessed(case).negotiations, Negotiation(begins=begun, ends=ended)))
