"""The service plan: who does what by when in one company's procedure, as data."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, model_validator

from domain.clocks import Budget, CalendarSpec
from domain.coverage import CoverageTable
from domain.model import Frozen, Source
from domain.notices import NoticeKind, NoticeRule
from domain.plan.procedure import (
    AGREED_WITH_THE_CUSTOMER,
    FROM_ANY_STAGE,
    GATES,
    LEADS_TO,
    TASKS_OF_EVERY_PLAN,
    TASKS_OF_RESOLUTION,
    TASKS_OF_STAGE,
    Resolution,
    Stage,
)
from domain.plan.retention import Retention
from domain.tasks import TASKS, WaitsFor
from domain.tasks.feedback import Subject
from domain.tasks.terms import QUOTE_COSTS
from domain.warranty import WarrantyTerms

_WORKING_DAY = timedelta(hours=8)
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")]


class Recorded(StrEnum):
    """The recorded instants that a budget can count from."""

    OFFERED = "offered"
    """The moment the task is offered."""
    APPLICATION = "application"
    REGISTRATION = "registration"
    DIAGNOSIS = "diagnosis"
    ASSIGNMENT = "assignment"
    FORWARDING = "forwarding"
    """Feedback handed on by who took it in (Q4)."""
    RECEIPT = "receipt"
    CONFIRMATION = "confirmation"
    """Of receipt, diagnosis or price, as the plan's choices define it (W6)."""
    PARTS = "parts"
    REPORT = "report"
    SENDING = "sending"
    INFORMATION_RECEIVED = "information_received"
    SOLUTION = "solution"
    ORDER = "order"
    PURCHASE = "purchase"
    SESSION = "session"
    WORK = "work"
    COMPLETION = "completion"
    """Completion of service, as the plan's choices define it."""


class Duty(StrEnum):
    """What a role does for cases besides its tasks; what it may do beyond them follows from that."""

    DESK = "desk"
    """Takes requests in and speaks for the company."""
    DISPATCH = "dispatch"
    """Gives work to people."""
    VISITS = "visits"
    """Meets the customer."""
    LEADS = "leads"
    """Is told of what others miss; a role has it by being the superior of another, not by saying so."""


class Role(Frozen):
    """A role of the company; its superior is told of a missed deadline (X1)."""

    title: str
    superior: Name | None = None
    duties: tuple[Literal[Duty.DESK, Duty.DISPATCH, Duty.VISITS], ...] = ()
    """What it does besides its tasks: only these roles open, pause, move or hand on cases."""


class TaskRule(Frozen):
    """Who does a user task, within which budget, counted from which recorded instant."""

    role: Name
    within: Budget | Literal["agreed", "promised"]
    """The budget; or `agreed`: the instant agreed with the customer is the deadline; or `promised`: the date promised
    to the customer is (M5)."""
    window: Budget | None = None
    """How long after the agreed instant it may still be done: an appointment at 14:00 can be a window to 16:00."""
    since: Recorded = Recorded.OFFERED
    """The recorded instant the budget counts from."""
    source: Source
    waits_for: WaitsFor | None = None
    """Overrides whose time the task takes."""
    chased_by: Name | None = None
    """The role that owns the contact and asks after it when the reminder comes (X1)."""
    otherwise: Name | None = None
    """The role that does it when no engineer is with the customer, or assigns for an order from the app (M10)."""
    ours: str | None = None
    """What the document leaves open here, and how this plan reads it; shown as ours, never as the document's word."""


class Attempts(Frozen):
    """What an attempt without an answer does to the clock (X10)."""

    limit: Annotated[int, Field(ge=1, le=20)]
    meets_clock: bool
    """True: an attempt meets the deadline and the next one has the budget `again`; False: the deadline stays."""
    again: Budget
    source: Source = "house"


class Level(Frozen):
    """One level of escalation: who is told when a deadline passes, and how long the task then has."""

    tell: Literal["superior", "general_manager"]
    within: Budget


