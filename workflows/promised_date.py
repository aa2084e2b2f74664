"""Dates promised to the customer: one is in force at most; moving it is a new promise, told and on record (M5, X4)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from temporalio import workflow

from workflows.wait import Scope, Wait

with workflow.unsafe.imports_passed_through():
    from domain.case import PromisedDate, PromiseEnd
    from domain.clocks import Anchor
    from domain.events import SYSTEM, Actor, EventKind
    from domain.tasks.special import SPECIAL_CASE

if TYPE_CHECKING:
    from workflows.case import Case

PROMISED = "promised"
"""The word of a plan for tasks whose deadline is the promised date."""


class PromisedDates:
    """Keeps the company's word: gives a promise, moves the clocks that hang on it, says what became of it."""

    def __init__(self, case: Case) -> None:
        self.case = case

    @property
    def in_force(self) -> datetime | None:
        """The promised date that holds at present, if any."""
        return self.case.state.promised_for

    def give(self, promised_for: datetime, *, by: Actor, told: str, reason: str | None = None) -> None:
        """Records a promise in the place of the one before; open tasks that hang on it get it as deadline."""
        record, state = self.case.record, self.case.state
        earlier = self.in_force
        if earlier:
            self._end(PromiseEnd.MOVED if record.now() <= earlier else PromiseEnd.MISSED)
        promise = PromisedDate(
            promised_for=promised_for, given_at=record.now(), by=by, told=told, reason=reason if earlier else None
        )
        state.promises = (*state.promises, promise)
        data = {"promised_for": promised_for.isoformat(), "told": told, "reason": reason}
        record.note(EventKind.DATE_PROMISED, by, data={**data, "replaces": earlier.isoformat() if earlier else None})
        for wait in self.case.waits.values():
            if self.case.plan.rule(wait.task.name).within == PROMISED:
                self.bind(wait)
                wait.moved, wait.stale = True, reason or "a date was promised to the customer"

    def bind(self, wait: Wait) -> None:
        """Makes the promised date the deadline of a task; one that has passed is nothing to work towards."""
        promised = self.in_force
        if promised and promised > self.case.record.now():
            given_at = self.case.state.promises[-1].given_at
            wait.anchor, wait.agreed = Anchor(name="promise", at=given_at), promised

    def comes_first(self, wait: Wait, due_at: datetime) -> bool:
        """Makes the promised date the deadline of a step that would be due after it; returns whether it did.

        Whatever the case waits for, its promise is not passed unseen (M5). An appointment was agreed with the customer
        and keeps its own time; so does what runs beside the steps, except a decision that the steps wait for.
        """
        promised = self.in_force
        steps = wait.scope is Scope.STAGE or wait.task.name == SPECIAL_CASE.name
        if wait.budget_counts and steps and promised and self.case.record.now() < promised < due_at:
            wait.own_anchor = wait.anchor
            self.bind(wait)
            return True
        return False

    def fulfilled(self, at: datetime) -> None:
        """What was promised is done: by the date, or after it was missed."""
        promised = self.in_force
        if promised:
            self._end(PromiseEnd.KEPT if at <= promised else PromiseEnd.MISSED)

    def dropped(self) -> None:
        """Nothing is left to be fixed."""
        self._end(PromiseEnd.DROPPED)

    def _end(self, how: PromiseEnd) -> None:
        state = self.case.state
        if self.in_force:
            ended = state.promises[-1].model_copy(update={"ended_at": self.case.record.now(), "ended_as": how})
            state.promises = (*state.promises[:-1], ended)
            for wait in self.case.waits.values():
                wait.let_go(f"the promise was {how}")
            if how is not PromiseEnd.MOVED:
                data = {"promised_for": ended.promised_for.isoformat(), "ended_as": how}
                self.case.record.note(EventKind.PROMISE_ENDED, SYSTEM, data=data)
