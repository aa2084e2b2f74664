"""What is done about a confirmed quality issue, followed until it works (Q8)."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case

with workflow.unsafe.imports_passed_through():
    from domain.tasks.measures import CARRY_OUT_MEASURES, VERIFY_MEASURES, Effect
    from domain.tasks.service import ASSESS_QUALITY_ISSUE, QualityVerdict


async def measures(case: Case) -> None:
    """Has the measures on a confirmed quality issue carried out, again until they are found to work."""
    about, reason = _confirmed_issue(case), None
    while about is not None:
        await case.perform(CARRY_OUT_MEASURES, about=about, reason=reason)
        about = case.last_key(CARRY_OUT_MEASURES)
        check = await case.perform(VERIFY_MEASURES, about=about)
        if check.effect is Effect.EFFECTIVE:
            return
        reason = f"Found not to work: {check.missing}"[:1000]


def _confirmed_issue(case: Case) -> str | None:
    """Key of the task that confirmed a quality issue of ours; None when the last word on it was another."""
    assessed = [
        (task.key, task.outcome.get("verdict"))
        for task in case.record.tasks.values()
        if task.kind == ASSESS_QUALITY_ISSUE.name and task.outcome
    ]
    return assessed[-1][0] if assessed and assessed[-1][1] == QualityVerdict.CONFIRMED else None
