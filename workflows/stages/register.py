"""Registration (R3): the customer is contacted, the requirement confirmed, the work order issued."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case

with workflow.unsafe.imports_passed_through():
    from domain.plan import Stage
    from domain.tasks.register import CONTACT_CUSTOMER


async def register(case: Case) -> Stage:
    """Contacts the customer within the promised time from the application."""
    contact = await case.try_to_meet(CONTACT_CUSTOMER, marks="registration")
    if contact is None:
        case.mark("registration", case.record.now())
    case.papers.order_number()
    return case.next_stage()
