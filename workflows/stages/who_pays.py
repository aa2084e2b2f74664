"""Who pays (R8, T10, W2, W7, M9): the plan's rules decide for each cost, and the panel where no rule speaks."""

from __future__ import annotations

from collections.abc import Iterable

from temporalio import workflow

from workflows.case import Case
from workflows.wait import Interrupted

with workflow.unsafe.imports_passed_through():
    from domain.coverage import Charge, Facts, decide
    from domain.events import Actor
    from domain.tasks.parts import CostLine, Payer


async def who_pays(case: Case, charges: Iterable[Charge], facts: Facts, by: Actor) -> None:
    """Proposes the entered costs, each with its payer and the rule that decided.

    What no rule decides is a special case: unless the panel waives or shares it, the customer is asked to bear it, and
    nothing is done before they agree (X9). Raises Interrupted when the case takes another way.
    """
    coverage = decide(case.plan.coverage, facts, charges, currency=case.plan.currency)
    lines = tuple(line.as_cost() for line in coverage.lines)
    if coverage.undecided_lines:
        kinds = ", ".join(kind.title_text.lower() for kind in coverage.undecided)
        await case.escalations.decision_needed(f"No rule of the plan says who pays: {kinds}")
        if not case.on_course:
            raise Interrupted  # decided otherwise: nothing is proposed on a way that was left
        lines += tuple(
            CostLine(
                kind=open_.kind,
                text=open_.text,
                amount=open_.amount,
                payer=Payer.CUSTOMER,
                rule="Decided by the panel",
                source="X3",
            )
            for open_ in coverage.undecided_lines
        )
    case.costs.propose(lines, by)
