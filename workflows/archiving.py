"""The workflow that archives closed cases: the engine's schedule starts it every minute, a command when it is asked."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.archiving import Archiving
    from domain.record.archiving import ArchivedCases, ArchiveRound

_ONE_ROUND = timedelta(hours=6)
_SILENT = timedelta(minutes=2)
"""A worker that says nothing for so long is gone: another takes the round over."""
_RETRY = RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(seconds=30), maximum_attempts=10)
"""A round that cannot be done is given up after minutes; the next one begins with the same cases."""


@workflow.defn(name="ArchiveCases")
class ArchiveCases:
    """One round: every closed case without an archive gets one. What fails waits for the next."""

    @workflow.run
    async def run(self, wanted: ArchiveRound) -> ArchivedCases:
        """Returns what was archived, what waits and what failed."""
        return await workflow.execute_activity_method(
            Archiving.archive_cases,
            wanted,
            start_to_close_timeout=_ONE_ROUND,
            heartbeat_timeout=_SILENT,
            retry_policy=_RETRY,
        )
