"""Verification (W1), and analysis with the customer while an abnormal problem is still there (W5)."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case
from workflows.stages.assessing import found_out

with workflow.unsafe.imports_passed_through():
    from domain.case import Assessment
    from domain.plan import Resolution, Stage
    from domain.tasks.analyse import ANALYSE_PROBLEM, SOLVE_PROBLEM, Solving
    from domain.tasks.verify import VERIFY_PRODUCT, Problem, Whereabouts


async def verify(case: Case) -> Stage:
    """Verifies product, fault and warranty; an abnormal problem is looked into while the item is still there."""
    case.papers.order_number()
    told = await case.meet(VERIFY_PRODUCT, marks="registration")
    sent = told.whereabouts is Whereabouts.SENT
    case.state.assessment = Assessment(
        whereabouts=told.whereabouts or Whereabouts.WITH_CUSTOMER,
        problem=told.problem or Problem.USUAL,
    )
    known = found_out(case)
    if sent:
        case.state.item_with_us = "on_the_way"
        case.shipments.expect(case.done(VERIFY_PRODUCT).by)
    return Stage.AGREE if sent or known.problem is Problem.USUAL else Stage.ANALYSE


async def analyse(case: Case) -> Stage:
    """Technical support and project manager analyse, determine and solve with the customer."""
    analysis = await case.try_to_meet(ANALYSE_PROBLEM)
    solving = await case.try_to_meet(SOLVE_PROBLEM) if analysis else None
    if solving is None:
        return Stage.AGREE
    if solving.result is Solving.SOLVED:
        case.take_way(Resolution.REMOTE)
        case.mark("work", case.done(SOLVE_PROBLEM).happened_at)
        return Stage.ACCEPT
    if case.state.assessment:
        found_out(case)
    return Stage.AGREE
