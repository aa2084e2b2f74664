"""What people can do with a case beside its tasks: which actions it offers to whom, and the fields of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any

from api.ids import new_id
from api.pages import words
from api.pages.entered import Entered
from api.pages.fields import Field, Kind, Option, Place, fields_of, places_of
from api.pages.languages import _, lazy
from api.rights import Person, Right, may
from domain.case import MESSAGES, CaseState, CaseStatus, TaskState
from domain.plan import Plan, Stage
from domain.plan.procedure import TASKS_OF_EVERY_PLAN
from store.users import User

_OURS = ("id", "by", "at")
REOPEN = "reopen"
SURE = "sure"
"""The tick that what cannot be undone asks for."""


@dataclass(frozen=True)
class Offer:
    """An action that a page offers: what it is called and where it is prepared."""

    name: str
    title: str
    href: str
    sign: str
    grave: bool


@dataclass
class Act:
    """An action with its fields; `entered` and `errors` come from a try that was not taken."""

    name: str
    path: str
    title: str
    button: str
    fields: tuple[Field, ...]
    grave: bool = False
    id: str = field(default_factory=new_id)
    entered: Entered = field(default_factory=Entered)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def files(self) -> bool:
        """True when files can come along."""
        return any(one.kind is Kind.FILES for one in self.fields)

    @property
    def shown(self) -> dict[str, Place]:
        """Its inputs by name."""
        places = places_of(self.fields)
        return places | {SURE: Place("f-sure", _("That it cannot be undone"))} if self.grave else places


@dataclass(frozen=True)
class Words:
    """What an action is called, what its button says, its icon, and whether it ends something for good."""

    title: str
    button: str
    sign: str
    grave: bool = False


_WORDS = {
    "add_information": Words(lazy("Add information"), lazy("Add it"), "add"),
    "escalate": Words(lazy("Put to %(panel)s"), lazy("Ask for a decision"), "alarm"),
    "pause": Words(lazy("Pause for the customer"), lazy("Pause"), "pause"),
    "resume": Words(lazy("End the pause"), lazy("End the pause"), "clock"),
    "reschedule": Words(lazy("Move an appointment or the promised date"), lazy("Move it"), "clock"),
    "recalculate": Words(lazy("Compute provisional deadlines anew"), lazy("Compute anew"), "improve"),
    "reassign": Words(lazy("Give a task to someone else"), lazy("Give it over"), "people"),
    "record_invoice": Words(lazy("Record an official invoice or credit note"), lazy("Record it"), "money"),
    "issue_document": Words(lazy("Issue a document again"), lazy("Issue it"), "paper"),
    "correct": Words(lazy("Correct an entry"), lazy("Add the correction"), "check"),
    "withdraw": Words(lazy("The customer withdraws"), lazy("Withdraw the case"), "out", grave=True),
    REOPEN: Words(lazy("Reopen the case"), lazy("Reopen"), "improve"),
}
"""Every action, in the order in which a page offers them."""
_RIGHTS = {
    "add_information": Right.ADD_INFORMATION,
    "pause": Right.PAUSE,
    "resume": Right.RESUME,
    "reschedule": Right.RESCHEDULE,
    "recalculate": Right.RECALCULATE,
    "escalate": Right.ESCALATE,
    "reassign": Right.REASSIGN,
    "correct": Right.CORRECT,
    "withdraw": Right.WITHDRAW,
    "record_invoice": Right.RECORD_INVOICE,
    "issue_document": Right.ISSUE_DOCUMENT,
    REOPEN: Right.REOPEN,
}


@dataclass(frozen=True)
class Standing:
    """How a case stands to a person who looks at it; `waiting` are its open tasks."""

    case: CaseState
    waiting: Sequence[TaskState]
    plan: Plan | None
    person: Person
    now: datetime

    def offers(self, name: str) -> bool:
        """Whether the case offers an action to this person now."""
        return name in _WORDS and may(self.person, _RIGHTS[name]) and self._applies(name)

    def _applies(self, name: str) -> bool:
        case = self.case
        if case.status is CaseStatus.CLOSED:
            in_time = case.reopen_until is not None and self.now <= case.reopen_until
            return name == "issue_document" or (name == REOPEN and in_time)
        paused = any(hold.ends is None for hold in case.holds)
        applies = {
            "pause": not paused,
            "resume": paused,
            "escalate": not case.special_case_open,
            "reassign": bool(self.waiting),
            "reschedule": bool(self.movable),
            "recalculate": any(task.provisional for task in self.waiting),
            "withdraw": case.stage not in (Stage.GIVE_BACK, Stage.ARCHIVE),
            REOPEN: False,
        }
        return applies.get(name, True)

    @property
    def movable(self) -> list[TaskState]:
        """The open tasks whose time can be moved."""
        return [task for task in self.waiting if self.plan and _has_a_time_to_move(self.plan, self.case, task)]


def offers_of(standing: Standing) -> list[Offer]:
    """What this person can do with the case as it stands."""
    return [
        Offer(name, _title(name, standing.plan), f"/cases/{standing.case.case_id}/do/{name}", said.sign, said.grave)
        for name, said in _WORDS.items()
        if standing.offers(name)
    ]


def act_of(name: str, standing: Standing, users: Iterable[User]) -> Act | None:
    """The action of that name with its fields; None when the case does not offer it to this person now."""
    if not standing.offers(name):
        return None
    fields = _reopening() if name == REOPEN else _fields(name)
    if name == "reassign":
        fields = _picked(fields, _reassignment(standing.waiting, standing.plan, users))
    elif name == "reschedule":
        fields = _picked(fields, {"reschedule.task": _task_options(standing.movable)})
    path = REOPEN if name == REOPEN else f"messages/{name}"
    said = _WORDS[name]
    return Act(name, path, _title(name, standing.plan), str(said.button), fields, said.grave)


def _title(name: str, plan: Plan | None) -> str:
    return _(_WORDS[name].title, panel=words.panel(plan)) if name == "escalate" else str(_WORDS[name].title)


def _has_a_time_to_move(plan: Plan, case: CaseState, task: TaskState) -> bool:
    """True for an appointment, and for any step while a date is promised to the customer."""
    if task.kind not in plan.tasks or task.kind in TASKS_OF_EVERY_PLAN:
        return False
    return isinstance(plan.tasks[task.kind].within, str) or case.promised_for is not None


def _fields(name: str) -> tuple[Field, ...]:
    return fields_of(_schema(name), prefix=f"{name}.", leave_out=_OURS)


@cache
def _schema(name: str) -> Mapping[str, Any]:
    return MESSAGES[name].model_json_schema()


def _task_options(tasks: Iterable[TaskState]) -> tuple[Option, ...]:
    return tuple(Option(task.key, words.task_of_key(task.key)) for task in tasks)


def _picked(fields: tuple[Field, ...], choices: Mapping[str, tuple[Option, ...]]) -> tuple[Field, ...]:
    """The fields with a list to pick from in place of a name to type, where there is one."""
    return tuple(
        replace(one, kind=Kind.PICK, options=choices[one.name], hint="", required=True) if one.name in choices else one
        for one in fields
    )


def _reassignment(
    tasks: Iterable[TaskState], plan: Plan | None, users: Iterable[User]
) -> Mapping[str, tuple[Option, ...]]:
    """Open tasks, the plan's roles, and who works in them."""
    known = plan.roles if plan else {}
    people = tuple(
        Option(user.user_id, f"{user.name} ({', '.join(words.role_title(role, plan) for role in user.roles)})")
        for user in users
        if any(role in known for role in user.roles)
    )
    return {
        "reassign.task": _task_options(tasks),
        "reassign.role": (Option("", _("the same role")), *(Option(name, role.title) for name, role in known.items())),
        "reassign.assignee": (Option("", _("the whole role")), *people),
    }


def _reopening() -> tuple[Field, ...]:
    hint = _("Empty to take over the earlier description.")
    return (Field("reopen.description", _("What is wrong now"), hint, Kind.PROSE, required=False, longest=4000),)
