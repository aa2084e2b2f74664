"""What is known of a case's warranty, and how it changes as more is found out."""

from __future__ import annotations

from typing import Any

from temporalio import workflow

from workflows.case import Case
from workflows.stages.who_pays import known_facts

with workflow.unsafe.imports_passed_through():
    from domain.case import Assessment


def assessed(case: Case) -> Assessment:
    """Returns what was verified. Raises RuntimeError before that: no stage asks earlier."""
    if case.state.assessment is None:
        raise RuntimeError("the product is verified before anything is agreed")
    return case.state.assessment


def found_out(case: Case, **changes: Any) -> Assessment:
    """Brings the assessment up to what was said in the case, and changes what else is known of it."""
    facts = known_facts(case)
    said = {"warranty": facts.warranty, "conditions": facts.conditions, "responsibility": facts.responsibility}
    case.state.assessment = assessed(case).model_copy(update={**said, **changes})
    return case.state.assessment
