"""The state of a case and of its user tasks, as workflow, database, API and pages know it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import Field

from domain.case.application import Application
from domain.case.assessment import Assessment
from domain.case.factory_support import FactorySupport
from domain.case.feedback import SortedFeedback
from domain.case.messages import OnBehalfOf
from domain.case.money import Invoice, Paid
from domain.case.orders import Order
from domain.case.promise import PromisedDate
from domain.case.shipments import Shipment
from domain.events import Actor, Event
from domain.model import Frozen, Instant, Mutable
from domain.plan import Resolution, Stage
from domain.plan.retention import Retention
from domain.tasks import WaitsFor
from domain.tasks.parts import CostLine, Payer


class CaseStatus(StrEnum):
    """Whether a case runs, is paused for the customer, or has ended."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Result(StrEnum):
    """How a case ended (X12)."""

    RESOLVED = "resolved"
    UNRESOLVED = "unresolved"
    DECLINED = "declined"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


class TaskStatus(StrEnum):
    """WS-HumanTask states that the workflow knows; reserved and in progress follow from the assignment."""

    CREATED = "created"
    READY = "ready"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    OBSOLETE = "obsolete"


class Done(Frozen):
    """How a task was completed: by whom, when it happened, when it was entered, whether the promise was kept (X8)."""

    by: Actor
    happened_at: Instant
    entered_at: Instant
    on_behalf_of: OnBehalfOf | None
    submission_id: str
    kept: bool
    """True when what happened happened before the first deadline."""
    late_entry: bool
    """True when it happened in time but was entered after the deadline."""


class TaskState(Mutable):
    """One user task of a case. `key` is unique in the case; `activity_id` changes each time it is offered anew."""

    key: str
    kind: str
    stage: Stage
    role: str
    assignee: str | None = None
    assignment: int = 0
    """Counts the assignments made by the workflow, so that a claim made before the latest one gives way to it."""
    status: TaskStatus = TaskStatus.CREATED
    activity_id: str | None = None
    waits_for: WaitsFor
    about: str | None = None
    """Key of the task this one is about, for example of the missed deadline to acknowledge."""
    reason: str | None = None
    asked_by: str | None = None
    """Sign-in name of the person who put this question, for a special case."""
    offered_at: Instant | None = None
    due_at: Instant | None = None
    first_due_at: Instant | None = None
    provisional: bool = False
    remind_at: Instant | None = None
    reminded_at: Instant | None = None
    breached_at: Instant | None = None
    escalation_level: int = 0
    attempts: int = 0
    ended_at: Instant | None = None
    outcome: dict[str, Any] | None = None
    done: Done | None = None

    @property
    def is_open(self) -> bool:
        """True while the task still waits to be done, paused ones included."""
        return self.status not in (TaskStatus.COMPLETED, TaskStatus.OBSOLETE)


class Hold(Frozen):
    """A pause of the customer's clocks; `ends` is empty while it lasts (X4)."""

    reason: str
    begins: Instant
    until: Instant
    ends: Instant | None = None
    by: Actor


class Information(Frozen):
    """Something added to a case on the way (X7)."""

    at: Instant
    by: Actor
    text: str | None
    attachments: tuple[str, ...]


class Correction(Frozen):
    """What is right in the place of an entry of the record that is wrong; the entry itself stays (X11)."""

    at: Instant
    by: Actor
    event: int
    """Number of the entry it corrects."""
    task: str | None
    """Key of the task that the entry is about, if any."""
    text: str


class Document(Frozen):
    """A document issued for a case. `file` is the attachment that holds it; `sha256` is of its bytes.

    It was made of the record up to entry `record_no`, whose hash is `record_hash`. `remarks` say in English what it
    lacks: values that are not on record, characters that could not be printed, pictures that cannot be shown.
    """

    document_id: str
    kind: str
    language: str
    version: int
    file: str
    sha256: str
    size: int
    issued_at: Instant
    record_no: int
    record_hash: str
    remarks: tuple[str, ...] = ()
    by: Actor | None = None
    """Who had it issued again; nobody where a step of the procedure made it."""
    reason: str | None = None


