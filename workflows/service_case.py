"""The workflow of a case: one durable run from application to archive."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue

from workflows.case import Case
from workflows.desk import Desk
from workflows.stages import STAGES
from workflows.wait import CalledOff, Interrupted

with workflow.unsafe.imports_passed_through():
    from domain.case import CaseEnd, CaseStart, CaseState, CaseStatus, Result, TaskState
    from domain.clocks import Anchor, DeadlineRequest, plain_promise
    from domain.documents.kinds import DocumentKind
    from domain.events import EventKind
    from domain.notices import NoticeKind
    from domain.plan import Stage


@workflow.defn(name="ServiceCase")
class ServiceCase:
    """Runs one case. People complete its tasks by activity id; everything else reaches it as a signal."""

    @workflow.init
    def __init__(self, start: CaseStart) -> None:
        self.case = Case(start)
        self.desk = Desk(self.case)
        # The engine gives a run that begins by a reset another seed: it tells the read side everything anew, so that
        # what the earlier run went on to do does not stay on pages.
        workflow.register_random_seed_callback(lambda _seed: self.case.record.give_back())

    @workflow.run
    async def run(self, start: CaseStart) -> CaseEnd:
        """Goes from stage to stage; an interruption puts the case on another way."""
        case = self.case
        application = start.application.model_dump(mode="json", exclude={"plan"})
        case.record.note(
            EventKind.OPENED, start.opened_by, data={"application": application, "reopened_from": start.reopened_from}
        )
        beside = [asyncio.create_task(self.desk.run()), asyncio.create_task(case.pump.run())]
        for loop in beside:
            loop.add_done_callback(case.notice)
        case.start(case.promises.prepare())
        stage: Stage | None = case.plan.first_stage
        while stage is not None:
            case.stage_course = case.course
            case.record.enter(stage)
            try:
                stage = await STAGES[stage](case)
            except (Interrupted, CalledOff):
                stage = None
            if not case.on_course:
                stage, case.route = case.route, None
        return await self._close(beside)

    async def _close(self, beside: Sequence[asyncio.Task[None]]) -> CaseEnd:
        """Ends the case: nothing open, unread or unwritten. What arrives meanwhile is recorded as refused."""
        case = self.case
        case.closing, case.why_over = True, "the case ended"
        await workflow.wait_condition(lambda: case.sound() and case.idle)
        result = case.ending or Result.UNRESOLVED
        case.papers.order(DocumentKind.ARCHIVE_INDEX, ended_as=result)
        case.notices.order(NoticeKind.CLOSED)
        await workflow.wait_condition(lambda: case.sound() and case.idle)
        case.state.result, case.state.closed_at = result, case.record.now()
        case.state.reopen_until = self._reopen_until()
        case.record.set_status(CaseStatus.CLOSED)
        case.record.note(EventKind.CLOSED, data={"result": result})
        await workflow.wait_condition(
            lambda: case.sound() and not self.desk.inbox and case.pump.dry and workflow.all_handlers_finished()
        )
        for loop in beside:
            loop.cancel()
        last = case.record.events[-1]
        return CaseEnd(
            case_id=case.state.case_id,
            result=result,
            closed_at=case.state.closed_at,
            events=last.no,
            record_hash=last.hash,
        )

    def _reopen_until(self) -> datetime:
        plan, now = self.case.plan, self.case.record.now()
        request = DeadlineRequest(
            anchor=Anchor(name="closing", at=now), budget=plan.reopening.within, calendar=plan.calendar
        )
        return plain_promise(request, "the time for reopening").due_at

    # -- messages: handlers only put them into the inbox, whatever was sent: a handler that raised would stop the case

    @workflow.signal(name="escalate")
    def escalate(self, *message: Any) -> None:
        """Puts the case to the panel."""
        self.desk.put("escalate", *message)

    @workflow.signal(name="add_information")
    def add_information(self, *message: Any) -> None:
        """Adds text, photos or videos."""
        self.desk.put("add_information", *message)

    @workflow.signal(name="pause")
    def pause(self, *message: Any) -> None:
        """Stops the clocks that wait for the customer."""
        self.desk.put("pause", *message)

    @workflow.signal(name="resume")
    def resume(self, *message: Any) -> None:
        """Ends a pause before its date."""
        self.desk.put("resume", *message)

    @workflow.signal(name="withdraw")
    def withdraw(self, *message: Any) -> None:
        """The customer withdraws."""
        self.desk.put("withdraw", *message)

    @workflow.signal(name="reassign")
    def reassign(self, *message: Any) -> None:
        """Gives an open task to another role or person."""
        self.desk.put("reassign", *message)

    @workflow.signal(name="correct")
    def correct(self, *message: Any) -> None:
        """Corrects an entry of the record by a new one."""
        self.desk.put("correct", *message)

    @workflow.signal(name="recalculate")
    def recalculate(self, *message: Any) -> None:
        """Has provisional deadlines computed anew."""
        self.desk.put("recalculate", *message)

    @workflow.signal(name="reschedule")
    def reschedule(self, *message: Any) -> None:
        """Moves an appointment."""
        self.desk.put("reschedule", *message)

    @workflow.signal(name="record_invoice")
    def record_invoice(self, *message: Any) -> None:
        """Records an official invoice or credit note."""
        self.desk.put("record_invoice", *message)

    @workflow.signal(name="issue_document")
    def issue_document(self, *message: Any) -> None:
        """Has a document made again."""
        self.desk.put("issue_document", *message)

    @workflow.signal(name="undelivered")
    def undelivered(self, *message: Any) -> None:
        """A notice of this case could not be sent."""
        self.desk.put("undelivered", *message)

    @workflow.signal(dynamic=True)
    def unknown(self, name: str, arguments: Sequence[RawValue]) -> None:  # noqa: ARG002 - the engine passes them
        """A message that no one knows is recorded as refused."""
        self.desk.put(name)

    @workflow.query(name="state")
    def state(self) -> CaseState:
        """Returns the case's state."""
        return self.case.state

    @workflow.query(name="tasks")
    def tasks(self) -> list[TaskState]:
        """Returns the case's tasks in the order they were offered."""
        return list(self.case.record.tasks.values())
