"""Who pays (T10): the plan's rules say it, the panel of the rest, and the customer agrees first (X9)."""

from __future__ import annotations

from typing import Any

from temporalio import workflow

from workflows.case import Case
from workflows.stages.consent import plan_confirmed

with workflow.unsafe.imports_passed_through():
    from domain.case.factory_support import Terms
    from domain.case.who_pays import repair_failed, who_pays
    from domain.clocks import Hold
    from domain.coverage import Coverage
    from domain.plan import Resolution
    from domain.tasks import UserTask
    from domain.tasks.hand_over import ASK_WISHES
    from domain.tasks.on_site import CONFIRM_PLAN
    from domain.tasks.parts import CostLine, Cover, Payer
    from domain.tasks.terms import QUOTE_COSTS, FreeOfCharge, QuoteCostsForm

_WITH_COSTS = frozenset({Resolution.PARTS, Resolution.REPLACEMENT_ORDER, Resolution.FACTORY_RETURN})


async def terms_agreed(case: Case) -> bool:
    """Has the costs of a way entered and agreed; returns whether it may begin. A refusal is how the case ends."""
    if case.state.resolution not in _WITH_COSTS:
        return True
    quote = await case.perform(QUOTE_COSTS, since=counts_from(case, QUOTE_COSTS), holds=customer_waits(case))
    by = case.done(QUOTE_COSTS).by
    coverage = who_pays(quote, case.state, case.plan, repair_failed=repair_failed(case.record.tasks.values()))
    _keep(case, quote, coverage)
    undecided = coverage.undecided_lines
    open_lines = (
        CostLine(
            kind=one.kind, text=one.text, amount=one.amount, payer=Payer.CUSTOMER,
            rule="Decided by the panel: no rule of the plan says it", source="T11",
        )
        for one in undecided
    )  # fmt: skip
    case.costs.propose((*(line.as_cost() for line in coverage.lines), *open_lines), by)
    if undecided:  # laid on the customer until the panel has decided: waived, shared, or theirs after all
        what = ", ".join(line.text for line in undecided)
        await case.escalations.decision_needed(f"No rule says who pays: {what}"[:1000])
    if case.on_course and not case.costs.customer_pays_proposal:
        case.costs.adopt(by)
        return True
    return await plan_confirmed(case)


def _keep(case: Case, quote: QuoteCostsForm, coverage: Coverage) -> None:
    done = case.done(QUOTE_COSTS)
    terms = Terms(
        at=done.happened_at,
        by=done.by,
        warranty=quote.warranty,
        can_repair=quote.can_repair,
        free_of_charge=quote.free_of_charge is FreeOfCharge.YES,
        reason=quote.reason,
        lines=coverage.lines,
        undecided=coverage.undecided,
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
        if one.kind in (CONFIRM_PLAN.name, ASK_WISHES.name) and one.offered_at and one.ended_at
        and one.ended_at > solution.at
    )  # fmt: skip
    return tuple(waited)


def replaced_in_warranty(case: Case) -> bool:
    """True when the plan replaces, without a decision, what cannot be repaired in warranty (T10c, T12)."""
    terms = case.state.support.terms
    in_warranty = terms is not None and terms.warranty is Cover.IN
    return in_warranty and case.plan.choices.unrepairable == "replaced_in_warranty"
