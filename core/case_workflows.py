"""What the engine keeps of a case beside its tasks: ending what still runs for it, and having its histories removed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from core.errors import Unavailable
from core.keys import subject_of

_ID = re.compile(r"C-[0-9A-HJKMNP-TV-Z]{10}")
_WHY = "the case was erased"


class CaseWorkflows:
    """The workflows of cases in one engine: each case's own, and those beside it (messages, papers issued again)."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def end_beside(self, case_id: str) -> int:
        """Ends what still runs for a closed case; returns how many there were. Raises Unavailable."""
        count = 0
        try:
            async for workflow_id, _run_id, running in self._of(case_id):
                if running and workflow_id != case_id:
                    await self._client.get_workflow_handle(workflow_id).terminate(reason=_WHY)
                    count += 1
        except RPCError as refused:
            raise _away(refused) from None
        return count

    async def forget(self, case_id: str) -> int:
        """Has every history of a case removed from the engine; returns how many. Again, it finds none.

        The engine removes them in the background. Raises Unavailable.
        """
        count = 0
        try:
            async for workflow_id, run_id, _ in self._of(case_id):
                execution = WorkflowExecution(workflow_id=workflow_id, run_id=run_id)
                request = DeleteWorkflowExecutionRequest(namespace=self._client.namespace, workflow_execution=execution)
                try:
                    await self._client.workflow_service.delete_workflow_execution(request)
                except RPCError as refused:
                    if refused.status is not RPCStatusCode.NOT_FOUND:  # gone already
                        raise
                count += 1
        except RPCError as refused:
            raise _away(refused) from None
        return count

    async def _of(self, case_id: str) -> AsyncIterator[tuple[str, str, bool]]:
        """Workflow id, run id and whether it runs, of everything that belongs to the case."""
        if _ID.fullmatch(case_id) is None:
            raise ValueError(f"{case_id!r} is no case number")
        async for one in self._client.list_workflows(f'WorkflowId STARTS_WITH "{case_id}"'):
            if subject_of(one.id) == case_id:
                yield one.id, one.run_id, one.status is WorkflowExecutionStatus.RUNNING


def _away(refused: RPCError) -> Unavailable:
    return Unavailable(f"the engine cannot be asked about a case's workflows: {refused.message}")
