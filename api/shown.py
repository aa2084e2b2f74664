"""What the JSON API shows of cases and tasks."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import BaseModel

from api.known_products import CaseProduct
from api.parts import Parts
from api.registry_shown import CaseWarranty
from domain.case import (
    Assessment,
    ConsentGiven,
    Customer,
    Document,
    Done,
    Hold,
    Information,
    ProblemReport,
    Product,
    Shipment,
)
from domain.case.factory_support import FactorySupport
from domain.case.feedback import SortedFeedback
from domain.case.orders import Order
from domain.clocks import ExplainedStep, Interval, explain
from domain.events import Actor, Event
from domain.model import Instant
from domain.tasks import TASKS
from domain.tasks.parts import CostLine, Payer
from store.queries.cases import CaseSummary, CaseView, Linked
from store.queries.events import Promise
from store.queries.tasks import TaskView


class CaseInList(BaseModel):
    """A case as lists show it."""

    case_id: str
    work_order: str | None
    plan: str
    plan_title: str
    stage: str
    state: str
    result: str | None
    resolution: str | None
    customer: str
    region: str | None
    model: str
    serial_number: str | None
    category: str
    channel: str
    engineer: str | None
    opened_at: Instant
    closed_at: Instant | None
    due_at: Instant | None
    overdue: bool
    special_case_open: bool
    reopened_from: str | None

    @classmethod
    def of(cls, case: CaseSummary, now: datetime) -> CaseInList:
        """Shows a case at `now` (virtual UTC)."""
        return cls(
            case_id=case.case_id,
            work_order=case.work_order,
            plan=case.plan,
            plan_title=case.plan_title,
            stage=case.stage.value,
            state=case.status.value,
            result=case.result.value if case.result else None,
            resolution=case.resolution.value if case.resolution else None,
            customer=case.customer_name,
            region=case.region,
            model=case.model,
            serial_number=case.serial_number,
            category=case.category.value,
            channel=case.channel,
            engineer=case.engineer,
            opened_at=case.opened_at,
            closed_at=case.closed_at,
            due_at=case.due_at,
            overdue=case.overdue(now),
            special_case_open=case.special_case_open,
            reopened_from=case.reopened_from,
        )


class TaskShown(BaseModel):
    """A user task. `due_at` is its present deadline, `first_due_at` the first one; `form` is of its outcome."""

    task_id: str
    key: str
    kind: str
    title: str
    guidance: str
    clause: str
    case_id: str
    case: CaseInList
    stage: str
    role: str
    state: str
    assignee: str | None
    waits_for: str
    about: str | None
    reason: str | None
    offered_at: Instant | None
    due_at: Instant | None
    first_due_at: Instant | None
    provisional: bool
    overdue: bool
    remind_at: Instant | None
    reminded_at: Instant | None
    breached_at: Instant | None
    escalation_level: int
    attempts: int
    submitted_at: Instant | None
    ended_at: Instant | None
    outcome: dict[str, Any] | None
    done: Done | None
    form: dict[str, Any] | None = None

    @classmethod
    def of(cls, view: TaskView, now: datetime, form: dict[str, Any] | None = None) -> TaskShown:
        """Shows a task at `now` (virtual UTC)."""
        task, declared = view.task, TASKS.get(view.task.kind)
        return cls(
            task_id=view.task_id,
            key=task.key,
            kind=task.kind,
            title=declared.title if declared else task.kind,
            guidance=declared.guidance if declared else "",
            clause=declared.clause if declared else "",
            case_id=view.case_id,
            case=CaseInList.of(view.case, now),
            stage=task.stage.value,
            role=task.role,
            state=view.state.value,
            assignee=view.assignee,
            waits_for=task.waits_for.value,
            about=task.about,
            reason=task.reason,
            offered_at=task.offered_at,
            due_at=task.due_at,
            first_due_at=task.first_due_at,
            provisional=task.provisional,
            overdue=view.overdue(now),
            remind_at=task.remind_at,
            reminded_at=task.reminded_at,
            breached_at=task.breached_at,
            escalation_level=task.escalation_level,
            attempts=task.attempts,
            submitted_at=view.submitted_at,
            ended_at=task.ended_at,
            outcome=task.outcome,
            done=task.done,
            form=form,
        )


class DeadlineShown(BaseModel):
    """A promise, and how it was reached. `holds` is true for the latest promise of its task."""

    task: str
    activity_id: str | None
    level: int
    promised_at: Instant
    due_at: Instant
    agreed: bool
    budget: str | None
    source: str
    """The clause that the budget is taken from, or `house`."""
    since: str
    since_at: Instant
    calendar_version: str
    provisional: bool
    reason: str | None
    replaces: Instant | None
    remind_at: Instant | None
    holds: bool
    intervals: tuple[Interval, ...]
    steps: list[ExplainedStep]

    @classmethod
    def of(cls, time_zone: str, promise: Promise, *, holds: bool) -> DeadlineShown:
        """Shows a promise of a case, told in the plan's time zone."""
        deadline = promise.deadline
        return cls(
            task=promise.task,
            activity_id=promise.activity_id,
            level=promise.level,
            promised_at=promise.at,
            due_at=deadline.due_at,
            agreed=deadline.request.budget is None,
            budget=str(deadline.request.budget) if deadline.request.budget else None,
            source=promise.source,
            since=deadline.request.anchor.name,
            since_at=deadline.request.anchor.at,
            calendar_version=deadline.calendar_version,
            provisional=deadline.provisional,
            reason=deadline.reason,
            replaces=promise.replaces,
            remind_at=promise.remind_at,
            holds=holds,
            intervals=deadline.intervals,
            steps=explain(deadline, time_zone),
        )


