"""The end: what is owed is given back and settled (X5), then everything is filed together (R10)."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case
from workflows.stages.give_back import give_item_back
from workflows.stages.settle import settle_what_is_owed
from workflows.stages.wind_up import wind_up

with workflow.unsafe.imports_passed_through():
    from domain.plan import Stage


async def give_back(case: Case) -> Stage:
    """Returns what was taken back, and settles orders already placed and costs already agreed to."""
    await give_item_back(case)
    case.costs.drop_proposal()
    await wind_up(case)
    await settle_what_is_owed(case)
    return Stage.ARCHIVE


async def archive(case: Case) -> None:
    """Waits until nothing is undecided or unacknowledged; the run then files the record and ends."""
    case.call_off_steps("the case is over")
    await case.escalations.all_answered()
