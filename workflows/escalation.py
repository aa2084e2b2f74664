"""Missed deadlines and special cases: who is told, who decides, and how the decision steers the case (X1, X3)."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from temporalio import workflow

from workflows.wait import Wait

with workflow.unsafe.imports_passed_through():
    from domain.case import Result, TaskState
    from domain.clocks import Budget
    from domain.events import SYSTEM, Actor, EventKind
    from domain.plan import Resolution, Stage
    from domain.tasks import Form, UserTask
    from domain.tasks.special import (
        ACKNOWLEDGE_BREACH,
        CHASE,
        PANEL_WORD,
        SPECIAL_CASE,
        Decision,
        EndAs,
        PanelWordForm,
        SpecialCaseForm,
    )

if TYPE_CHECKING:
    from workflows.case import Case

_LONGEST_REASON = 4000
_OWN_TASKS = {ACKNOWLEDGE_BREACH.name, CHASE.name, SPECIAL_CASE.name}
F = TypeVar("F", bound=Form)


@dataclass
class _Special:
    """One special case before the panel."""

    about: str | None
    reason: str
    asked_by: str | None
    """Sign-in name of the person who asked; they do not decide it themselves (X11)."""
    keys: list[str] = field(default_factory=list)
    """Keys of its tasks, in the order they were put."""
    called_off: bool = False


class Escalations:
    """What is escalated in a case at present."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._special: _Special | None = None
        """What is before the panel at present."""
        self._late: dict[str, None] = {}
        """Keys of the late tasks that brought it up."""
        self._asked = False
        """True when a person or the procedure asked for it: then it is needed whatever becomes of the late tasks."""
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
        if task.kind == PANEL_WORD.name:
            # A case that is before the panel cannot be put to it for that: its superior and then the general manager
            # acknowledge that a member owes their word.
            told = {1: plan.superior_of(task.role), 2: "general_manager"}.get(task.escalation_level)
            if told:
                self.case.beside(ACKNOWLEDGE_BREACH, role=told, about=task.key, reason=reason)
            return
        if tell == "superior":
            self.case.beside(ACKNOWLEDGE_BREACH, role=plan.superior_of(task.role), about=task.key, reason=reason)
        else:
            self.open(SYSTEM, f"{reason}, escalation level {task.escalation_level}", about=task.key)

    def budget_after_breach(self, task: TaskState) -> Budget:
        """Returns the budget of the next offer; what is itself an escalation repeats as a daily reminder."""
        plan = self.case.plan
        return plan.escalation.then if task.kind in _OWN_TASKS else plan.budget_of_level(task.escalation_level)

    def open(self, by: Actor, reason: str, about: str | None = None) -> None:
        """Puts the case to the plan's panel beside its open tasks; where it is there already, the reason is added."""
        if about:
            self._late[about] = None
        else:
            self._asked = True
        if self._special is not None:
            self._add_reason(by, reason, about)
            return
        self.case.state.special_case_open = True
        self.case.record.note(EventKind.SPECIAL_CASE_OPENED, by, data={"reason": reason, "about": about})
        self._special = special = _Special(about, reason, asked_by=None if by is SYSTEM else by.user)
        words = [self._ask(special, PANEL_WORD, role) for role in self.case.plan.panel[:-1]]
        self.case.start(self._decide(special, words))

    def _ask(self, special: _Special, task: UserTask[F], role: str) -> Awaitable[F | None]:
        """Puts the special case to a member of the panel."""
        key, answer = self.case.ask_beside(task, role=role, about=special.about, reason=special.reason)
        self.case.record.tasks[key].asked_by = special.asked_by
        special.keys.append(key)
        return answer

    def _add_reason(self, by: Actor, reason: str, about: str | None) -> None:
        special = self._special
        if special is None or reason in special.reason:
            return
        special.reason = f"{special.reason}; {reason}"[:_LONGEST_REASON]
        for task in (self.case.record.tasks[key] for key in special.keys):
            if task.is_open:
                task.reason = special.reason
                data = {"reason": reason, "about": about, "joins": task.key}
                self.case.record.note(EventKind.SPECIAL_CASE_OPENED, by, task, data)

    def chase(self, wait: Wait) -> None:
        """A reminder came: the role that owns the contact asks after what is awaited."""
        role = self.case.plan.rule(wait.task.name).chased_by
        if role and wait.chased_by not in self.case.waits:
            wait.chased_by = self.case.beside(CHASE, role=role, about=wait.state.key, reason=wait.task.title)

    async def decision_needed(self, reason: str) -> None:
        """Waits for the panel's decision where the procedure itself cannot go on.

        Returns when the decision leaves the way as it is; otherwise the next step finds the case on another way.
        """
        decided, course = self._decided, self.case.course
        self.open(SYSTEM, reason[:_LONGEST_REASON])
        await workflow.wait_condition(
            lambda: self.case.sound() and (self._decided > decided or self.case.course != course)
        )

    async def all_answered(self) -> None:
        """Waits until all that was put to the panel is decided and every missed deadline acknowledged (X1).

        A decision about the lateness of a task that was done meanwhile is not needed.
        """
        await workflow.wait_condition(
            lambda: self.case.sound() and (not (self._asked or self._unacknowledged()) or not self.case.on_course)
        )

    def _unacknowledged(self) -> bool:
        return any(task.kind == ACKNOWLEDGE_BREACH.name for task in self.case.record.open_tasks())

    def settled(self, key: str) -> None:
        """A task ended: a decision that was only about its lateness is not needed any more."""
        if key in self._late:
            del self._late[key]
            if not self._late and not self._asked:
                self.call_off("the late task was done")

    def call_off(self, reason: str) -> None:
        """Ends the open special case without a decision."""
        if self._special is not None:
            self._special.called_off = True
            for key in self._special.keys:
                self.case.call_off(key, reason)
        self._clear()

    def _clear(self) -> None:
        self._special, self._asked = None, False
        self._late = {}
        self.case.state.special_case_open = False

    async def _decide(self, special: _Special, words: Sequence[Awaitable[PanelWordForm | None]]) -> None:
        """Has every member give their word, then the last one decide (T11)."""
        await self.case.together(*words)
        form = None
        if not special.called_off and not self.case.closing:
            form = await self._ask(special, SPECIAL_CASE, self.case.plan.panel[-1])
        if self._special is special:  # not called off, and no newer one in its place
            self._clear()
        if form is None:
            return
        self._decided += 1
        by = self.case.done(SPECIAL_CASE).by
        costs_only = form.decision in (Decision.GO_ON, Decision.WAIVE_COST, Decision.SHARE_COST)
        carried_out = not self.case.closing and (costs_only or self.case.ending is not Result.WITHDRAWN)
        decision = form.model_dump(mode="json", exclude_none=True)
        self.case.record.note(EventKind.DECIDED, by, data={**decision, "carried_out": carried_out})
        if carried_out:
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
                self._reroute(case.plan.way_to_replace)
            case Decision.END:
                ending = Result.REJECTED if form.end_as is EndAs.REJECTED else Result.UNRESOLVED
                case.take_off(Stage.GIVE_BACK, "decided: the case ends", ending)
            case Decision.ROUTE if form.route is not None:
                self._reroute(Resolution(form.route))

    def _reroute(self, way: Resolution) -> None:
        case = self.case
        case.state.resolution, case.state.appointment = way, None
        case.take_off(case.plan.stage_for(way), f"decided: {way.replace('_', ' ')}")