class ConsentGiven(Frozen):
    """The customer's recorded consent to a plan and its costs (X9)."""

    at: Instant
    given_by: str
    amount: Decimal
    """What the customer agreed to bear, in the plan's currency."""
    task: str


class CaseState(Mutable):
    """What is known of a case, its tasks and events apart."""

    case_id: str
    plan: str
    plan_title: str
    company: str
    locale: str
    time_zone: str
    currency: str
    application: Application
    applied_at: Instant
    opened_at: Instant
    opened_by: Actor
    record_salt: str = ""
    """What the record is chained under; erased with the case's content (`domain.events.digest_of`)."""
    reopened_from: str | None = None
    reopen_until: Instant | None = None
    status: CaseStatus = CaseStatus.ACTIVE
    stage: Stage
    stages: tuple[Stage, ...]
    resolution: Resolution | None = None
    result: Result | None = None
    work_order: str | None = None
    engineer: str | None = None
    appointment: Instant | None = None
    serial_found: str | None = Field(None, exclude_if=lambda serial: serial is None)
    """The serial number as it was read from the product, where the request named none or another one (M7)."""
    item_with_us: str | None = None
    """Where the customer's item is while we answer for it: `on_the_way`, `workshop` (ours) or `factory`."""
    feedback: SortedFeedback | None = None
    """What the procedure by departments sorted and collected (Q4 to Q7)."""
    shipments: tuple[Shipment, ...] = ()
    assessment: Assessment | None = None
    """How the case stands to the contractual warranty, once that was verified."""
    special_case_open: bool = False
    instants: dict[str, Instant] = Field(default_factory=dict)
    """The recorded instants that budgets count from: application, registration, assignment, receipt, completion, ..."""
    costs: tuple[CostLine, ...] = ()
    consents: tuple[ConsentGiven, ...] = ()
    support: FactorySupport = FactorySupport()
    orders: tuple[Order, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    """The official invoices and credit notes on record, in the order they were entered."""
    payments: tuple[Paid, ...] = ()
    promises: tuple[PromisedDate, ...] = ()
    """The dates promised to the customer, each told and none changed; the last one not ended is in force (M5, X4)."""
    holds: tuple[Hold, ...] = ()
    information: tuple[Information, ...] = ()
    corrections: tuple[Correction, ...] = Field((), exclude_if=lambda corrections: not corrections)
    documents: tuple[Document, ...] = ()
    due_at: Instant | None = None
    """The earliest deadline of an open task."""
    closed_at: Instant | None = None
    retention: Retention | None = Field(None, exclude_if=lambda retention: retention is None)
    """How long it keeps what it knows after its end, as the plan said when it was opened."""

    @property
    def serial_number(self) -> str | None:
        """The serial number of the product: as it was read from it, else as the request named it."""
        return self.serial_found or self.application.product.serial_number

    def customer_owes(self) -> Decimal:
        """Returns what the customer bears, in the plan's currency."""
        return sum((line.amount for line in self.costs if line.payer is Payer.CUSTOMER), Decimal(0))

    def customer_still_owes(self) -> Decimal:
        """Returns what the customer bears and has not paid yet, in the plan's currency."""
        paid = sum((payment.amount for payment in self.payments), Decimal(0))
        return max(self.customer_owes() - paid, Decimal(0))

    @property
    def promised_for(self) -> datetime | None:
        """The date promised to the customer that is in force, if any."""
        last = self.promises[-1] if self.promises else None
        return last.promised_for if last and last.ended_as is None else None


class Projection(Frozen):
    """One write of the read side: the case as of `revision`, the tasks and events that are not written yet.

    `whole` says that every task and event of the case is in it, so that what an earlier run left behind can go.
    """

    case: CaseState
    revision: int
    whole: bool
    tasks: tuple[TaskState, ...]
    events: tuple[Event, ...]


class ProjectionReceipt(Frozen):
    """What the read side answers: `send_whole` when it lacks what came before (another run, or new tables)."""

    send_whole: bool = False


class CaseEnd(Frozen):
    """The result of a case's workflow: how it ended, and the last link of its record."""

    case_id: str
    result: Result
    closed_at: Instant
    events: int
    record_hash: str
