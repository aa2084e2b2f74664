"""What is known of a case's warranty, and how it changes as more is found out."""

from __future__ import annotations

from typing import Any

from temporalio import workflow

from workflows.case import Case

with workflow.unsafe.imports_passed_through():
    from domain.case import Assessment


def assessed(case: Case) -> Assessment:
    """Returns what was verified. Raises RuntimeError before that: no stage asks earlier."""
    if case.state.assessment is None:
        raise RuntimeError("the product is verified before anything is agreed")
    return case.state.assessment


def found_out(case: Case, **changes: Any) -> Assessment:
    """Puts newer facts in place of older ones; what is None was not found out."""
    known = {name: value for name, value in changes.items() if value is not None}
    case.state.assessment = assessed(case).model_copy(update=known)
    return case.state.assessment
