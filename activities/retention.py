"""The activity that enforces retention.

Workflow code imports this module for its types, so what reads tables is imported inside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from temporalio import activity

from domain.record.retention import RetentionReport, RetentionRound

if TYPE_CHECKING:
    from store.erasing.keeping import Keeper


class Retention:
    """Erases and removes what plans do not keep any longer."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    @activity.defn(name="enforce_retention")
    async def enforce_retention(self, wanted: RetentionRound) -> RetentionReport:  # noqa: ARG002
        """Does the run that bears the workflow's run id; done again it goes on where it stopped.

        Raises what the database raises when it is away, Unavailable when the keys cannot be reached.
        """
        run_id = activity.info().workflow_run_id
        return await self._keeper.enforce(run_id or "", beat=activity.heartbeat)
