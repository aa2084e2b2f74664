"""Preliminary determination (R4): solved from a distance, or explained and handed on to dispatch."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case

with workflow.unsafe.imports_passed_through():
    from domain.plan import Resolution, Stage
    from domain.tasks.diagnose import REMOTE_DIAGNOSIS, Diagnosis


async def diagnose(case: Case) -> Stage:
    """Guides the customer through self-checks."""
    diagnosis = await case.try_to_meet(REMOTE_DIAGNOSIS, marks="diagnosis")
    if diagnosis and diagnosis.result is Diagnosis.SOLVED:
        case.take_way(Resolution.REMOTE)
        case.mark("work", case.done(REMOTE_DIAGNOSIS).happened_at)
        return Stage.ACCEPT
    if diagnosis is None:
        case.mark("diagnosis", case.record.now())
    return case.next_stage()
