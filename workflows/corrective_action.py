"""The workflow of a corrective or preventive action: carried out, its effect verified by others, or done again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue, RetryPolicy

from workflows.offering import offer_task, outcome_of, reached
from workflows.wait import Expired, Outcome

with workflow.unsafe.imports_passed_through():
    from pydantic import ValidationError

    from activities.actions import ActionProjection
    from domain.actions import (
        CARRY_OUT,
        VERIFY_EFFECT,
        ActionStart,
        ActionState,
        ActionStatus,
        ActionStep,
        ActionWrite,
        CallOff,
        Effect,
        day_ends,
        day_of,
        step_problems,
    )
    from domain.case import Completion, Done, message_problem
    from domain.clocks import Anchor, DeadlineRequest, plain_promise
    from domain.events import SYSTEM, Actor, EventKind, chained
    from domain.tasks import Form, FormInvalid, UserTask

_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=15))


@workflow.defn(name="CorrectiveAction")
class CorrectiveAction:
    """Runs one action. People complete its steps by activity id, as those of a case."""

    @workflow.init
    def __init__(self, start: ActionStart) -> None:
        self.start = start
        self.plan, self.pace = start.plan, start.pace
        self.state = ActionState(
            action_id=start.action_id,
            plan=start.plan.name,
            plan_title=start.plan.title,
            time_zone=start.plan.calendar.time_zone,
            order=start.order,
            opened_at=start.opened_at,
            opened_by=start.opened_by,
        )
        self._call_off: CallOff | None = None
        self._revision = self._written = 0
        workflow.register_random_seed_callback(lambda _seed: self._change())  # a reset tells the read side anew

    @workflow.run
    async def run(self, start: ActionStart) -> ActionStatus:
        """Has the action carried out and verified, as often as it takes."""
        order = start.order
        self._note(EventKind.OPENED, start.opened_by, data={"order": order.model_dump(mode="json")})
        pump = asyncio.create_task(self._pump())
        due_on, verify_on = order.due_on, order.verify_on
        while self.state.status.is_open:
            self.state.status = ActionStatus.CARRY_OUT
            if await self._perform(CARRY_OUT, order.role, due_on, order.owner) is None:
                self._close(ActionStatus.CALLED_OFF)
                break
            self.state.status = ActionStatus.VERIFY
            verified = await self._perform(VERIFY_EFFECT, order.verify_role, verify_on)
            if verified is None:
                self._close(ActionStatus.CALLED_OFF)
            elif verified.result is Effect.EFFECTIVE:
                self._close(ActionStatus.EFFECTIVE)
            else:
                due_on, verify_on = verified.again_by or due_on, verified.verify_by or verify_on
        await workflow.wait_condition(lambda: self._written == self._revision and workflow.all_handlers_finished())
        pump.cancel()
        return self.state.status

    async def _perform(self, task: UserTask[Any], role: str, due_on: date, assignee: str | None = None) -> Any:
        """Has a step done and returns its form; None when the action was called off."""
        count = sum(step.kind == task.name for step in self.state.steps)
        due = day_ends(due_on, self.state.time_zone)
        step = ActionStep(
            key=task.name if not count else f"{task.name}-{count + 1}",
            kind=task.name,
            role=role,
            assignee=assignee,
            first_due_at=due,
            due_at=due,
        )
        self.state.steps = (*self.state.steps, step)
        offers = 0
        while self._call_off is None:
            offers += 1
            ended = await self._offer(task, step, offers)
            if isinstance(ended, Outcome):
                form = self._accept(task, step, ended.raw)
                if form is not None:
                    return form
            elif isinstance(ended, Expired):
                self._late(step)
        step.ended_at, step.activity_id = self._now(), None
        self._note(EventKind.OBSOLETE, self._call_off.by, step, {"reason": self._call_off.reason})
        return None

    async def _offer(self, task: UserTask[Any], step: ActionStep, number: int) -> Any:
        step.activity_id = step.key if number == 1 else f"{step.key}~{number}"
        left = step.due_at - self._now()
        self._note(EventKind.OFFERED, SYSTEM, step, {"role": step.role, "due_at": step.due_at.isoformat()})
        brief = {"task": step.key, "title": task.title, "role": step.role, "due_at": step.due_at.isoformat()}
        offered = offer_task(
            task.name,
            brief,
            activity_id=step.activity_id,
            left=self.pace.real_length(left),
            summary=f"{task.title} · {step.role} · due {step.due_at:%Y-%m-%d %H:%M} UTC",
        )

        def stop() -> bool:
            return offered.done() or self._call_off is not None

        if step.reminded_at is None and left > timedelta():
            share = self.plan.escalation.remind_after
            if not await reached(stop, self.pace.real_length(left * share)):
                step.reminded_at = self._now()
                self._note(EventKind.REMINDED, SYSTEM, step, {"due_at": step.due_at.isoformat()})
        await workflow.wait_condition(stop)
        return await outcome_of(offered, step.activity_id)

    def _late(self, step: ActionStep) -> None:
        """The deadline passed: the superior is told, then theirs; the step stays, with the budget of its level (X1)."""
        step.level += 1
        if workflow.patched("remind-at-each-level"):
            step.reminded_at = None  # a reminder precedes every deadline, that of the next level too (X1)
        told = self.plan.superior_of(step.told[-1] if step.told else step.role)
        if told not in step.told:
            step.told = (*step.told, told)
        budget = self.plan.budget_of_level(step.level)
        request = DeadlineRequest(
            anchor=Anchor(name="breach", at=self._now()), budget=budget, calendar=self.plan.calendar
        )
        step.due_at = plain_promise(request, "the next look at a late action").due_at
        self._note(EventKind.BREACHED, SYSTEM, step, {"level": step.level, "told": told})

    def _accept(self, task: UserTask[Any], step: ActionStep, raw: object) -> Form | None:
        try:
            completion = Completion.model_validate(raw)
            form: Form = task.form.read(completion.outcome)
        except (ValidationError, FormInvalid) as wrong:
            reason = message_problem(wrong) if isinstance(wrong, ValidationError) else str(wrong)
            self._note(EventKind.OUTCOME_REFUSED, SYSTEM, step, {"reason": reason[:1000]})
            return None
        if problems := step_problems(form, self.state, completion.by, self._today()):
            reason = str(FormInvalid(tuple(problems)))
            self._note(EventKind.OUTCOME_REFUSED, completion.by, step, {"reason": reason})
            return None
        kept = completion.happened_at <= step.first_due_at
        step.outcome = form.model_dump(mode="json", exclude_none=True)
        step.done = Done(
            by=completion.by,
            happened_at=completion.happened_at,
            entered_at=completion.entered_at,
            on_behalf_of=completion.on_behalf_of,
            submission_id=completion.submission_id,
            kept=kept,
            late_entry=kept and completion.entered_at > step.first_due_at,
        )
        step.ended_at, step.activity_id = self._now(), None
        self._note(EventKind.COMPLETED, completion.by, step, {"outcome": step.outcome, "kept": kept})
        return form

    def _close(self, status: ActionStatus) -> None:
        self.state.status, self.state.closed_at = status, self._now()
        self._note(EventKind.CLOSED, SYSTEM, data={"result": status})

    def _now(self) -> datetime:
        return self.pace.virtual(workflow.now())

    def _today(self) -> date:
        return day_of(self._now(), self.state.time_zone)

    def _note(
        self, kind: EventKind, by: Actor, step: ActionStep | None = None, data: Mapping[str, Any] | None = None
    ) -> None:
        previous = self.state.events[-1] if self.state.events else None
        event = chained(previous, self._now(), kind, by, step.key if step else None, dict(data or {}))
        self.state.events = (*self.state.events, event)
        self._change()

    def _change(self) -> None:
        self._revision += 1

    async def _pump(self) -> None:
        """Writes the newest state, one write in flight; a database that is away delays pages, never deadlines."""
        while True:
            await workflow.wait_condition(lambda: self._written < self._revision)
            write = ActionWrite(state=self.state, revision=self._revision)
            await workflow.execute_activity_method(
                ActionProjection.project_action,
                write,
                start_to_close_timeout=timedelta(seconds=30),
                retry_policy=_RETRY,
            )
            self._written = write.revision

    @workflow.signal(name="call_off")
    def call_off(self, *message: Any) -> None:
        """Ends an action that is not needed any more; the first word counts, what cannot be read is passed over."""
        try:
            read = CallOff.model_validate(message[0] if message else None)
        except ValidationError:
            return
        if self.state.status.is_open:
            self._call_off = self._call_off or read

    @workflow.signal(dynamic=True)
    def unknown(self, name: str, arguments: Sequence[RawValue]) -> None:
        """A message that no one knows changes nothing."""

    @workflow.query(name="state")
    def current(self) -> ActionState:
        """Returns the action's state."""
        return self.state
