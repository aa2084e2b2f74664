"""What people can do with a case beside its tasks: each with its fields and with its consequences told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from api.ids import new_id
from api.pages import words
from api.pages.entered import Entered
from api.pages.fields import Field, Kind, Option, Place, fields_of, places_of
from api.rights import Person, Right, may
from domain.case import MESSAGES, CaseState, CaseStatus, TaskState
from domain.plan import Plan, Stage
from domain.plan.procedure import TASKS_OF_EVERY_PLAN
from domain.tasks import TASKS
from store.users import User

_OURS = ("id", "by", "at")
REOPEN = "reopen"


@dataclass
class Act:
    """An action as the page shows it; `entered` and `errors` come from a try that was not taken."""

    name: str
    path: str
    title: str
    consequence: str
    button: str
    fields: tuple[Field, ...]
    grave: bool = False
    open: bool = False
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
        return places_of(self.fields)


_TEXTS = {
    "add_information": (
        "Add information",
        "Everybody who works on the case sees it, first of all whoever holds the open task.",
        "Add it",
    ),
    "pause": (
        "Pause for the customer",
        (
            "The clocks that wait for the customer stop and keep the time they have left. They go on by themselves "
            "at the time you name. The clocks of colleagues go on."
        ),
        "Pause",
    ),
    "resume": ("End the pause", "The clocks go on now with the time they had left.", "End the pause"),
    "reschedule": (
        "Move an appointment or the promised date",
        "The new time is a new promise to the customer; the old one stays on record. Tell the customer first.",
        "Move it",
    ),
    "recalculate": (
        "Compute provisional deadlines anew",
        "Deadlines marked provisional are computed by today's calendar; each becomes a new promise beside the old one.",
        "Compute anew",
    ),
    "escalate": (
        "Put to {panel}",
        (
            "{members} decides. Open tasks and their clocks go on meanwhile; the decision can "
            "change the way, share or waive costs, replace the product or end the case."
        ),
        "Ask for a decision",
    ),
    "record_invoice": (
        "Record an official invoice or credit note",
        (
            "Your own system issues the official paper; here its number, amount and file go on record. An invoice that "
            "does not hold any more is taken back by a credit note that names it."
        ),
        "Record it",
    ),
    "issue_document": (
        "Issue a document again",
        "A new version is made from the record as it is now, in every language of the case; the old one is kept.",
        "Issue it",
    ),
    "reassign": (
        "Give a task to someone else",
        "The task moves to the role or person you name; its clock goes on. A claim made before gives way.",
        "Give it over",
    ),
    "correct": (
        "Correct an entry",
        (
            "Nothing is overwritten: the correction is a new entry that names the wrong one. Each entry's number "
            "stands in the timeline."
        ),
        "Add the correction",
    ),
    "withdraw": (
        "The customer withdraws",
        (
            "All open tasks end. What we took in goes back, orders already placed and costs already incurred are "
            "settled, and the case is closed as withdrawn. This cannot be undone, though the case can be reopened "
            "for a while."
        ),
        "Withdraw the case",
    ),
}
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
}


def acts_of(
    case: CaseState,
    tasks: Iterable[TaskState],
    plan: Plan | None,
    users: Iterable[User],
    person: Person,
    now_open: bool,
) -> list[Act]:
    """What this person can do with the case as it stands. `now_open`: whether its time for reopening has not ended."""
    if case.status is CaseStatus.CLOSED:
        again = [_act("issue_document", plan)] if may(person, Right.ISSUE_DOCUMENT) else []
        return [*([_reopen()] if now_open and may(person, Right.REOPEN) else []), *again]
    waiting = [task for task in tasks if task.is_open]
    found = []
    for name in _TEXTS:
        if not may(person, _RIGHTS[name]) or not _applies(name, case, waiting):
            continue
        fields = _fields(name)
        if name == "reassign":
            fields = _picked(fields, _reassignment(waiting, plan, users))
        elif name == "reschedule":
            agreed = [task for task in waiting if plan and _has_a_time_to_move(plan, case, task)]
            if not agreed:
                continue
            fields = _picked(fields, {"reschedule.task": _task_options(agreed)})
        found.append(replace(_act(name, plan), fields=fields, grave=name == "withdraw"))
    return found


def _act(name: str, plan: Plan | None) -> Act:
    """The action of that name with the fields of its message."""
    title, consequence, button = _TEXTS[name]
    asked = title.format(panel=words.panel(plan))
    return Act(name, f"messages/{name}", asked, consequence.format(members=_members(plan)), button, _fields(name))


def _members(plan: Plan | None) -> str:
    """Who decides a special case, as the beginning of a sentence; the last one decides with the word of the others."""
    if plan is None or len(plan.panel) == 1:
        return words.panel(plan).capitalize()
    *others, last = [words.role_title(role, plan).lower() for role in plan.panel]
    return f"The panel is asked: {', '.join(others)} each give their word, then the {last}"


def _applies(name: str, case: CaseState, waiting: Sequence[TaskState]) -> bool:
    """Whether an action makes sense as the case stands."""
    paused = any(hold.ends is None for hold in case.holds)
    applies = {
        "pause": not paused,
        "resume": paused,
        "escalate": not case.special_case_open,
        "reassign": bool(waiting),
        "recalculate": any(task.provisional for task in waiting),
        "withdraw": case.stage not in (Stage.GIVE_BACK, Stage.ARCHIVE),
    }
    return applies.get(name, True)


def _has_a_time_to_move(plan: Plan, case: CaseState, task: TaskState) -> bool:
    """True for an appointment, and for any step while a date is promised to the customer."""
    if task.kind not in plan.tasks or task.kind in TASKS_OF_EVERY_PLAN:
        return False
    return isinstance(plan.tasks[task.kind].within, str) or case.promised_for is not None


def _fields(name: str) -> tuple[Field, ...]:
    return fields_of(MESSAGES[name].model_json_schema(), prefix=f"{name}.", leave_out=_OURS)


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
        "reassign.role": (Option("", "the same role"), *(Option(name, role.title) for name, role in known.items())),
        "reassign.assignee": (Option("", "the whole role"), *people),
    }


def _reopen() -> Act:
    hint = "Empty to take over the earlier description."
    fields = (Field("reopen.description", "What is wrong now", hint, Kind.PROSE, required=False, longest=4000),)
    return Act(
        REOPEN,
        REOPEN,
        "Reopen the case",
        "A new case begins with its own promises, linked to this one; this record stays as it is.",
        "Reopen",
        fields,
    )


def next_step(case: CaseState, tasks: Iterable[TaskState]) -> str:
    """What comes after the present stage, in words; empty when nothing can be said."""
    if case.status is CaseStatus.CLOSED or case.stage not in case.stages:
        return ""
    later = case.stages[case.stages.index(case.stage) + 1 :]
    if not later:
        return ""
    waiting = {TASKS[task.kind].title.lower() for task in tasks if task.is_open and task.kind in TASKS}
    told = _AFTER.get(later[0].value, words.STAGES[later[0]].lower())
    if case.stage is Stage.AGREE:
        told = "after-sales takes the item in, inspects it, repairs it and inspects it again."
    return "" if told in waiting else told


_AFTER = {
    "diagnose": "customer service guides the self-check.",
    "dispatch": "an engineer is assigned and agrees the service with the customer.",
    "choose_mode": "the after-sales team picks how the customer is served.",
    "contract": "a service contract is signed, if the product is beyond its warranty.",
    "analyse": "technical support and the project manager look into it with the customer, if it is abnormal.",
    "agree": "what follows is agreed with the customer, if the warranty does not cover it.",
    "hand_over": "procurement informs the factory, and the factory gives a solution.",
    "evaluate": "the fault is evaluated, and somebody is chosen to go.",
    "call_ahead": "the customer is called and the visit agreed.",
    "resolve": "the problem is solved in the way that was chosen.",
    "accept": "the customer checks the result and signs.",
    "receipt": "the signed receipt goes to finance; beside it the customer is asked how it went.",
    "settle": "costs are settled; beside it the customer is asked how it went.",
    "invoice": "the invoice is handed over and paid, if the customer owes anything.",
    "approve": "the order is approved, where the procedure asks for it.",
    "follow_up": "the customer is asked how it went.",
    "archive": "everything is filed together.",
}
"""What comes with each stage, in words that hold in every plan."""
