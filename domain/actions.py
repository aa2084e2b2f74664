"""Corrective and preventive actions: what a report leads to, who does it by when, and whether it helped (Q8)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Any, ClassVar
from zoneinfo import ZoneInfo

from pydantic import Field

from domain.case import Done
from domain.clocks import Pace
from domain.events import Actor, Event
from domain.model import Frozen, Instant, Line, Mutable, Prose
from domain.plan import Plan
from domain.statistics import Counted, Sorted
from domain.tasks import Choice, FieldError, Form, UserTask
from domain.tasks.parts import Day

ActionId = Annotated[str, Field(pattern=r"^A-[0-9A-HJKMNP-TV-Z]{10}$")]
UserName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,39}$")]
RoleName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


class ActionKind(Choice):
    """What an action is for."""

    CORRECTIVE = "corrective", "Corrective: the cause of what happened is removed"
    PREVENTIVE = "preventive", "Preventive: what could happen is kept from happening"


class ActionStatus(StrEnum):
    """Where an action stands."""

    CARRY_OUT = "carry_out"
    VERIFY = "verify"
    EFFECTIVE = "effective"
    CALLED_OFF = "called_off"

    @property
    def is_open(self) -> bool:
        """True while somebody has to do something."""
        return self in (ActionStatus.CARRY_OUT, ActionStatus.VERIFY)


class Finding(Frozen):
    """The row of a report that an action answers to."""

    of: Counted = Field(Counted.CASES, title="Counted", description="What the report counted.")
    by: Sorted = Field(Sorted.CATEGORY, title="By", description="By what it told the cases apart.")
    key: Annotated[str, Field(max_length=200)] = Field("", title="Row", description="The row's key.")
    first: date | None = Field(None, title="From", description="First day of the report, if it had one.")
    last: date | None = Field(None, title="To", description="Last day of the report, if it had one.")


class ActionOrder(Frozen):
    """What is to be done, by whom and by when, and who says whether it helped."""

    plan: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{2,39}$")] = Field(
        title="Procedure", description="Name of the service plan whose departments do it."
    )
    kind: ActionKind = Field(title="Kind", description="Whether it corrects or prevents.")
    title: Line = Field(title="Action", description="In a few words, up to 200 characters.")
    why: Prose = Field(title="Why", description="What the figures show, and the cause as far as known.")
    role: RoleName = Field(title="Department", description="The role that carries it out.")
    owner: UserName | None = Field(
        None,
        title="Owner",
        description="Sign-in name of who carries it out; empty: whoever of the department takes it.",
    )
    due_on: Day = Field(title="Done by", description="The day by whose end it is carried out.")
    verify_role: RoleName = Field(
        title="Verified by", description="The role that verifies the effect; never the person who carried it out."
    )
    verify_on: Day = Field(title="Effect verified by", description="The day by whose end the effect is verified.")
    finding: Finding | None = Field(None, title="Finding", description="The row of the report it answers to.")


class CarryOutForm(Form):
    """What was done."""

    done: Prose = Field(title="What was done", description="And where it is written down, up to 4,000 characters.")


class Effect(Choice):
    """Whether an action helped."""

    EFFECTIVE = "effective", "It had the effect"
    NOT_EFFECTIVE = "not_effective", "It had not: it is to be done again"


class VerifyForm(Form):
    """Whether it helped, and how that was found out."""

    needs: ClassVar = {("result", "not_effective"): ("again_by", "verify_by")}

    result: Effect = Field(title="Effect", description="What had no effect goes back to the department.")
    evidence: Prose = Field(
        title="How you know", description="Figures before and after, samples, visits, up to 4,000 characters."
    )
    again_by: Day | None = Field(None, title="To be done again by", description="The day by whose end it is done.")
    verify_by: Day | None = Field(None, title="Verified again by", description="The day by whose end it is verified.")


CARRY_OUT = UserTask(
    name="carry_out_action",
    title="Carry out the action",
    clause="Q8",
    form=CarryOutForm,
    guidance="Write down what was changed, so that its effect can be judged later.",
)
VERIFY_EFFECT = UserTask(
    name="verify_effect",
    title="Verify the effect",
    clause="Q8",
    form=VerifyForm,
    guidance="Compare the figures before and after. Whoever carried it out does not verify it.",
)
ACTION_TASKS: Mapping[str, UserTask[Any]] = MappingProxyType({one.name: one for one in (CARRY_OUT, VERIFY_EFFECT)})
"""The user tasks of an action; those of cases are in `domain.tasks`."""


class ActionStart(Frozen):
    """The input of an action's workflow: everything it relies on."""

    action_id: ActionId
    plan: Plan
    pace: Pace
    order: ActionOrder
    opened_at: Instant
    opened_by: Actor


