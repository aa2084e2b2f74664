"""A running case as its stages see it: have a task performed, meet the customer, quote costs, end, order a document."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine
from datetime import datetime
from typing import Any, NoReturn, TypeVar

from temporalio import workflow

from workflows.costs import Costs
from workflows.escalation import Escalations
from workflows.notices import Notices
from workflows.papers import Papers
from workflows.performing import new_wait, wait_until_done
from workflows.promised_date import PromisedDates
from workflows.promising import Promises
from workflows.pump import Pump
from workflows.record import Record
from workflows.shipping import Shipments
from workflows.wait import CalledOff, Interrupted, Scope, Wait

with workflow.unsafe.imports_passed_through():
    from domain.case import CaseStart, CaseStatus, Done, Result
    from domain.case import Hold as Pause
    from domain.clocks import Hold, Pace
    from domain.documents.made import Moment
    from domain.events import Actor, EventKind
    from domain.plan import Plan, Resolution, Stage
    from domain.tasks import Form, UserTask
    from domain.tasks.register import (
        DECIDE_ON_ABSENCE,
        DECIDE_ON_SILENCE,
        AbsenceDecision,
        SilenceDecision,
    )

F = TypeVar("F", bound=Form)
T = TypeVar("T")


class Case:
    """One case while it runs. Stages read and change it only through these methods."""

    def __init__(self, start: CaseStart) -> None:
        self.plan: Plan = start.plan
        self.pace: Pace = start.pace
        self.record = Record(start)
        self.state = self.record.state
        self.pump = Pump(self.record)
        self.promises = Promises(self.record)
        self.promised = PromisedDates(self)
        self.costs = Costs(self.record)
        self.shipments = Shipments(self.record)
        self.papers = Papers(self)
        self.notices = Notices(self)
        self.escalations = Escalations(self)
        self.course = 0
        """Counts the times the case was taken off its way; steps of an earlier course are over."""
        self.stage_course = 0
        self.route: Stage | None = None
        self.why_over = ""
        self.ending: Result | None = None
        self.closing = False
        self.waits: dict[str, Wait] = {}
        self._done: dict[str, Done] = {}
        self._running: set[asyncio.Task[Any]] = set()
        self._broken: BaseException | None = None

    # -- having people do things

    async def perform(
        self,
        task: UserTask[F],
        *,
        since: str | None = None,
        at: datetime | None = None,
        role: str | None = None,
        about: str | None = None,
        reason: str | None = None,
        marks: str | None = None,
        holds: tuple[Hold, ...] = (),
        not_after: datetime | None = None,
    ) -> F:
        """Has a step of the procedure done and returns its outcome.

        `since` names the recorded instant the budget counts from (default: the plan's), `at` the agreed instant that is
        the deadline; `marks` names the instant that the completion sets; `not_after` is a deadline that waits behind
        this step. Raises Interrupted when the case takes another way.
        """
        if not self.on_course:
            raise Interrupted  # before a task is created that nobody would ever be offered
        wait = self._new_wait(
            task, since=since, agreed=at, role=role, about=about, reason=reason, scope=Scope.STAGE, holds=holds,
            not_after=not_after,
        )  # fmt: skip
        form = await self._wait_for(wait, task)
        if marks and not form.is_attempt:
            self.mark(marks, self.done(task).happened_at)
        return form

    async def meet(self, task: UserTask[F], **how: Any) -> F:
        """Has a task done that needs the customer. After the last attempt in vain somebody decides (X10)."""
        while (form := await self.perform(task, **how)).is_attempt:
            await self.decide_on_absence(task)
            how = {**how, "since": "offered", "at": None}
        return form

    async def try_to_meet(self, task: UserTask[F], **how: Any) -> F | None:
        """Has a task done that needs the customer's answer; None when it was decided to go on without one (X10)."""
        while (form := await self.perform(task, **how)).is_attempt:
            silence = await self.perform(DECIDE_ON_SILENCE, about=self.last_key(task), reason=self._in_vain(task))
            if silence.decision is SilenceDecision.GO_ON:
                return None
            if silence.decision is SilenceDecision.END_UNRESOLVED:
                self.give_up()
            how = {**how, "since": "offered", "at": None}
        return form

    async def decide_on_absence(self, task: UserTask[Any]) -> None:
        """Has somebody decide about a customer without whom the case cannot go on; returns to try again."""
        absence = await self.perform(DECIDE_ON_ABSENCE, about=self.last_key(task), reason=self._in_vain(task))
        if absence.decision is AbsenceDecision.END_UNRESOLVED:
            self.give_up()

    def _in_vain(self, task: UserTask[Any]) -> str:
        return f"No answer after {self.plan.attempts.limit} attempts: {task.title}"

    def give_up(self) -> NoReturn:
        """Ends the case as unresolved because the customer could not be reached; a newer word on its way holds."""
        if self.on_course:
            self.take_off(Stage.GIVE_BACK, "the customer could not be reached", Result.UNRESOLVED)
        raise Interrupted

    def beside(
        self,
        task: UserTask[Any],
        *,
        since: str | None = None,
        role: str | None = None,
        about: str | None = None,
        reason: str | None = None,
    ) -> str:
        """Offers a task beside the steps and returns its key; it ends with the case at the latest."""
        wait = self._new_wait(task, since=since, role=role, about=about, reason=reason, scope=Scope.BESIDE)
        self.start(self._until_over(wait, task))
        return wait.state.key

    def call_off(self, key: str | None, reason: str) -> None:
        """Ends one task that is not needed any more, if it is still open."""
        wait = self.waits.get(key or "")
        if wait:
            wait.called_off = reason

    def call_off_steps(self, reason: str) -> None:
        """Ends the steps that still run on from an earlier stage: what follows does not need them."""
        for wait in self.waits.values():
            if wait.scope is Scope.STAGE:
                wait.called_off = reason

    def ask_beside(
        self,
        task: UserTask[F],
        *,
        since: str | None = None,
        role: str | None = None,
        about: str | None = None,
        reason: str | None = None,
    ) -> tuple[str, Awaitable[F | None]]:
        """Puts a question to a role beside the steps; returns its key, and the answer to wait for.

        The answer is None when it was not needed any more.
        """
        wait = self._new_wait(task, since=since, role=role, about=about, reason=reason, scope=Scope.BESIDE)
        return wait.state.key, self._answer(wait, task)

    async def _answer(self, wait: Wait, task: UserTask[F]) -> F | None:
        try:
            return await self._wait_for(wait, task)
        except (CalledOff, Interrupted):
            return None

    async def together(self, *steps: Awaitable[T]) -> list[T]:
        """Runs steps side by side and waits for all, also when one is interrupted. Raises what the first raised."""
        results = await asyncio.gather(*steps, return_exceptions=True)
        for result in results:
            if isinstance(result, BaseException):
                raise result
        return [result for result in results if not isinstance(result, BaseException)]

    def _new_wait(self, task: UserTask[Any], **how: Any) -> Wait:
        wait = new_wait(self, task, **how)
        self.waits[wait.state.key] = wait
        self.papers.step(wait.state, Moment.BEGUN)
        return wait

    async def _wait_for(self, wait: Wait, task: UserTask[F]) -> F:
        try:
            form = await wait_until_done(self, wait, task.form)
        finally:
            del self.waits[wait.state.key]
            self.call_off(wait.chased_by, "what was asked after is no longer awaited")
            self.escalations.settled(wait.state.key)
        if wait.state.done:
            self._done[task.name] = wait.state.done
        if not form.is_attempt:
            self.papers.step(wait.state, Moment.DONE)
        return form

    async def _until_over(self, wait: Wait, task: UserTask[Any]) -> None:
        try:
            await self._wait_for(wait, task)
        except (CalledOff, Interrupted):
            return

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[Any]:
        """Starts work beside the steps; the end of the case waits for it."""
        running = asyncio.create_task(work)
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        running.add_done_callback(self.notice)
        return running

    def notice(self, ended: asyncio.Task[Any]) -> None:
        """Keeps the error of work beside the steps, which nobody awaits, for `sound` to raise."""
        if not ended.cancelled() and ended.exception():
            self._broken = self._broken or ended.exception()

    def sound(self) -> bool:
        """Returns True. Raises RuntimeError when work beside the steps failed: a mistake in the program stops the case
        visibly until it is put right, and loses nothing."""
        if self._broken:
            raise RuntimeError("work beside the steps failed") from self._broken
        return True

    @property
    def idle(self) -> bool:
        """True when nothing runs beside the steps any more."""
        return not self._running

    # -- what stages ask and say

    @property
    def on_course(self) -> bool:
        """False once a decision or a withdrawal took the case off the way of the present stage."""
        return self.course == self.stage_course

    def take_way(self, resolution: Resolution, appointment: datetime | None = None) -> None:
        """Sets how the case is resolved, unless it was taken off its way meanwhile: then the newer word holds."""
        if self.on_course:
            self.state.resolution, self.state.appointment = resolution, appointment

    def end_as(self, result: Result) -> None:
        """Sets how the case will have ended, unless it was taken off its way meanwhile."""
        if self.on_course:
            self.ending = result

    def paused_at(self, instant: datetime | None) -> bool:
        """True when a pause covered an instant, whether it is over by now or not."""
        return instant is not None and any(
            hold.begins <= instant and (hold.ends is None or instant < hold.ends) for hold in self.state.holds
        )

    def done(self, task: UserTask[Any]) -> Done:
        """Returns how the task was last completed."""
        return self._done[task.name]

    def last_key(self, task: UserTask[Any]) -> str:
        """Returns the key of the latest task of a kind."""
        return [state.key for state in self.record.tasks.values() if state.kind == task.name][-1]

    def mark(self, instant: str, at: datetime) -> None:
        """Records an instant that budgets count from, such as `assignment` or `receipt`."""
        self.state.instants[instant] = at

    def next_stage(self) -> Stage:
        """Returns the stage that the plan puts after the present one."""
        return self.plan.stage_after(self.state.stage)

    @property
    def pause(self) -> Pause | None:
        """The pause in force, if any (X4)."""
        return next((hold for hold in self.state.holds if hold.ends is None), None)

    def resume(self, by: Actor, reason: str, at: datetime | None = None) -> None:
        """Ends the pause in force; the clocks it stopped go on with the time they had left.

        `at` is when it was said, if the case hears of it only now; a clock runs again from then on.
        """
        paused, now = self.pause, self.record.now()
        if paused:
            ended = paused.model_copy(update={"ends": max(paused.begins, min(at or now, now))})
            self.state.holds = (*self.state.holds[:-1], ended)
            self.record.note(EventKind.CASE_RESUMED, by, data={"reason": reason})
            self.record.set_status(CaseStatus.ACTIVE)

    def take_off(self, stage: Stage, why: str, ending: Result | None = None) -> None:
        """Takes the case off its way: the open steps end, and the run goes on with `stage`."""
        self.course += 1
        self.route, self.why_over = stage, why
        self.ending = ending or self.ending
        if stage is Stage.GIVE_BACK:
            self.promised.dropped()

    def escalate(self, wait: Wait) -> None:
        """Tells whoever the plan names of a missed deadline (X1)."""
        self.escalations.breached(wait)
