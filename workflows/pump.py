"""The one place that writes the read side: newest state first, one write in flight, awaited by no stage."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from workflows.record import Record

with workflow.unsafe.imports_passed_through():
    from activities.projection import CaseProjection

_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=15))
_ONE_TRY = timedelta(seconds=30)
_QUIET_ROUNDS = 2


class Pump:
    """Writes what changed, as long as the case runs. A database that is away delays pages, never deadlines."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.computing = 0
        """Deadlines being computed: a write waits for them, so that one write holds a task and its deadline."""
        self._in_flight = False

    async def run(self) -> None:
        """Writes until cancelled."""
        while True:
            await workflow.wait_condition(lambda: self.record.unwritten)
            await self._quiet()
            write = self.record.take()
            self._in_flight = True
            receipt = await workflow.execute_activity_method(
                CaseProjection.project_case, write, start_to_close_timeout=_ONE_TRY, retry_policy=_RETRY
            )
            self._in_flight = False
            if receipt.send_whole:
                self.record.give_back()

    async def _quiet(self) -> None:
        """Waits until nothing more happens in this instant, so that one write holds a step and all that follows it.

        What became possible meanwhile is looked at in rounds; a task being offered takes two of them.
        """
        quiet = 0
        while quiet < _QUIET_ROUNDS:
            before = self.record.changes
            await workflow.wait_condition(lambda: not self.computing)
            quiet = quiet + 1 if self.record.changes == before else 0

    @property
    def dry(self) -> bool:
        """True when the read side has everything."""
        return not self._in_flight and not self.record.unwritten