class CallOff(Frozen):
    """Ends an action that is not needed any more."""

    id: Annotated[str, Field(min_length=1, max_length=100)]
    by: Actor
    reason: Prose


class ActionStep(Mutable):
    """One user task of an action. `activity_id` changes each time it is offered anew."""

    key: str
    kind: str
    role: str
    assignee: str | None = None
    activity_id: str | None = None
    first_due_at: Instant
    due_at: Instant
    reminded_at: Instant | None = None
    level: int = 0
    """How many deadlines of it have passed."""
    told: tuple[str, ...] = ()
    """Roles that were told that it is late, the nearest superior first."""
    outcome: dict[str, Any] | None = None
    done: Done | None = None
    ended_at: Instant | None = None

    @property
    def is_open(self) -> bool:
        """True while somebody has to do it."""
        return self.ended_at is None


class ActionState(Mutable):
    """What is known of an action; `events` is its record, chained like a case's."""

    action_id: str
    plan: str
    plan_title: str
    time_zone: str
    order: ActionOrder
    opened_at: Instant
    opened_by: Actor
    status: ActionStatus = ActionStatus.CARRY_OUT
    steps: tuple[ActionStep, ...] = ()
    events: tuple[Event, ...] = ()
    closed_at: Instant | None = None

    @property
    def open_step(self) -> ActionStep | None:
        """The step that waits for somebody."""
        return next((step for step in reversed(self.steps) if step.is_open), None)

    @property
    def carried_out_by(self) -> str | None:
        """Sign-in name of who carried it out last."""
        done = [step.done.by.user for step in self.steps if step.kind == CARRY_OUT.name and step.done]
        return done[-1] if done else None


class ActionWrite(Frozen):
    """One write of the read side: the action as of `revision`."""

    state: ActionState
    revision: int


def day_ends(day: date, zone: str) -> datetime:
    """Returns the instant at which a day of a zone ends."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))


def day_of(instant: datetime, zone: str) -> date:
    """Returns the day of a zone that an instant falls on."""
    return instant.astimezone(ZoneInfo(zone)).date()


def order_problems(order: ActionOrder, plan: Plan, today: date) -> list[FieldError]:
    """Returns what does not fit: roles the plan has not, days in the wrong order."""
    found = [
        FieldError(path=name, message=f"is no role of the procedure {plan.name}")
        for name in ("role", "verify_role")
        if getattr(order, name) not in plan.roles
    ]
    if order.due_on < today:
        found.append(FieldError(path="due_on", message="lies in the past"))
    if order.verify_on < order.due_on:
        found.append(FieldError(path="verify_on", message="is before the day by which it is carried out"))
    return found


def step_problems(form: Form, state: ActionState, by: Actor, today: date) -> list[FieldError]:
    """Returns what does not fit about an outcome: the same person verifies, days in the wrong order (X11)."""
    if not isinstance(form, VerifyForm):
        return []
    found = []
    if by.user == state.carried_out_by:
        found.append(FieldError(path="result", message="is for somebody else to say than who carried it out"))
    if form.again_by is not None and form.again_by < today:
        found.append(FieldError(path="again_by", message="lies in the past"))
    if form.again_by is not None and form.verify_by is not None and form.verify_by < form.again_by:
        found.append(FieldError(path="verify_by", message="is before the day by which it is done again"))
    return found
