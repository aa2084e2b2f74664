"""Who pays in field service, and the customer's consent before any cost they bear (M9, X9)."""

from __future__ import annotations

from typing import Any, Protocol

from temporalio import workflow

from workflows.case import Case
from workflows.stages.consent import plan_confirmed

with workflow.unsafe.imports_passed_through():
    from domain.coverage import Charge, Conditions, Coverage, Facts, Responsibility, decide
    from domain.events import Actor, EventKind
    from domain.tasks.field_service.centre import CENTRE_INSPECTION
    from domain.tasks.field_service.visit import FIELD_VISIT
    from domain.tasks.parts import CostLine, Payer
    from domain.warranty import Cover

_TELLING = (FIELD_VISIT.name, CENTRE_INSPECTION.name)
"""The tasks that say what decides who pays."""


class Priced(Protocol):
    """The outcome of a task that names costs."""

    @property
    def costs(self) -> Any:
        """The costs, before it is said who bears them."""


async def costs_agreed(case: Case, found: Priced, by: Actor, **how: Any) -> bool:
    """Puts the costs on record and asks the customer about what they would bear; returns whether work may go on.

    Without a cost for the customer it goes on at once: a repair on the spot needs no paper (M4). What no rule decides
    stands with the customer until the general manager says otherwise. A refusal is how the case ends.
    """
    coverage = who_pays(case, found)
    left_open = coverage.undecided_lines
    undecided = (CostLine(kind=one.kind, text=one.text, amount=one.amount, payer=Payer.CUSTOMER) for one in left_open)
    case.costs.propose((*(line.as_cost() for line in coverage.lines), *undecided), by)
    if coverage.lines or left_open:
        lines = [line.model_dump(mode="json") for line in coverage.lines]
        case.record.note(EventKind.COVERED, by, data={"lines": lines, "undecided": list(coverage.undecided)})
    if left_open:
        kinds = ", ".join(kind.title_text.lower() for kind in coverage.undecided)
        await case.escalations.decision_needed(f"No rule of the plan says who bears: {kinds}")
    if case.costs.customer_pays_proposal or not case.on_course:
        return await plan_confirmed(case, **how)
    case.costs.adopt(by)
    return True


def who_pays(case: Case, found: Priced) -> Coverage:
    """Returns every cost with its payer and the rule that decided, by the plan's table and what is known."""
    charges = [Charge(kind=one.kind, text=one.text, amount=one.amount) for one in found.costs]
    return decide(case.plan.coverage, _facts(case), charges, currency=case.plan.currency)


def _facts(case: Case) -> Facts:
    """What was last said about it; the maintenance centre need not repeat what was said at the customer's."""
    said: dict[str, str] = {}
    for task in case.record.tasks.values():
        if task.kind in _TELLING and task.outcome:
            said |= {name: str(value) for name, value in task.outcome.items()}
    return Facts(
        warranty=Cover(said.get("warranty", Cover.UNKNOWN)),
        conditions=Conditions(said.get("conditions_kept", Conditions.UNKNOWN)),
        responsibility=Responsibility(said.get("responsibility", Responsibility.UNCLEAR)),
        route=case.state.resolution.value if case.state.resolution else None,
    )