class Escalation(Frozen):
    """Reminders and escalation levels (X1). No document escalates a missed deadline: these are settings."""

    remind_after: Annotated[float, Field(gt=0, lt=1)]
    """The share of the time after which the reminder comes."""
    levels: Annotated[tuple[Level, ...], Field(min_length=1, max_length=5)]
    then: Budget
    """The budget after the last level; at least a working day, since every breach costs history."""
    source: Source = "house"


class Reopening(Frozen):
    """For how long after its end a case can be reopened (X6)."""

    within: Budget
    source: Source = "house"


class Reports(Frozen):
    """The report that goes out by itself, over the week or month that has just ended (Q8)."""

    every: Literal["week", "month"]
    to: Annotated[tuple[Name, ...], Field(min_length=1, max_length=10)]
    """The roles that find it on their page."""
    source: Source = "house"


class Choices(Frozen):
    """Points the documents leave open; each is ours and shown as such."""

    completion_of_service: Literal["work", "signature", "settlement"] = "signature"
    dispatch_first: Literal["skill", "region"] = Field(
        "skill",
        title="Engineers are proposed first by",
        description="What the proposal of dispatch asks first of the engineers who are there; a person decides.",
    )
    technical_support: Name | None = None
    """The role that gives technical support where that is the subject of a case; None: who gives other service (Q1)."""
    receipt: Literal["acceptance_slip", "payment_receipt"] = "acceptance_slip"
    """What the customer's signed receipt is that finance stores (Q7)."""
    visit_verification: Literal["every", "drawn", "asked"] = "drawn"
    """Which visits it is necessary to verify: every one, a share drawn by lot, or those finance asks for (Q7)."""
    verified_share: Annotated[int, Field(ge=1, le=100)] = 20
    """Percent of the visits that are drawn; one that finance asks for is verified besides."""
    confirmation: Literal["receipt", "diagnosis", "price"] = Field(
        "receipt",
        title="The time for a repair counts from the confirmation of",
        description="The item's receipt, its inspection, or the agreed price (W6).",
    )
    parts_delivered_in: Literal["customers_city", "companys_city"] = "customers_city"
    """Whose city counts for parts from the same city (T8)."""
    unrepairable: Literal["panel_decides", "replaced_in_warranty"] = "panel_decides"
    """What follows when the factory cannot repair an item (T10c, T12)."""
    approval: Literal["app_orders", "all"] = Field(
        "app_orders", title="Approval", description="Which orders end only with an approval (M10)."
    )


