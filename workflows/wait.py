"""How a case waits for a person: what is waited for, and how the wait can end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.case import TaskState
    from domain.clocks import Anchor, Budget, Deadline, Hold
    from domain.tasks import UserTask


class Interrupted(Exception):
    """A decision or a withdrawal took the case off the way it was on; the run goes on with the new stage.

    Raised where a stage waits for people; no stage catches it, so that none can swallow half of it.
    """


class CalledOff(Exception):
    """One task is not needed any more, while its stage goes on."""


class Scope(Enum):
    """How far a task depends on the way the case is on."""

    STAGE = "stage"
    """A step of the procedure: ends when the case takes another way."""
    BESIDE = "beside"
    """Runs beside the steps and ends with the case at the latest."""


@dataclass
class Wait:
    """One user task being waited for, from the first offer to its end."""

    task: UserTask[Any]
    state: TaskState
    scope: Scope
    course: int
    """The way the case was on when the wait began; a later one makes a step of the procedure obsolete."""
    anchor: Anchor
    budget: Budget
    source: str
    """The clause the budget is taken from, or `house`."""
    agreed: datetime | None = None
    not_after: datetime | None = None
    """The deadline of the step that waits for this one: its own is never later, as long as that one lies ahead."""
    pausable: bool = False
    extra_holds: tuple[Hold, ...] = ()
    offers: int = 0
    deadline: Deadline | None = None
    called_off: str | None = None
    stale: str | None = None
    """Why the deadline has to be computed anew, for example because a calendar was published."""
    moved: bool = False
    """True when its appointment was moved and the new promise is not made yet."""
    own_anchor: Anchor | None = None
    """What its own budget counts from, while the date promised to the customer comes before its own deadline."""
    reminded_level: int = -1
    counted: set[str] = field(default_factory=set)
    """Submissions that counted: an attempt leaves the task open, and may be sent again by a page that got no answer."""
    chased_by: str | None = None
    """Key of the open task that asks after this one."""

    @property
    def coming_activity_id(self) -> str:
        """The id of the next offer; never used before in the case: the key, then `key~2`, `key~3`."""
        return self.state.key if self.offers == 0 else f"{self.state.key}~{self.offers + 1}"

    @property
    def budget_counts(self) -> bool:
        """True when its deadline follows from a budget, not from an instant agreed with the customer."""
        return self.agreed is None and self.anchor.name != "appointment"

    def bound(self, due_at: datetime, now: datetime) -> bool:
        """Makes the deadline of the step that waits for it its own where that comes first; returns whether it did."""
        if self.not_after is None or self.agreed is not None or not now < self.not_after < due_at:
            return False
        self.agreed = self.not_after
        return True

    def let_go(self, reason: str) -> None:
        """Goes back to its own budget, if the date promised to the customer was its deadline in place of that."""
        if self.own_anchor is not None:
            self.anchor, self.agreed, self.own_anchor = self.own_anchor, None, None
            self.moved, self.stale = True, reason

    def next_activity_id(self) -> str:
        """Takes the id of the next offer."""
        taken = self.coming_activity_id
        self.offers += 1
        return taken

    def taken_reason(self) -> str | None:
        """Returns why the deadline is computed anew, and takes the reason away: what comes after is another one."""
        reason, self.stale = self.stale, None
        return reason

    @property
    def level(self) -> int:
        """The escalation level: how many deadlines of this task have passed."""
        return self.state.escalation_level


@dataclass(frozen=True)
class Outcome:
    """The activity was completed by a person; what they sent is not validated yet."""

    raw: Any


class Expired:
    """The deadline passed."""


@dataclass(frozen=True)
class Ended:
    """The wait was ended by the case itself, or failed from outside; the loop decides what that means."""

    why: str
