"""The service modes (Q3): consultation, remote guidance, visit; and what each subject leaves on record (Q2)."""

from __future__ import annotations

from temporalio import workflow

from workflows.case import Case
from workflows.stages.record import sorted_feedback

with workflow.unsafe.imports_passed_through():
    from domain.plan import Resolution, Stage
    from domain.tasks.feedback import Subject
    from domain.tasks.service import (
        ARRANGE_VISIT,
        ASSESS_QUALITY_ISSUE,
        CONSULTATION,
        FORWARD_QUALITY_ISSUE,
        REMOTE_GUIDANCE,
        SERVICE_VISIT,
        TRAINING_RECORD,
        UPDATE_DOCUMENT,
        Answered,
        QualityVerdict,
        ServiceVisitForm,
        Visited,
    )


async def consultation(case: Case) -> Stage:
    """Answers the customer; what that does not solve takes another mode."""
    answer = await case.meet(CONSULTATION, role=await _department(case), marks="work")
    if answer.result is Answered.UNSOLVED:
        return case.plan.stage_of_agreement
    return await _put_on_record(case)


async def remote_guidance(case: Case) -> Stage:
    """Guides the customer from afar; what that does not solve takes another mode."""
    guided = await case.meet(REMOTE_GUIDANCE, role=await _department(case), marks="work")
    if guided.result is Answered.UNSOLVED:
        return case.plan.stage_of_agreement
    return await _put_on_record(case)


async def visit(case: Case) -> Stage:
    """Visits the customer at the agreed time; a visit that does not solve it goes to the panel."""
    report = await _visited(case, await _department(case))
    case.mark("work", case.done(SERVICE_VISIT).happened_at)
    if report.result is Visited.UNSOLVED:
        await case.escalations.decision_needed("A visit did not solve it")
        return case.plan.stage_of_agreement
    return await _put_on_record(case)


async def _department(case: Case) -> str | None:
    """The department that gives the service, where it is not the one that the plan names for all subjects (Q1)."""
    feedback = await sorted_feedback(case)
    return case.plan.choices.technical_support if feedback.subject is Subject.TECHNICAL_SUPPORT else None


async def _visited(case: Case, role: str | None) -> ServiceVisitForm:
    """Agrees appointments until a visit meets somebody; after the plan's number of tries somebody decides (X10)."""
    missed = 0
    while True:
        agreed = await case.meet(ARRANGE_VISIT)
        case.take_way(Resolution.VISIT, agreed.appointment)
        report = await case.perform(SERVICE_VISIT, at=agreed.appointment, role=role)
        if report.result is not Visited.NOBODY_THERE:
            return report
        missed += 1
        if missed % case.plan.attempts.limit == 0:
            await case.decide_on_absence(SERVICE_VISIT)


async def _put_on_record(case: Case) -> Stage:
    """Has the departments record what belongs to the subject: training, document or quality issue."""
    match (await sorted_feedback(case)).subject:
        case Subject.TRAINING:
            await case.perform(TRAINING_RECORD)
        case Subject.DOCUMENT_UPDATE:
            await case.perform(UPDATE_DOCUMENT)
        case Subject.QUALITY_ISSUE:
            await _quality_issue(case)
        case Subject.TECHNICAL_SUPPORT:
            pass  # the service itself is the record
    return Stage.ACCEPT


async def _quality_issue(case: Case) -> None:
    """The finding goes to the technical department, whose open questions come back until it is assessed."""
    since = None
    while True:
        await case.perform(FORWARD_QUALITY_ISSUE, since=since)
        about = case.last_key(FORWARD_QUALITY_ISSUE)
        assessed = await case.perform(ASSESS_QUALITY_ISSUE, about=about)
        if assessed.verdict is not QualityVerdict.MORE_NEEDED:
            return
        since = "offered"
