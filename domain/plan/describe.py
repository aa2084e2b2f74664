"""A plan as a person reads it: stages with their tasks, each number with the clause it comes from or marked as ours.

Everything a plan says is in the description: what no part below knows by name stands among the settings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from domain.clocks import Budget, Unit
from domain.coverage.facts import FACTS
from domain.coverage.undecided import undecided_facts
from domain.notices import AUDIENCES, Audience
from domain.plan.clauses import HOUSE
from domain.plan.model import Duty, Plan, Recorded
from domain.plan.procedure import (
    FROM_ANY_STAGE,
    LEADS_TO,
    TASKS_OF_EVERY_PLAN,
    TASKS_OF_RESOLUTION,
    TASKS_OF_STAGE,
    Resolution,
    Stage,
)
from domain.plan.shown import PlanShown, RoleShown, RuleShown, SettingShown, StageShown, TaskShown, WayShown
from domain.tasks import TASKS

_UNITS = {
    Unit.SECOND: "second",
    Unit.MINUTE: "minute",
    Unit.HOUR: "hour",
    Unit.DAY: "day",
    Unit.WORKING_MINUTE: "working minute",
    Unit.WORKING_HOUR: "working hour",
    Unit.BUSINESS_DAY: "business day",
}
AUDIENCE_WORDS = {
    Audience.CUSTOMER: "the customer",
    Audience.HOLDER: "who holds the task, or its role",
    Audience.SUPERIOR: "the role's superior",
    Audience.PANEL: "the panel",
    Audience.ROLES: "the roles named",
}
"""Whom a notice is for, in words."""
INSTANTS = {
    "application": "the application",
    "assignment": "the assignment",
    "completion": "completion of service",
    "confirmation": "the confirmation",
    "diagnosis": "the diagnosis",
    "offered": "the task being offered",
    "forwarding": "the forwarding",
    "parts": "arrival of the parts",
    "receipt": "receipt of the item",
    "registration": "registration",
    "work": "the end of the work",
    "report": "the written report",
    "sending": "the sending to the factory",
    "information_received": "the factory's receipt of the information",
    "solution": "the solution",
    "order": "the order",
    "purchase": "the purchase",
    "session": "the session",
}
"""The recorded instants that budgets count from, in words; one that is missing here reads as its name."""
_WAYS = {
    Resolution.REMOTE: "Solved remotely",
    Resolution.DELIVERY: "By delivery",
    Resolution.FACTORY_RETURN: "Return to factory",
}
_TOLD_BY_PARTS = frozenset(
    {
        "notices",
        "name", "version", "title", "company", "locale", "languages", "currency", "work_order_prefix", "calendar",
        "channels", "stages", "resolutions", "roles", "panel", "tasks", "attempts", "escalation", "reopening",
        "choices", "coverage", "retention",
    }
)  # fmt: skip
"""The fields of a plan that a part of the description is about; any other is told among the settings."""


def spoken(name: str) -> str:
    """A name as words, with a capital: `follow_up` becomes "Follow up"."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def budget_words(budget: Budget | None) -> str:
    """A budget in words: "5 business days"; "as agreed" without one."""
    if budget is None:
        return "as agreed"
    unit = _UNITS[budget.unit]
    return f"{budget.amount} {unit}" if budget.amount == 1 else f"{budget.amount} {unit}s"


def describe(plan: Plan) -> PlanShown:
    """Returns the plan in words."""
    in_order = tuple(_stage(plan, stage) for stage in plan.stages)
    told = {task.task for stage in in_order for task in (*stage.tasks, *(t for way in stage.ways for t in way.tasks))}
    aside = tuple(_stage(plan, stage) for stage in TASKS_OF_STAGE if stage in FROM_ANY_STAGE - set(plan.stages))
    aside = tuple(stage for stage in aside if stage.tasks)
    told |= {task.task for stage in aside for task in stage.tasks}
    always = [name for name in TASKS_OF_EVERY_PLAN if name in plan.tasks]
    always += [name for name in plan.tasks if name not in told and name not in always]
    return PlanShown(
        name=plan.name,
        version=plan.version,
        title=plan.title,
        company=plan.company,
        languages=plan.languages,
        currency=plan.currency,
        calendar=_calendar(plan),
        channels=tuple(spoken(channel) for channel in plan.channels),
        stages=in_order,
        aside=aside,
        always=_tasks(plan, always),
        roles=tuple(_role(plan, name) for name in plan.roles),
        panel=tuple(_title_of(plan, name) for name in plan.panel),
        escalation=tuple(_escalation(plan)),
        escalation_source=plan.escalation.source,
        attempts=tuple(_attempts(plan)),
        attempts_source=plan.attempts.source,
        reopening=f"A closed case can be reopened within {budget_words(plan.reopening.within)}.",
        reopening_source=plan.reopening.source,
        retention=tuple(_retention(plan)),
        retention_source=plan.retention.source if plan.retention else "house",
        choices=tuple(_choice(plan, name, field) for name, field in type(plan.choices).model_fields.items()),
        coverage=tuple(_rules(plan)),
        left_open=_left_open(plan),
        settings=tuple(_settings(plan)),
    )


