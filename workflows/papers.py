"""Documents and numbers that a case orders beside its steps; no step waits for them, the end of the case does."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError

with workflow.unsafe.imports_passed_through():
    from activities.documents import Documents
    from activities.work_orders import WorkOrderRequest, WorkOrders
    from domain.case import Done, Invoice, Paid, Result, TaskState
    from domain.documents.kinds import DocumentKind
    from domain.documents.made import MAKERS, Moment, made_by
    from domain.documents.order import DocumentOrder, RecordPoint, languages_of
    from domain.events import SYSTEM, Actor, EventKind
    from domain.model import zone_named

if TYPE_CHECKING:
    from workflows.case import Case

_PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))
SOME_TRIES = RetryPolicy(
    initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=5), maximum_attempts=20
)
TIME_TO_SET = timedelta(minutes=2)


class Papers:
    """Orders work order numbers and documents, and keeps invoices and payments."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._numbered = False
        self._ordered: dict[DocumentKind, int] = {}

    def order_number(self) -> None:
        """Has the unique work order number issued (R3)."""
        if not self._numbered:
            self._numbered = True
            self.case.start(self._number())

    def step(self, task: TaskState, moment: Moment) -> None:
        """Has the documents made that the procedure's table names for a task that begins or is done.

        They are set once what follows the step at once is on record too: a stage goes on before they are.
        """
        if (task.kind, moment) in MAKERS:
            self.case.start(self._of_step(task, moment))

    async def _of_step(self, task: TaskState, moment: Moment) -> None:
        for kind in made_by(task, moment, self.case.state, self.case.plan.tasks):
            self.order(kind)

    def order(
        self,
        kind: DocumentKind,
        *,
        ended_as: Result | None = None,
        by: Actor | None = None,
        reason: str | None = None,
    ) -> None:
        """Has a document made from the record as it is now, in the plan's language, the customer's and English."""
        self.case.start(self._document(kind, ended_as, by, reason))

    async def _number(self) -> None:
        case = self.case
        year = case.record.now().astimezone(zone_named(case.plan.calendar.time_zone)).year
        request = WorkOrderRequest(case_id=case.state.case_id, prefix=case.plan.work_order_prefix, year=year)
        number = await workflow.execute_activity_method(
            WorkOrders.issue_work_order, request, start_to_close_timeout=timedelta(seconds=30), retry_policy=_PATIENT
        )
        case.state.work_order = number
        case.record.note(EventKind.WORK_ORDER_ISSUED, data={"work_order": number})

    async def _document(
        self, kind: DocumentKind, ended_as: Result | None, by: Actor | None, reason: str | None
    ) -> None:
        case = self.case
        if self._numbered and case.state.work_order is None:  # a paper made at registration bears its number
            await workflow.wait_condition(lambda: case.state.work_order is not None)
        version = self._ordered[kind] = self._ordered.get(kind, 0) + 1
        last = case.record.events[-1]
        order = DocumentOrder(
            kind=kind,
            languages=languages_of(case.state),
            version=version,
            case=case.state.model_copy(update={"result": ended_as}),
            tasks=tuple(case.record.tasks.values()),
            record=RecordPoint(no=last.no, hash=last.hash),
            ordered_at=case.record.now(),
            by=by,
            reason=reason,
        )
        try:
            issued = await workflow.execute_activity_method(
                Documents.issue_document, order, start_to_close_timeout=TIME_TO_SET, retry_policy=SOME_TRIES
            )
        except ActivityError as failed:
            data = {"kind": kind, "languages": order.languages, "reason": str(failed.cause or failed)[:500]}
            case.record.note(EventKind.DOCUMENT_FAILED, data=data)
            return
        for document in issued:
            case.state.documents = (*case.state.documents, document)
            data = document.model_dump(mode="json", exclude={"by"})
            case.record.note(EventKind.DOCUMENT_ISSUED, by or SYSTEM, data=data)

    # -- money

    def keep_invoice(self, invoice: Invoice) -> None:
        """Puts an official invoice or credit note on record."""
        state = self.case.state
        state.invoices = (*state.invoices, invoice)
        self.case.record.note(
            EventKind.INVOICE_RECORDED, invoice.by, data=invoice.model_dump(mode="json", exclude={"by"})
        )

    def keep_payment(self, done: Done, amount: Decimal, reference: str | None, invoice: str | None) -> None:
        """Puts a payment on record, in whole or in part."""
        paid = Paid(amount=amount, paid_at=done.happened_at, reference=reference, invoice=invoice)
        state = self.case.state
        state.payments = (*state.payments, paid)
        self.case.record.note(EventKind.PAID, done.by, data=paid.model_dump(mode="json"))
