"""Replacement by decision of the general manager (X3)."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case

with workflow.unsafe.imports_passed_through():
    from domain.plan import Stage
    from domain.tasks.factory import SEND_REPLACEMENT


async def replacement(case: Case) -> Stage:
    """Sends the replacement; an item that is with us stays."""
    await case.perform(SEND_REPLACEMENT, marks="work")
    case.state.item_with_us = None
    return Stage.ACCEPT