def _retention(plan: Plan) -> Iterator[str]:
    kept = plan.retention
    if kept is None or kept.personal_data is None:
        yield "What a case knows of its customer is kept until somebody erases it."
    else:
        yield f"What a case knows of its customer is erased {kept.personal_data} after its end."
    if kept is None or kept.archive is None:
        yield "The record of a case is kept for ever."
    else:
        yield f"The archive and the record of a case are removed {kept.archive} after its end."
    yield "Nothing is erased or removed under a legal hold."


def _stage(plan: Plan, stage: Stage) -> StageShown:
    ways = plan.resolutions if stage is Stage.RESOLVE else ()
    return StageShown(
        stage=stage,
        title=spoken(stage),
        tasks=_tasks(plan, TASKS_OF_STAGE[stage]),
        ways=tuple(
            WayShown(resolution=way, title=_WAYS.get(way, spoken(way)), tasks=_tasks(plan, TASKS_OF_RESOLUTION[way]))
            for way in ways
            if TASKS_OF_RESOLUTION[way]
        ),
        leads_to=_leads_to(plan, stage),
    )


def _leads_to(plan: Plan, stage: Stage) -> tuple[str, ...]:
    following = dict(pairwise(plan.stages))
    return tuple(
        other for other in LEADS_TO.get(stage, ()) if other in plan.stages and other is not following.get(stage)
    )


def _tasks(plan: Plan, names: Iterable[str]) -> tuple[TaskShown, ...]:
    return tuple(task_shown(plan, name) for name in dict.fromkeys(names) if name in plan.tasks)


def task_shown(plan: Plan, name: str) -> TaskShown:
    """Returns a user task of the plan in words. Raises KeyError for one it does not have."""
    rule = plan.rule(name)
    if isinstance(rule.within, Budget):
        within = budget_words(rule.within)
        since = None if rule.since is Recorded.OFFERED else INSTANTS.get(rule.since, spoken(rule.since).lower())
    else:
        promised = rule.within == "promised"
        within, since = "by the date promised to the customer" if promised else "at the agreed time", None
    if rule.window is not None:
        within += f", or up to {budget_words(rule.window)} later"
    return TaskShown(
        task=name,
        title=TASKS[name].title,
        role=_title_of(plan, rule.role),
        otherwise=_title_of(plan, rule.otherwise) if rule.otherwise else None,
        within=within,
        counted_from=since,
        source=rule.source,
        ours=rule.source == HOUSE,
        reading=rule.ours,
        waits_for=plan.waits_for(name),
        chased_by=_title_of(plan, rule.chased_by) if rule.chased_by else None,
    )


_DUTIES = {
    Duty.DESK: "takes requests in",
    Duty.DISPATCH: "gives work to people",
    Duty.VISITS: "meets customers",
    Duty.LEADS: "leads others",
}


def _title_of(plan: Plan, role: str) -> str:
    return plan.roles[role].title if role in plan.roles else spoken(role)


def _role(plan: Plan, name: str) -> RoleShown:
    role = plan.roles[name]
    return RoleShown(
        role=name,
        title=role.title,
        superior=_title_of(plan, role.superior) if role.superior else None,
        duties=tuple(_DUTIES[duty] for duty in Duty if duty in plan.duties_of(name)),
    )


