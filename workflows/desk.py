"""Where messages to a case are acted on: handlers only put them into the inbox, one loop takes them out in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from temporalio import workflow

from workflows.offering import MILLISECOND
from workflows.performing import appoint
from workflows.promised_date import PROMISED
from workflows.wait import Scope

with workflow.unsafe.imports_passed_through():
    from pydantic import ValidationError

    from domain.case import MESSAGES, CaseStatus, Correction, Information, Invoice, Message, Result, message_problem
    from domain.case import Hold as Pause_
    from domain.case.messages import (
        AddInformation,
        Correct,
        Escalate,
        IssueDocument,
        Pause,
        Reassign,
        Recalculate,
        RecordInvoice,
        Reschedule,
        Resume,
        Undelivered,
        Withdraw,
    )
    from domain.case.money import invoice_problem
    from domain.documents.made import why_not
    from domain.events import SYSTEM, EventKind
    from domain.plan import Stage

if TYPE_CHECKING:
    from workflows.case import Case


class Desk:
    """Acts on messages one after another. A copy is ignored; one that does not apply is recorded as refused."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.inbox: list[tuple[str, Any]] = []
        self._seen: set[tuple[str, str, str]] = set()
        self._acts: dict[type[Message], Callable[[Any], str | None]] = {
            Escalate: self._escalate,
            AddInformation: self._add_information,
            Pause: self._pause,
            Resume: self._resume,
            Withdraw: self._withdraw,
            Reassign: self._reassign,
            Correct: self._correct,
            Recalculate: self._recalculate,
            Reschedule: self._reschedule,
            RecordInvoice: self._record_invoice,
            IssueDocument: self._issue_document,
            Undelivered: self._undelivered,
        }

    def put(self, name: str, *sent: Any) -> None:
        """Keeps a message until the loop gets to it; a message is one mapping, anything else will be refused."""
        self.inbox.append((name, sent[0] if len(sent) == 1 else None))

    async def run(self) -> None:
        """Acts on messages until cancelled."""
        while True:
            await workflow.wait_condition(lambda: bool(self.inbox))
            self._act(*self.inbox.pop(0))

    def _act(self, name: str, raw: Any) -> None:
        try:
            message = MESSAGES[name].model_validate(raw)
        except KeyError:
            self._refuse(name, None, "there is no such message")
            return
        except ValidationError as wrong:
            self._refuse(name, None, message_problem(wrong))
            return
        copy = (name, message.by.user, message.id)
        if copy in self._seen:
            return
        self._seen.add(copy)
        if self.case.closing:
            self._refuse(name, message, "the case has ended")
            return
        refusal = self._acts[type(message)](message)
        if refusal:
            self._refuse(name, message, refusal)

    def _refuse(self, name: str, message: Message | None, reason: str) -> None:
        by = message.by if message else SYSTEM
        data = {"message": name[:60], "id": message.id if message else None, "reason": reason[:1000]}
        self.case.record.note(EventKind.MESSAGE_REFUSED, by, data=data)

    # -- one method a message; each returns why it does not apply, or None

    def _escalate(self, message: Escalate) -> str | None:
        self.case.escalations.open(message.by, message.reason)
        return None

    def _add_information(self, message: AddInformation) -> str | None:
        if not message.text and not message.attachments:
            return "neither text nor files"
        self._inform(message, message.text, message.attachments)
        return None

    def _inform(self, message: Message, text: str | None, attachments: tuple[str, ...]) -> None:
        added = Information(at=message.at, by=message.by, text=text, attachments=attachments)
        self.case.state.information = (*self.case.state.information, added)
        data = {"text": text, "attachments": list(attachments)}
        self.case.record.note(EventKind.INFORMATION_ADDED, message.by, data=data)

    def _pause(self, message: Pause) -> str | None:
        case, now = self.case, self.case.record.now()
        if case.pause:
            return "the case is paused already"
        if message.until <= now:
            return "the date of resuming has passed"
        earlier = [hold.ends for hold in case.state.holds if hold.ends] + [case.state.opened_at]
        begins = max(min(message.at, now), *earlier)  # said while no worker was up, it counts from when it was said
        pause = Pause_(reason=message.reason, begins=begins, until=message.until, by=message.by)
        case.state.holds = (*case.state.holds, pause)
        case.record.note(
            EventKind.CASE_PAUSED, message.by, data={"reason": message.reason, "until": message.until.isoformat()}
        )
        case.record.set_status(CaseStatus.SUSPENDED)
        case.start(self._resume_at(pause.begins, message.until))
        return None

    async def _resume_at(self, begun: datetime, until: datetime) -> None:
        case = self.case

        def over() -> bool:
            return case.pause is None or case.pause.begins != begun or case.closing

        left = case.pace.real_length(until - case.record.now())
        try:
            await workflow.wait_condition(over, timeout=max(left, MILLISECOND))
        except TimeoutError:
            case.resume(SYSTEM, "the date of resuming was reached")

    def _resume(self, message: Resume) -> str | None:
        if not self.case.pause:
            return "the case is not paused"
        self.case.resume(message.by, message.reason or "resumed", message.at)
        return None

    def _withdraw(self, message: Withdraw) -> str | None:
        case = self.case
        if case.ending is Result.WITHDRAWN:
            return "the case is withdrawn already"
        if case.state.stage in (Stage.GIVE_BACK, Stage.ARCHIVE):
            return "the case is being closed already"
        said = {"told_by": message.told_by, "evidence": message.evidence}
        data = {"reason": message.reason, **{name: value for name, value in said.items() if value}}
        case.record.note(EventKind.WITHDRAWN, message.by, data=data)
        case.resume(message.by, "the customer withdrew")
        case.escalations.call_off("the customer withdrew")
        case.notices.call_off("the customer withdrew")
        case.take_off(Stage.GIVE_BACK, "the customer withdrew", Result.WITHDRAWN)
        return None

    def _reassign(self, message: Reassign) -> str | None:
        task = self.case.record.tasks.get(message.task)
        if task is None or not task.is_open:
            return f"{message.task} is not an open task"
        if message.role is not None and message.role not in self.case.plan.roles:
            return f"the plan has no role {message.role}"
        task.role, task.assignee = message.role or task.role, message.assignee
        task.assignment += 1
        if task.role == "engineer" and message.assignee:
            self.case.state.engineer = message.assignee
        data = {"role": task.role, "assignee": task.assignee, "reason": message.reason}
        self.case.record.note(EventKind.REASSIGNED, message.by, task, data)
        return None

    def _correct(self, message: Correct) -> str | None:
        if message.event > len(self.case.record.events):
            return f"the record has no entry {message.event}"
        case, wrong = self.case, self.case.record.events[message.event - 1]
        right = Correction(at=message.at, by=message.by, event=message.event, task=wrong.task, text=message.text)
        case.state.corrections = (*case.state.corrections, right)
        case.record.note(EventKind.CORRECTED, message.by, data={"corrects": message.event, "text": message.text})
        return None

    def _recalculate(self, message: Recalculate) -> str | None:
        provisional = [wait for wait in self.case.waits.values() if wait.deadline and wait.deadline.provisional]
        if not provisional:
            return "no open deadline is provisional"
        self.case.record.note(EventKind.RECALCULATED, message.by, data={"reason": message.reason})
        for wait in provisional:
            wait.stale = message.reason
        self.case.promises.forget()
        return None

    def _undelivered(self, message: Undelivered) -> str | None:
        if message.by.user != SYSTEM.user or not self.case.notices.knows(message.kind):
            return "no such notice was ordered"
        data = {"notice": message.notice, "kind": message.kind.value, "reason": message.reason}
        self.case.record.note(EventKind.NOTICE_UNDELIVERED, data=data)
        self.case.notices.undelivered(message.kind, message.reason)
        return None

    def _reschedule(self, message: Reschedule) -> str | None:
        wait = self.case.waits.get(message.task)
        if wait is None:
            return f"{message.task} is not an open task"
        within = self.case.plan.rule(wait.task.name).within
        promised = self.case.promised.in_force
        of_the_promise = within != "agreed" and wait.scope is Scope.STAGE and promised is not None
        if within == PROMISED and promised is None:
            return "no date is promised to the customer"
        if within != "agreed" and not of_the_promise:
            return f"{message.task} has no appointment"
        if message.appointment <= self.case.record.now():
            return "the new appointment has passed already"
        if of_the_promise:  # whatever the case waits for until then, it is the promised date that moves
            self.case.promised.give(message.appointment, by=message.by, told=message.told, reason=message.reason)
            return None
        appoint(wait, message.appointment, self.case.plan.rule(wait.task.name).window)
        wait.moved, wait.stale = True, message.reason
        self.case.state.appointment = message.appointment
        data = {"appointment": message.appointment.isoformat(), "reason": message.reason, "told": message.told}
        self.case.record.note(EventKind.RESCHEDULED, message.by, wait.state, data)
        return None

    def _record_invoice(self, message: RecordInvoice) -> str | None:
        case = self.case
        wrong = invoice_problem(message.kind, message.number, message.amount, message.credits, case.state.invoices)
        if wrong:
            return f"{wrong[0]}: {wrong[1]}"
        case.papers.keep_invoice(
            Invoice(
                kind=message.kind,
                number=message.number,
                amount=message.amount,
                credits=message.credits,
                files=message.attachments,
                recorded_at=message.at,
                by=message.by,
            )
        )
        return None

    def _issue_document(self, message: IssueDocument) -> str | None:
        case = self.case
        refusal = why_not(message.kind, case.state, tuple(case.record.tasks.values()))
        if refusal is None:
            case.papers.order(message.kind, by=message.by, reason=message.reason)
        return refusal