class Coverage(BaseModel):
    """Who pays what. Amounts are in `currency`, as text with two decimals."""

    currency: str
    costs: tuple[CostLine, ...]
    totals: dict[str, Decimal]
    consents: tuple[ConsentGiven, ...]


class CaseShown(BaseModel):
    """A case with its open tasks. `projected` is false while the read side does not show it yet."""

    case_id: str
    projected: bool = True
    state: str
    work_order: str | None
    plan: str
    plan_title: str
    company: str
    time_zone: str
    stage: str
    stages: list[str]
    resolution: str | None
    result: str | None
    channel: str
    customer: Customer
    product: Product
    warranty: CaseWarranty
    """What covers the product on the day of the application, and what its registration says."""
    problem: ProblemReport
    request: str
    subject: str | None
    """What the case is about, where the procedure tells subjects apart: as sorted, else as asked for."""
    feedback: SortedFeedback | None
    """The sorted feedback with its contract and its receipt, in the procedure by departments."""
    attachments: tuple[str, ...]
    applied_at: Instant
    opened_at: Instant
    opened_by: Actor
    closed_at: Instant | None
    due_at: Instant | None
    overdue: bool
    engineer: str | None
    appointment: Instant | None
    item_with_us: str | None
    special_case_open: bool
    instants: dict[str, Instant]
    tasks: list[TaskShown]
    """Open tasks; `links.tasks` has all of them."""
    deadlines: list[DeadlineShown]
    """The promises that hold for open tasks; `links.deadlines` has all of them."""
    coverage: Coverage
    assessment: Assessment | None
    """How the case stands to the contractual warranty, where the plan verifies it."""
    shipments: tuple[Shipment, ...]
    support: FactorySupport
    """The factory's support: who, what the customer wants of the repair, the solution, the group, the terms."""
    orders: tuple[Order, ...]
    holds: tuple[Hold, ...]
    information: tuple[Information, ...]
    documents: tuple[Document, ...]
    reopened_from: str | None
    reopened_into: list[str]
    reopen_until: Instant | None
    tracking_url: str | None
    """The customer's own page of the case; null while its link is taken back."""
    links: dict[str, str]

    @classmethod
    def of(
        cls,
        parts: Parts,
        view: CaseView,
        linked: Linked,
        promises: tuple[Promise, ...],
        product: CaseProduct,
        *,
        tracking_url: str | None,
    ) -> CaseShown:
        """Shows a case as it is known now."""
        state, now = view.state, parts.now()
        application = state.application
        base = f"/api/v1/cases/{state.case_id}"
        open_keys = {task.task.key for task in view.open_tasks}
        return cls(
            case_id=state.case_id,
            state=state.status.value,
            work_order=state.work_order,
            plan=state.plan,
            plan_title=state.plan_title,
            company=state.company,
            time_zone=state.time_zone,
            stage=state.stage.value,
            stages=[stage.value for stage in state.stages],
            resolution=state.resolution.value if state.resolution else None,
            result=state.result.value if state.result else None,
            channel=application.channel,
            subject=state.feedback.subject if state.feedback else application.subject,
            feedback=state.feedback,
            customer=application.customer,
            product=application.product,
            warranty=CaseWarranty.of_case(product),
            problem=application.problem,
            request=application.request.value,
            attachments=application.attachments,
            applied_at=state.applied_at,
            opened_at=state.opened_at,
            opened_by=state.opened_by,
            closed_at=state.closed_at,
            due_at=state.due_at,
            overdue=view.summary.overdue(now),
            engineer=state.engineer,
            appointment=state.appointment,
            item_with_us=state.item_with_us,
            special_case_open=state.special_case_open,
            instants=state.instants,
            tasks=[TaskShown.of(task, now) for task in view.open_tasks],
            deadlines=[shown for shown in deadlines_of(view, promises) if shown.holds and shown.task in open_keys],
            coverage=Coverage(
                currency=state.currency,
                costs=state.costs,
                totals={
                    payer.value: sum((c.amount for c in state.costs if c.payer is payer), Decimal(0)) for payer in Payer
                },
                consents=state.consents,
            ),
            assessment=state.assessment,
            shipments=state.shipments,
            support=state.support,
            orders=state.orders,
            holds=state.holds,
            information=state.information,
            documents=state.documents,
            reopened_from=state.reopened_from,
            reopened_into=[later.case_id for later in linked.reopened_into],
            reopen_until=state.reopen_until,
            tracking_url=tracking_url,
            links={name: f"{base}/{name}" for name in ("events", "history", "deadlines", "documents")}
            | {"tasks": f"/api/v1/tasks?case_id={state.case_id}"},
        )


def deadlines_of(view: CaseView, promises: tuple[Promise, ...]) -> list[DeadlineShown]:
    """Every promise of a case in order; the last one of each task holds."""
    last = {promise.task: promise.no for promise in promises}
    state = view.state
    return [DeadlineShown.of(state.time_zone, promise, holds=last[promise.task] == promise.no) for promise in promises]


class CasesPage(BaseModel):
    """One page of cases; `next` is the cursor of the following one, null on the last."""

    items: list[CaseInList]
    next: str | None


class TasksPage(BaseModel):
    """One page of tasks."""

    items: list[TaskShown]
    next: str | None


class EventsPage(BaseModel):
    """One page of a case's record."""

    items: list[Event]
    next: str | None


class DeadlinesPage(BaseModel):
    """The deadlines of a case."""

    items: list[DeadlineShown]
    next: str | None


class DocumentsPage(BaseModel):
    """The documents of a case."""

    items: list[Document]
    next: str | None
