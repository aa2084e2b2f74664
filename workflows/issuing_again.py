"""The workflow that has a document of a closed case issued again: short, and as durable as the case was."""

from __future__ import annotations

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.later_documents import LaterDocuments
    from domain.case import Document
    from domain.documents.order import IssueAgain

_PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5))
_ONE_TRY = timedelta(minutes=5)


@workflow.defn(name="IssueAgain")
class IssueDocumentAgain:
    """Waits until the document is made and kept, however long disk or database are away."""

    @workflow.run
    async def run(self, request: IssueAgain) -> tuple[Document, ...]:
        """Returns the documents as issued. Fails when the record has nothing to make such a document of."""
        return await workflow.execute_activity_method(
            LaterDocuments.issue_again, request, start_to_close_timeout=_ONE_TRY, retry_policy=_PATIENT
        )
