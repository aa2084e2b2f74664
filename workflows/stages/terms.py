"""Who pays (T10): the plan's rules say it, the panel of the rest, and the customer agrees first (X9)."""

from __future__ import annotations

from typing import Any

from temporalio import workflow

from workflows.case import Case
from workflows.stages.who_pays import costs_agreed, covered, known_facts, who_pays

with workflow.unsafe.imports_passed_through():
    from domain.case.factory_support import Terms
    from domain.clocks import Hold
    from domain.plan import Resolution
    from domain.tasks import UserTask
    from domain.tasks.on_site import CONFIRM_PLAN
    from domain.tasks.parts import Cover, CustomerCanRepair
    from domain.tasks.terms import QUOTE_COSTS, FreeOfCharge, QuoteCostsForm

_WITH_COSTS = frozenset({Resolution.PARTS, Resolution.REPLACEMENT_ORDER, Resolution.FACTORY_RETURN})


async def terms_agreed(case: Case) -> bool:
    """Has the costs of a way entered and agreed; returns whether it may begin. A refusal is how the case ends."""
    if case.state.resolution not in _WITH_COSTS:
        return True
    quote = await case.perform(QUOTE_COSTS, since=counts_from(case, QUOTE_COSTS), holds=customer_waits(case))
    by = case.done(QUOTE_COSTS).by
    if quote.can_repair is CustomerCanRepair.NO and _sent_in_instead(case):
        case.take_way(Resolution.FACTORY_RETURN)  # T10b, T12: parts help nobody who cannot fit them
        return await terms_agreed(case)
    coverage = covered(case, quote.costs)
    if quote.free_of_charge is FreeOfCharge.YES:
        coverage = coverage.waive(*coverage.waivable)
    _keep(case, quote)
    await who_pays(case, coverage, by)
    return await costs_agreed(case, by)


def _sent_in_instead(case: Case) -> bool:
    """True when what the customer cannot repair goes back to the factory: in warranty, where the plan has that way."""
    of_parts = case.state.resolution is Resolution.PARTS and Resolution.FACTORY_RETURN in case.plan.resolutions
    return of_parts and known_facts(case).warranty is Cover.IN


def _keep(case: Case, quote: QuoteCostsForm) -> None:
    done = case.done(QUOTE_COSTS)
    terms = Terms(
        at=done.happened_at,
        by=done.by,
        warranty=quote.warranty,
        can_repair=quote.can_repair,
        free_of_charge=quote.free_of_charge is FreeOfCharge.YES,
        reason=quote.reason,
    )
    case.state.support = case.state.support.model_copy(update={"terms": terms})


def counts_from(case: Case, task: UserTask[Any]) -> str | None:
    """Where the budget of a step begins that counts from the solution: None for there, `offered` where it did not
    lead here (a decided way, another try)."""
    solution = case.state.support.solution
    if solution is None or solution.way.value != case.state.resolution:
        return "offered"
    again = any(
        one.kind == task.name and one.offered_at is not None and one.offered_at > solution.at
        for one in case.record.tasks.values()
    )
    return "offered" if again else None


def customer_waits(case: Case) -> tuple[Hold, ...]:
    """The times since the solution in which a colleague waited for the customer: not theirs to answer for."""
    solution = case.state.support.solution
    if solution is None:
        return ()
    waited = (
        Hold(begins=max(one.offered_at, solution.at), ends=one.ended_at, reason="waited for the customer's answer")
        for one in case.record.tasks.values()
        if one.kind == CONFIRM_PLAN.name and one.offered_at and one.ended_at and one.ended_at > solution.at
    )  # fmt: skip
    return tuple(waited)


def replaced_in_warranty(case: Case) -> bool:
    """True when the plan replaces, without a decision, what cannot be repaired in warranty (T10c, T12)."""
    in_warranty = known_facts(case).warranty is Cover.IN
    return in_warranty and case.plan.choices.unrepairable == "replaced_in_warranty"
