"""Documents and numbers that a case orders beside its steps; no step waits for them, the end of the case does."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.documents import Documents
    from activities.work_orders import WorkOrderRequest, WorkOrders
    from domain.case import Result
    from domain.documents import DocumentKind, DocumentOrder
    from domain.events import EventKind
    from domain.model import zone_named
    from domain.plan import Stage

if TYPE_CHECKING:
    from workflows.case import Case

_PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))
_SOME_TRIES = RetryPolicy(
    initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5), maximum_attempts=20
)


class Papers:
    """Orders work order numbers and documents."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._numbered = False
        self._ordered: dict[tuple[DocumentKind, str], int] = {}

    def order_number(self) -> None:
        """Has the unique work order number issued (R3)."""
        if not self._numbered:
            self._numbered = True
            self.case.start(self._number())

    def order_for_signature(self) -> None:
        """Has the paper made that the customer signs: the form the request was registered on (M8), or else the service
        confirmation (R8)."""
        registered = Stage.REQUEST in self.case.plan.stages
        self.order(DocumentKind.REQUIREMENT_FORM if registered else DocumentKind.SERVICE_CONFIRMATION)

    def order(self, kind: DocumentKind, ended_as: Result | None = None) -> None:
        """Has a document made from the record as it is now, in the plan's language and in the customer's."""
        for language in dict.fromkeys((self.case.plan.locale, self._customers_language())):
            self.case.start(self._document(kind, language, ended_as))

    def _customers_language(self) -> str:
        asked = self.case.state.application.customer.language
        return asked if asked in self.case.plan.languages else self.case.plan.locale

    async def _number(self) -> None:
        case = self.case
        year = case.record.now().astimezone(zone_named(case.plan.calendar.time_zone)).year
        request = WorkOrderRequest(case_id=case.state.case_id, prefix=case.plan.work_order_prefix, year=year)
        number = await workflow.execute_activity_method(
            WorkOrders.issue_work_order, request, start_to_close_timeout=timedelta(seconds=30), retry_policy=_PATIENT
        )
        case.state.work_order = number
        case.record.note(EventKind.WORK_ORDER_ISSUED, data={"work_order": number})

    async def _document(self, kind: DocumentKind, language: str, ended_as: Result | None) -> None:
        case = self.case
        version = self._ordered[kind, language] = self._ordered.get((kind, language), 0) + 1
        if self._numbered and case.state.work_order is None:  # a paper made at registration bears its number
            await workflow.wait_condition(lambda: case.state.work_order is not None)
        order = DocumentOrder(
            kind=kind,
            language=language,
            version=version,
            case=case.state.model_copy(update={"result": ended_as}),
            tasks=tuple(case.record.tasks.values()),
            ordered_at=case.record.now(),
        )
        try:
            document = await workflow.execute_activity_method(
                Documents.issue_document, order, start_to_close_timeout=timedelta(minutes=2), retry_policy=_SOME_TRIES
            )
        except ActivityError as failed:
            reason = str(failed.cause or failed)[:500]
            case.record.note(EventKind.DOCUMENT_FAILED, data={"kind": kind, "language": language, "reason": reason})
            return
        case.state.documents = (*case.state.documents, document)
        case.record.note(EventKind.DOCUMENT_ISSUED, data=document.model_dump(mode="json"))
