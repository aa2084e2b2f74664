"""The workflow behind an auditor's button: as durable as a case, so that what was asked for is answered."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.auditing import Audits
    from domain.record.auditing import AuditDone, AuditOrder

_ONE_TRY = timedelta(minutes=30)
_TRIES = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1), maximum_attempts=10)
_PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5))
_SOON = timedelta(minutes=1)


@workflow.defn(name="AuditCase")
class AuditCase:
    """Checks one case, or says in the end that it could not be checked."""

    @workflow.run
    async def run(self, order: AuditOrder) -> AuditDone:
        """Returns what came of it; the findings themselves are kept by the activity."""
        try:
            return await workflow.execute_activity_method(
                Audits.audit_case, order, start_to_close_timeout=_ONE_TRY, retry_policy=_TRIES
            )
        except ActivityError:
            return await workflow.execute_activity_method(
                Audits.give_up_audit, order, start_to_close_timeout=_SOON, retry_policy=_PATIENT
            )