class Plan(Frozen):
    """One company's procedure. The whole of it travels in the input of every case it runs."""

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{2,39}$")]
    version: Annotated[int, Field(ge=1)]
    title: str
    company: str
    locale: str
    languages: Annotated[tuple[str, ...], Field(min_length=1)]
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    work_order_prefix: Annotated[str, Field(pattern=r"^[A-Z]{1,6}$")]
    calendar: CalendarSpec
    channels: Annotated[tuple[Name, ...], Field(min_length=1)]
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]
    resolutions: Annotated[tuple[Resolution, ...], Field(min_length=1)]
    subjects: tuple[Subject, ...] = ()
    """The kinds of service a request can be about, where the procedure tells them apart (Q2)."""
    roles: dict[Name, Role]
    panel: Annotated[tuple[Name, ...], Field(min_length=1, max_length=5)]
    """Who takes part in a special case: each role gives its word, the last one then decides (X3, T11)."""
    tasks: dict[Name, TaskRule]
    attempts: Attempts
    escalation: Escalation
    reopening: Reopening
    choices: Choices = Choices()
    notices: dict[NoticeKind, NoticeRule] = {}  # noqa: RUF012 - pydantic copies it
    """What customers and colleagues are told by mail, where mail is set up."""
    coverage: CoverageTable = CoverageTable()
    """Who pays what; what no rule of it decides is a special case."""
    warranty: WarrantyTerms | None = None
    """The warranty of products whose model has no terms of its own; none means that nobody knows."""

    reports: Reports | None = None
    """The report that goes out by itself; none means that nobody gets one unasked."""

    retention: Retention | None = Field(None, exclude_if=lambda retention: retention is None)
    """How long closed cases keep what they know; none means for ever. Left out of cases of plans that do not say."""

    @property
    def first_stage(self) -> Stage:
        """The stage a new case begins with."""
        return self.stages[0]

    def stage_after(self, stage: Stage) -> Stage:
        """Returns the stage that follows; after the last one (or for one outside the order) the archive."""
        if stage in self.stages and self.stages.index(stage) + 1 < len(self.stages):
            return self.stages[self.stages.index(stage) + 1]
        return Stage.ARCHIVE

    def duties_of(self, role: str) -> frozenset[Duty]:
        """Returns the duties of a role; none for a role the plan does not have."""
        known = self.roles.get(role)
        leads = {Duty.LEADS} if any(other.superior == role for other in self.roles.values()) else set[Duty]()
        return frozenset({*leads, *known.duties}) if known else frozenset()

    @property
    def stage_of_agreement(self) -> Stage:
        """The stage before `resolve`: it agrees with the customer, or decides, which way is taken."""
        before = self.stages[: self.stages.index(Stage.RESOLVE)]
        return next(stage for stage in reversed(before) if stage not in GATES)

    def stage_for(self, way: Resolution) -> Stage:
        """Returns the stage by which a decision leads a case to a way of solving it: no decision goes round a gate."""
        if way in AGREED_WITH_THE_CUSTOMER:
            return self.stage_of_agreement
        return next((stage for stage in self.stages if stage in GATES), Stage.RESOLVE)

    @property
    def way_to_replace(self) -> Resolution:
        """The way by which this plan replaces a product: by orders where it has them, else by sending one."""
        ordered = Resolution.REPLACEMENT_ORDER in self.resolutions
        return Resolution.REPLACEMENT_ORDER if ordered else Resolution.REPLACEMENT

    @property
    def quotes_first(self) -> bool:
        """True when costs are quoted and agreed before a way that has some is taken."""
        return QUOTE_COSTS.name in self.tasks_met

    def rule(self, task: str) -> TaskRule:
        """Returns the rule of a user task; the plan was checked to have one for every task it can meet."""
        return self.tasks[task]

    def waits_for(self, task: str) -> WaitsFor:
        """Whose time a task takes: the plan's word, else the declaration's."""
        return self.rule(task).waits_for or TASKS[task].waits_for

    def superior_of(self, role: str) -> str:
        """Returns the role that is told when `role` misses a deadline; the general manager has none above."""
        known = self.roles.get(role)
        return (known.superior if known else None) or "general_manager"

    def budget_of_level(self, level: int) -> Budget:
        """Returns the budget a task has once it was breached `level` times, 1 being the first."""
        levels = self.escalation.levels
        return levels[level - 1].within if level <= len(levels) else self.escalation.then

    @model_validator(mode="after")
    def _names_resolve(self) -> Self:
        problems = [*self._unknown_roles(), *self._circles(), *self._task_problems(), *self._coverage_problems()]
        try:
            ZoneInfo(self.calendar.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            problems.append(f"calendar.time_zone: {self.calendar.time_zone!r} is not a time zone")
        if len(set(self.stages)) != len(self.stages):
            problems.append("stages: a stage is named twice")
        if Stage.ARCHIVE not in self.stages or self.stages[-1] is not Stage.ARCHIVE:
            problems.append("stages: the last stage is the archive (R10)")
        before = self.stages[: self.stages.index(Stage.RESOLVE)] if Stage.RESOLVE in self.stages else ()
        if not set(before) - GATES:
            problems.append("stages: resolve is missing, behind a stage that agrees the way")
        problems += [f"stages: {gate} comes before resolve" for gate in self.stages if gate in GATES - set(before)]
        problems += [f"stages: {stage} is missing, and cases are led there" for stage in self._led_to()]
        if len(set(self.panel)) != len(self.panel):
            problems.append("panel: a role is named twice")
        then = self.escalation.then
        if not (then.is_business_days or then.length >= _WORKING_DAY):
            problems.append("escalation.then: at least a working day, since every breach costs history")
        if problems:
            raise ValueError("; ".join(problems))
        return self

    def _unknown_roles(self) -> list[str]:
        named = {f"tasks.{name}.role": rule.role for name, rule in self.tasks.items()}
        named |= {f"tasks.{name}.otherwise": rule.otherwise for name, rule in self.tasks.items() if rule.otherwise}
        named |= {f"tasks.{name}.chased_by": rule.chased_by for name, rule in self.tasks.items() if rule.chased_by}
        named |= {f"roles.{name}.superior": role.superior for name, role in self.roles.items() if role.superior}
        if self.choices.technical_support:
            named["choices.technical_support"] = self.choices.technical_support
        if self.reports:
            named |= {f"reports.to.{number}": role for number, role in enumerate(self.reports.to)}
        named |= {f"panel.{number}": role for number, role in enumerate(self.panel)}
        return [f"{key}: the plan has no role {role!r}" for key, role in named.items() if role not in self.roles]

    def _circles(self) -> list[str]:
        """Roles whose superiors lead back to themselves: what they miss would never be told above them (X1)."""
        found = []
        for name in self.roles:
            above, role = [name], self.roles[name].superior
            while role in self.roles and role not in above:
                above.append(role)
                role = self.roles[role].superior
            if role == name:
                found.append(f"roles.{name}.superior: goes round in a circle: {', '.join([*above, name])}")
        return found

    def _led_to(self) -> list[Stage]:
        """Stages that a stage of this plan leads to, and that the plan does not name."""
        led = {after for stage in self.stages for after in LEADS_TO.get(stage, ())}
        return sorted(led - set(self.stages) - FROM_ANY_STAGE - {Stage.RESOLVE})

    @property
    def tasks_met(self) -> tuple[str, ...]:
        """The user tasks that a case of this plan can meet, in the order of its stages."""
        met = dict.fromkeys(task for stage in self.stages for task in TASKS_OF_STAGE[stage])
        met |= dict.fromkeys(task for way in self.resolutions for task in TASKS_OF_RESOLUTION[way])
        met |= dict.fromkeys(task for stage in sorted(FROM_ANY_STAGE) for task in TASKS_OF_STAGE[stage])
        calls = {"tell_customer": None} if any(rule.call for rule in self.notices.values()) else {}
        return tuple(met | dict.fromkeys(TASKS_OF_EVERY_PLAN) | self._words_of_panel() | calls)

    def _words_of_panel(self) -> dict[str, None]:
        return {"panel_word": None} if len(self.panel) > 1 else {}

    def _task_problems(self) -> list[str]:
        met = self.tasks_met
        unknown = [f"tasks.{name}: no such user task is declared" for name in self.tasks if name not in TASKS]
        missing = [f"tasks.{name}: the plan has no rule for this task" for name in met if name not in self.tasks]
        idle = [
            f"tasks.{name}: no stage or resolution of this plan has this task"
            for name in self.tasks
            if name in TASKS and name not in met
        ]
        if not any(Duty.DESK in role.duties for role in self.roles.values()):
            missing.append("roles: no role has the duty desk; nobody could open a case")
        if "general_manager" not in self.roles:
            missing.append("roles.general_manager: escalations end there (X1)")
        return unknown + missing + idle

    def _coverage_problems(self) -> list[str]:
        return [
            f"coverage.rules.{number}.when.route: the plan offers no resolution {route!r}"
            for number, rule in enumerate(self.coverage.rules)
            for route in rule.when.route or ()
            if route not in self.resolutions
        ]
