"""The end: what is owed is given back and settled (X5), then everything is filed together (R10)."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case
from workflows.stages.give_back import give_item_back

with workflow.unsafe.imports_passed_through():
    from domain.documents import DocumentKind
    from domain.plan import Stage
    from domain.tasks.accept import SETTLEMENT
    from domain.tasks.on_site import AWAIT_PARTS


async def give_back(case: Case) -> Stage:
    """Returns what was taken back, and settles orders already placed and costs already agreed to."""
    await give_item_back(case)
    case.costs.drop_proposal()
    parts_ordered = any(task.kind == AWAIT_PARTS.name for task in case.record.tasks.values())
    if case.costs.incurred or parts_ordered:
        await case.perform(SETTLEMENT, role=None if case.state.engineer else "customer_service")
    return Stage.ARCHIVE


async def archive(case: Case) -> None:
    """Files work order, reports, service records and papers together, once nothing is before the panel any more."""
    await case.escalations.none_asked()
    if case.course == case.stage_course:
        case.papers.order(DocumentKind.CASE_FILE)
