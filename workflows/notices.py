"""The notices a case orders: each is a small durable workflow of its own, which no step and no end waits for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from activities.notices import NoticeOrders
    from domain.case import TaskState
    from domain.events import Event, EventKind
    from domain.notices import AUDIENCES, Audience, NoticeKind, NoticeOrder, NoticeRule, notices_of
    from domain.tasks import TASKS
    from domain.tasks.parts import Payer
    from domain.tasks.special import TELL_CUSTOMER

if TYPE_CHECKING:
    from workflows.case import Case

_ONE_TRY = timedelta(seconds=10)
_PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))


class Notices:
    """Follows the record and has told what the plan says; a customer without an address is called where it says so."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._ordered = 0
        self._calls: list[str] = []
        """Keys of the calls that were asked for."""
        if case.record.start.notices:
            self._rules = case.plan.notices
            case.record.heard.append(self._follow)
        else:
            self._rules = {}

    def order(self, kind: NoticeKind, **known: Any) -> None:
        """Has a notice sent, if the plan has it."""
        rule = self._rules.get(kind)
        if rule is None:
            return
        order = self._order(kind, rule, known)
        if order.audience is Audience.CUSTOMER and order.to is None:
            self.call(kind, "no e-mail address is known") if rule.call else None
            return
        to = "customer" if order.audience is Audience.CUSTOMER else ", ".join(order.roles)
        data = {"notice": order.notice_id, "kind": kind.value, "to": to}
        self.case.record.note(EventKind.NOTICE_ORDERED, data=data)
        self.case.start(self._begin(order))

    def call(self, kind: NoticeKind, why: str) -> None:
        """Has the customer told by telephone what could not be mailed."""
        self._calls.append(self.case.beside(TELL_CUSTOMER, reason=f"{kind.title_text}: {why}"))

    def call_off(self, reason: str) -> None:
        """What the customer was to be called about does not concern them any more (X5)."""
        for key in self._calls:
            self.case.call_off(key, reason)

    def undelivered(self, kind: NoticeKind, reason: str) -> None:
        """A notice was given up."""
        if AUDIENCES.get(kind, Audience.CUSTOMER) is Audience.CUSTOMER and self._rules[kind].call:
            self.call(kind, reason)

    def knows(self, kind: NoticeKind) -> bool:
        """True when the plan has this notice sent in this case."""
        return kind in self._rules

    def _follow(self, event: Event, task: TaskState | None) -> None:
        owes = bool(self.case.state.customer_still_owes())
        for kind in notices_of(event.kind, task.kind if task else None, event.data, language=self._language, owes=owes):
            self.order(kind, task=task, data=event.data)

    async def _begin(self, order: NoticeOrder) -> None:
        await workflow.execute_activity_method(
            NoticeOrders.begin_notice, order, start_to_close_timeout=_ONE_TRY, retry_policy=_PATIENT
        )

    def _order(self, kind: NoticeKind, rule: NoticeRule, known: dict[str, Any]) -> NoticeOrder:
        case, task, data = self.case, known.get("task"), known.get("data") or {}
        customer, audience = case.state.application.customer, AUDIENCES.get(kind, Audience.CUSTOMER)
        self._ordered += 1
        outcome = data.get("outcome") or {}
        return NoticeOrder(
            notice_id=f"notice-{self._ordered}",
            kind=kind,
            audience=audience,
            call=rule.call,
            case_id=case.state.case_id,
            number=case.state.work_order or case.state.case_id,
            company=case.plan.company,
            plan=case.plan.name,
            language=self._language,
            time_zone=case.plan.calendar.time_zone,
            to=customer.email if audience is Audience.CUSTOMER else None,
            name=customer.contact_name or customer.name,
            roles=self._roles(audience, task),
            user=task.assignee if task and audience is Audience.HOLDER else None,
            texts={name: text for name, text in self._texts(task, data, outcome).items() if text},
            instants=self._instants(task, data, outcome),
            amounts={"costs": str(sum(c.amount for c in case.state.costs if c.payer is Payer.CUSTOMER))},
            currency=case.plan.currency,
            files=self._files(kind, data),
            ordered_at=case.record.now(),
        )

    @property
    def _language(self) -> str:
        asked, plan = self.case.state.application.customer.language, self.case.plan
        return asked if asked in plan.languages else plan.locale

    def _files(self, kind: NoticeKind, data: dict[str, Any]) -> tuple[str, ...]:
        match kind:
            case NoticeKind.SOLUTION:
                return tuple((data.get("outcome") or {}).get("attachments") or ())
            case NoticeKind.QUOTATION if data.get("file"):
                return (str(data["file"]),)
            case _:
                return ()

    def _roles(self, audience: Audience, task: TaskState | None) -> tuple[str, ...]:
        match audience:
            case Audience.HOLDER:
                return (task.role,) if task else ()
            case Audience.SUPERIOR:
                return (self.case.plan.superior_of(task.role),) if task else ()
            case Audience.PANEL:
                return self.case.plan.panel
            case _:
                return ()

    def _texts(self, task: TaskState | None, data: dict[str, Any], outcome: dict[str, Any]) -> dict[str, str]:
        product = self.case.state.application.product
        ended = self.case.ending
        return {
            "product": " ".join(filter(None, (product.model, product.serial_number))),
            "task": TASKS[task.kind].title if task else "",
            "reason": str(data.get("reason") or ""),
            "told": str(outcome.get("told") or outcome.get("text") or ""),
            "address": str(outcome.get("address") or ""),
            "precautions": str(outcome.get("precautions") or ""),
            "condition": str(outcome.get("condition") or ""),
            "result": ended.value if ended else "",
        }

    def _instants(self, task: TaskState | None, data: dict[str, Any], outcome: dict[str, Any]) -> dict[str, Any]:
        found = {
            "appointment": outcome.get("appointment") or data.get("appointment"),
            "promised_for": data.get("promised_for"),
            "due_at": task.due_at if task else None,
        }
        return {name: instant for name, instant in found.items() if instant}
