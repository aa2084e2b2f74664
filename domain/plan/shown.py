"""The parts of a plan in words, for the terminal, the page and the API alike."""

from __future__ import annotations

from domain.model import Frozen
from domain.plan.clauses import HOUSE


class TaskShown(Frozen):
    """A user task: who does it, by when, counted from what, and which document says so."""

    task: str
    title: str
    role: str
    otherwise: str | None
    within: str
    counted_from: str | None
    source: str
    """The clause, or `house` when the budget is the plan's own."""
    ours: bool
    """True when no document says it."""
    reading: str | None
    """What the document leaves open and how the plan reads it."""
    waits_for: str
    chased_by: str | None


class WayShown(Frozen):
    """One way of resolving a case, with its tasks."""

    resolution: str
    title: str
    tasks: tuple[TaskShown, ...]


class StageShown(Frozen):
    """A stage with its tasks, the ways it branches into, and the stages it can lead to besides the next."""

    stage: str
    title: str
    tasks: tuple[TaskShown, ...]
    ways: tuple[WayShown, ...] = ()
    leads_to: tuple[str, ...] = ()
    """Stages further on (a short cut) or further back (a refusal)."""


class RoleShown(Frozen):
    """A role and who is told when it misses a deadline."""

    role: str
    title: str
    superior: str | None
    duties: tuple[str, ...] = ()
    """What it does besides its tasks, in words."""


class SettingShown(Frozen):
    """A setting of the plan; one of ours answers what the documents leave open."""

    key: str
    title: str
    value: str
    source: str = HOUSE
    ours: bool = True
    others: tuple[str, ...] = ()
    """What could have been chosen instead."""
    about: str = ""


class RuleShown(Frozen):
    """A rule of who pays what."""

    title: str
    when: str
    pays: str
    may_be_waived: str
    """What the customer bears and the company may give free of charge."""
    source: str
    ours: bool


class PlanShown(Frozen):
    """A whole plan in words."""

    name: str
    version: int
    title: str
    company: str
    languages: tuple[str, ...]
    currency: str
    calendar: str
    channels: tuple[str, ...]
    stages: tuple[StageShown, ...]
    """The stages in their order."""
    aside: tuple[StageShown, ...]
    """Stages that a case can be led to from anywhere."""
    always: tuple[TaskShown, ...]
    """Tasks of every stage: escalation, special cases."""
    roles: tuple[RoleShown, ...]
    panel: tuple[str, ...]
    escalation: tuple[str, ...]
    escalation_source: str
    attempts: tuple[str, ...]
    attempts_source: str
    reopening: str
    reopening_source: str
    retention: tuple[str, ...]
    retention_source: str
    choices: tuple[SettingShown, ...]
    """What the documents leave open: each is this plan's choice."""
    coverage: tuple[RuleShown, ...]
    left_open: tuple[str, ...]
    """Costs and circumstances that no rule decides: special cases."""
    settings: tuple[SettingShown, ...]
    """The other settings, so that nothing of the plan is left out."""
