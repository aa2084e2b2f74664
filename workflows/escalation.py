"""Missed deadlines and special cases: who is told, who decides, and how the decision steers the case (X1, X3)."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import TYPE_CHECKING

from temporalio import workflow

from workflows.wait import Wait

with workflow.unsafe.imports_passed_through():
    from domain.case import Result
    from domain.events import SYSTEM, Actor, EventKind
    from domain.plan import Resolution, Stage
    from domain.tasks.dispatch import ServiceMethod
    from domain.tasks.special import ACKNOWLEDGE_BREACH, CHASE, SPECIAL_CASE, Decision, EndAs, SpecialCaseForm

if TYPE_CHECKING:
    from workflows.case import Case

_OWN_TASKS = {ACKNOWLEDGE_BREACH.name, CHASE.name, SPECIAL_CASE.name}


class Escalations:
    """What is escalated in a case at present."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._special: str | None = None
        """Key of the open special case's task."""
        self._about: str | None = None
        """Key of the late task that alone brought it up; None when a person or the procedure asked for a decision."""
        self._decided = 0

    def breached(self, wait: Wait) -> None:
        """A deadline passed: the superior must acknowledge; from the plan's level on the general manager decides.

        An acknowledgement or a decision that is itself late is not acknowledged in turn: it repeats as a reminder.
        """
        task, plan = wait.state, self.case.plan
        if task.kind in _OWN_TASKS:
            return
        levels = plan.escalation.levels
        tell = levels[task.escalation_level - 1].tell if task.escalation_level <= len(levels) else "general_manager"
        reason = f"Deadline missed: {wait.task.title}"
        if tell == "superior":
            self.case.beside(ACKNOWLEDGE_BREACH, role=plan.superior_of(task.role), about=task.key, reason=reason)
        else:
            self.open(SYSTEM, f"{reason}, escalation level {task.escalation_level}", about=task.key)

    def open(self, by: Actor, reason: str, about: str | None = None) -> bool:
        """Puts the case to the plan's panel beside its open tasks. Returns False when it is there already."""
        if self._special is not None:
            if about is None:
                self._about = None
            return False
        self.case.state.special_case_open = True
        self.case.record.note(EventKind.SPECIAL_CASE_OPENED, by, data={"reason": reason, "about": about})
        role = self.case.plan.panel[-1]
        self._special, answer = self.case.ask_beside(SPECIAL_CASE, role=role, about=about, reason=reason)
        self._about = about
        self.case.start(self._decide(answer))
        return True

    def chase(self, wait: Wait) -> None:
        """A reminder came: the role that owns the contact asks after what is awaited."""
        role = self.case.plan.rule(wait.task.name).chased_by
        if role and wait.chased_by is None:
            wait.chased_by = self.case.beside(CHASE, role=role, about=wait.state.key, reason=wait.task.title)

    async def decision_needed(self, reason: str) -> None:
        """Waits for the panel's decision where the procedure itself cannot go on.

        Returns when the decision leaves the way as it is; otherwise the next step finds the case on another way.
        """
        decided, course = self._decided, self.case.course
        self.open(SYSTEM, reason)
        await workflow.wait_condition(lambda: self._decided > decided or self.case.course != course)

    async def none_asked(self) -> None:
        """Waits until all that a person put to the panel is decided; a late task's lateness alone needs no decision."""
        await workflow.wait_condition(lambda: self._special is None or self._about is not None or self._off_course())

    def settled(self, key: str) -> None:
        """A task is done: a decision that was only about its lateness is not needed any more."""
        if self._special is not None and self._about == key:
            self.call_off("the late task was done")

    def call_off(self, reason: str) -> None:
        """Ends the open special case without a decision."""
        self.case.call_off(self._special, reason)

    def _off_course(self) -> bool:
        return self.case.course != self.case.stage_course

    async def _decide(self, answer: Awaitable[SpecialCaseForm | None]) -> None:
        form = await answer
        self._special, self._about = None, None
        self.case.state.special_case_open = False
        if form is None:
            return
        self._decided += 1
        by = self.case.done(SPECIAL_CASE).by
        too_late = self.case.closing or self.case.ending is Result.WITHDRAWN
        decision = form.model_dump(mode="json", exclude_none=True)
        self.case.record.note(EventKind.DECIDED, by, data={**decision, "carried_out": not too_late})
        if not too_late:
            self._carry_out(form, by)

    def _carry_out(self, form: SpecialCaseForm, by: Actor) -> None:
        case = self.case
        match form.decision:
            case Decision.GO_ON:
                pass
            case Decision.WAIVE_COST:
                case.costs.share(100, by)
            case Decision.SHARE_COST:
                case.costs.share(form.company_share or 0, by)
            case Decision.REPLACE:
                case.state.resolution = Resolution.REPLACEMENT
                case.take_off(Stage.RESOLVE, "decided: replacement")
            case Decision.END:
                ending = Result.REJECTED if form.end_as is EndAs.REJECTED else Result.UNRESOLVED
                case.take_off(Stage.GIVE_BACK, "decided: the case ends", ending)
            case Decision.ROUTE:
                self._reroute(form.route)

    def _reroute(self, method: ServiceMethod | None) -> None:
        case = self.case
        case.state.resolution = Resolution(method or ServiceMethod.FACTORY_RETURN)
        case.state.appointment = None
        on_factory = case.state.resolution is Resolution.FACTORY_RETURN
        case.take_off(Stage.RESOLVE if on_factory else Stage.DISPATCH, f"decided: {case.state.resolution}")
