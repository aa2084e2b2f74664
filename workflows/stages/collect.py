"""Collecting (T1): the customer's material is asked for and sorted, then the problem reported in writing."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case

with workflow.unsafe.imports_passed_through():
    from domain.plan import Stage
    from domain.tasks.collect import ASK_FOR_MATERIAL, COLLECT_MATERIAL, REPORT_PROBLEM


async def collect(case: Case) -> Stage:
    """Asks for material, waits for it, and has it reported; without material only by decision."""
    case.papers.order_number()
    await case.perform(ASK_FOR_MATERIAL)
    await case.try_to_meet(COLLECT_MATERIAL)
    await case.perform(REPORT_PROBLEM, marks="report")
    return case.next_stage()
