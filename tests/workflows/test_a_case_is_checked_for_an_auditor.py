"""A check that was asked for is answered: with its outcome, or that it could not be done."""

from __future__ import annotations

import pytest
from temporalio import activity
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from domain.record import AuditKind
from domain.record.auditing import AuditDone, AuditOrder
from workflows import runner
from workflows.auditing import AuditCase

ORDER = AuditOrder(audit_id="V-1", case_id="C-0000000001", kind=AuditKind.REPLAY)


@pytest.mark.parametrize(
    ("failures", "tries", "done"),
    [
        (0, 1, AuditDone(passed=True, findings=0)),
        (3, 4, AuditDone(passed=True, findings=0)),
        (99, 10, AuditDone(passed=None, findings=0)),
    ],
)
async def test_it_is_tried_again_and_given_up_in_the_end(
    skipping: WorkflowEnvironment, failures: int, tries: int, done: AuditDone
) -> None:
    asked: list[str] = []

    @activity.defn(name="audit_case")
    async def audit_case(order: AuditOrder) -> AuditDone:
        asked.append(order.audit_id)
        if len(asked) <= failures:
            raise ConnectionError("the database is away")
        return AuditDone(passed=True, findings=0)

    @activity.defn(name="give_up_audit")
    async def give_up_audit(order: AuditOrder) -> AuditDone:
        assert order == ORDER
        return AuditDone(passed=None, findings=0)

    async with Worker(
        skipping.client,
        task_queue="audits",
        workflows=[AuditCase],
        activities=[audit_case, give_up_audit],
        workflow_runner=runner(),
    ):
        result = await skipping.client.execute_workflow(AuditCase.run, ORDER, id="audit-V-1", task_queue="audits")
    assert result == done
    assert asked == ["V-1"] * tries
