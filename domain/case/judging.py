"""Who may judge: not one's own task (X11), and with one word a person (T11)."""

from __future__ import annotations

from collections.abc import Iterable

from domain.case.state import TaskState
from domain.events import Actor
from domain.tasks import FieldError
from domain.tasks.bench import REINSPECT
from domain.tasks.measures import VERIFY_MEASURES
from domain.tasks.receipt import STORE_RECEIPT, VERIFY_VISIT
from domain.tasks.register import DECIDE_ON_ABSENCE, DECIDE_ON_SILENCE
from domain.tasks.service import ASSESS_QUALITY_ISSUE
from domain.tasks.special import ACKNOWLEDGE_BREACH, PANEL_WORD, SPECIAL_CASE

_JUDGES_OTHERS = {
    ACKNOWLEDGE_BREACH.name,
    DECIDE_ON_SILENCE.name,
    DECIDE_ON_ABSENCE.name,
    SPECIAL_CASE.name,
    ASSESS_QUALITY_ISSUE.name,
    STORE_RECEIPT.name,
    VERIFY_VISIT.name,
    VERIFY_MEASURES.name,
    REINSPECT.name,
}
_WORDS = {PANEL_WORD.name, SPECIAL_CASE.name}


def judging_problems(task: TaskState, by: Actor, others: Iterable[TaskState]) -> list[FieldError]:
    """Returns why this person may not do this task; nothing for an administrator, whose acting is on record.

    `others` are all tasks of the case.
    """
    if by.acting_for is not None:
        return []
    found, tasks = [], tuple(others)
    if task.kind in _JUDGES_OTHERS and _had_a_part(by, task, tasks):
        message = "somebody else decides this: it is about your own task (X11)"
        found.append(FieldError(path="", message=message))
    if task.kind in _WORDS and _gave_a_word(by, task, tasks):
        message = "you gave your word on this already; each of the panel gives their own (T11)"
        found.append(FieldError(path="", message=message))
    return found


def _gave_a_word(by: Actor, task: TaskState, tasks: tuple[TaskState, ...]) -> bool:
    """True when this person gave a word on the same special case, in another role."""
    decided = [one.ended_at for one in tasks if one.kind == SPECIAL_CASE.name and one.ended_at and one.key != task.key]
    last = max(decided, default=None)
    return any(
        one.kind == PANEL_WORD.name and one.done and one.done.by.user == by.user
        and (last is None or one.done.entered_at > last)
        for one in tasks
    )  # fmt: skip


def _had_a_part(by: Actor, task: TaskState, others: Iterable[TaskState]) -> bool:
    """True when the task judges one that this person holds or did, or a case that this person put to the panel."""
    if task.asked_by == by.user:
        return True
    about = next((other for other in others if other.key == task.about), None)
    if about is None:
        return False
    return by.user in {about.assignee, about.done.by.user if about.done else None}
