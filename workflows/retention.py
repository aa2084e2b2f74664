"""The workflow that enforces retention: the engine's schedule starts it once a day."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.retention import Retention
    from domain.record.retention import RetentionReport, RetentionRound

_ONE_RUN = timedelta(hours=12)
_SILENT = timedelta(minutes=10)
"""A worker that says nothing for so long is gone; writing a large database anew takes minutes."""
_RETRY = RetryPolicy(initial_interval=timedelta(seconds=5), maximum_interval=timedelta(minutes=5), maximum_attempts=20)
"""A run that cannot be done is given up after an hour or two; the next day's takes the same cases."""


@workflow.defn(name="EnforceRetention")
class EnforceRetention:
    """One run: what is due is erased or removed, what is under a legal hold stays."""

    @workflow.run
    async def run(self, wanted: RetentionRound) -> RetentionReport:
        """Returns what was erased, removed and held, and what failed."""
        return await workflow.execute_activity_method(
            Retention.enforce_retention,
            wanted,
            start_to_close_timeout=_ONE_RUN,
            heartbeat_timeout=_SILENT,
            retry_policy=_RETRY,
        )
