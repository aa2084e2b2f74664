"""Giving back what we hold of the customer's."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case

with workflow.unsafe.imports_passed_through():
    from domain.tasks.delivery import LOCATE_ITEM, RETURN_ITEM, ItemFound


async def give_item_back(case: Case) -> None:
    """Sends the customer's item back, if it is with us; one that was to be sent is looked for first."""
    if case.state.item_with_us == "on_the_way":
        found = await case.perform(LOCATE_ITEM)
        case.state.item_with_us = "workshop" if found.result is ItemFound.WITH_US else None
    if case.state.item_with_us:
        await case.perform(RETURN_ITEM)
        case.state.item_with_us = None
