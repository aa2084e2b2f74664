"""Giving back what we hold of the customer's."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case

with workflow.unsafe.imports_passed_through():
    from domain.tasks.delivery import RETURN_ITEM


async def give_item_back(case: Case) -> None:
    """Sends the customer's item back, if it is with us."""
    if case.state.item_with_us:
        await case.perform(RETURN_ITEM)
        case.state.item_with_us = None
