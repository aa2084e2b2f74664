"""Ending the wait for a person from the case's side."""

from __future__ import annotations

from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode


class Cancellation:
    """Reports the cancellation of user tasks, whose activities nobody runs any more."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @activity.defn(name="report_cancellation")
    async def report_cancellation(self, activity_id: str) -> None:
        """Ends a cancelled activity of the calling case.

        That it is gone already is success: a person was first, or the deadline. Raises RPCError if the engine is away.
        """
        handle = self._client.get_async_activity_handle(
            workflow_id=activity.info().workflow_id or "", run_id=None, activity_id=activity_id
        )
        try:
            await handle.report_cancellation()
        except RPCError as refused:
            if refused.status is not RPCStatusCode.NOT_FOUND:
                raise
