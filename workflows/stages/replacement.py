"""Replacement, by decision of the panel (X3) or because the repair failed (W4)."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case

with workflow.unsafe.imports_passed_through():
    from domain.case import Content
    from domain.plan import Stage
    from domain.tasks.factory import SEND_REPLACEMENT


async def replacement(case: Case) -> Stage:
    """Sends the replacement; an item that is with us stays."""
    sent = await case.perform(SEND_REPLACEMENT, marks="work")
    content = Content(item=sent.item, serial_number=sent.serial_number)
    case.shipments.sent(sent, case.done(SEND_REPLACEMENT), case.last_key(SEND_REPLACEMENT), content=content)
    case.state.item_with_us = None
    return Stage.ACCEPT