def _calendar(plan: Plan) -> str:
    spec = plan.calendar
    holidays = {"CN": "China's holidays and make-up working days", "IT": "Italy's holidays"}
    days = holidays.get(spec.country or "", "Monday to Friday, no holidays")
    if spec.subdivision:
        days += f" ({spec.subdivision})"
    return f"{days}, {spec.opens:%H:%M} to {spec.closes:%H:%M}, {spec.time_zone}"


def _escalation(plan: Plan) -> Iterable[str]:
    rules = plan.escalation
    yield f"A reminder comes after {rules.remind_after:.0%} of the time."
    for number, level in enumerate(rules.levels, start=1):
        told = _title_of(plan, "general_manager") if level.tell == "general_manager" else "the superior of the role"
        yield f"Missed deadline {number}: {told} is told, the task has {budget_words(level.within)} more."
    yield f"Afterwards a reminder every {budget_words(rules.then)}."


def _attempts(plan: Plan) -> Iterable[str]:
    rules = plan.attempts
    meets = "meets the deadline" if rules.meets_clock else "does not meet the deadline"
    yield f"An attempt without an answer {meets}; the next one has {budget_words(rules.again)}."
    yield f"After {rules.limit} attempts somebody decides how to go on."


def _choice(plan: Plan, name: str, field: FieldInfo) -> SettingShown:
    value = getattr(plan.choices, name)
    options = get_args(field.annotation) if get_origin(field.annotation) is Literal else ()
    return SettingShown(
        key=f"choices.{name}",
        title=field.title or spoken(name),
        value=_value(value),
        others=tuple(_value(option) for option in options if option != value),
        about=field.description or "",
    )


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Budget):
        return budget_words(value)
    if isinstance(value, list | tuple):
        return ", ".join(_value(one) for one in value) or "none"
    return "none" if value is None else str(value).replace("_", " ")


def _rules(plan: Plan) -> Iterable[RuleShown]:
    for rule in plan.coverage.rules:
        asked = ((fact, rule.when.values(fact)) for fact in FACTS)
        pays = [f"{kind.title_text.lower()}: {payer.title_text.lower()}" for kind, payer in rule.pays.items()]
        if rule.everything_else:
            pays.append(f"{'everything else' if pays else 'everything'}: {rule.everything_else.title_text.lower()}")
        yield RuleShown(
            title=rule.title,
            when="; ".join(f"{spoken(fact).lower()}: {_or(values)}" for fact, values in asked if values) or "always",
            pays="; ".join(pays),
            may_be_waived=", ".join(kind.title_text.lower() for kind in rule.waivable),
            source=rule.source,
            ours=rule.source == HOUSE,
        )


def _or(values: Iterable[str | bool]) -> str:
    return " or ".join(_value(value) for value in values)


def _left_open(plan: Plan) -> tuple[str, ...]:
    """What no rule decides; a plan without rules leaves it to whoever enters the costs."""
    if not plan.coverage.rules:
        return ()
    return tuple(str(row) for row in undecided_facts(plan.coverage, plan.resolutions))


def _settings(plan: Plan) -> Iterable[SettingShown]:
    yield SettingShown(key="work_order_prefix", title="Work order prefix", value=plan.work_order_prefix)
    yield SettingShown(key="locale", title="Locale", value=plan.locale)
    for kind, rule in plan.notices.items():
        called = "; a customer without an address is called" if rule.call else ""
        told = f"{AUDIENCE_WORDS[AUDIENCES.get(kind, Audience.CUSTOMER)]} by mail{called}"
        title = f"Told: {kind.title_text.lower()}"
        ours = rule.source == HOUSE
        yield SettingShown(key=f"notices.{kind.value}", title=title, value=told, source=rule.source, ours=ours)
    rest = {key: value for key, value in plan.model_dump(mode="json").items() if key not in _TOLD_BY_PARTS}
    yield from _flat(rest, "")


def _flat(values: Mapping[str, Any], under: str) -> Iterable[SettingShown]:
    source = values.get("source", HOUSE)
    for name, value in values.items():
        key = f"{under}.{name}" if under else name
        if isinstance(value, dict):
            yield from _flat(value, key)
        elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
            yield from _flat({str(number): one for number, one in enumerate(value)}, key)
        elif name != "source":
            title = spoken(key.replace(".", ", "))
            yield SettingShown(key=key, title=title, value=_value(value), source=source, ours=source == HOUSE)
