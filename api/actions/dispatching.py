"""Giving work to an engineer: a person chooses, the task's own completion or a reassignment acts.

Who was first counts: whoever comes second is told who gave the work to whom, and when.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from api.actions.assignment import ended
from api.actions.completion import complete_task
from api.actions.messages import send_message
from api.forms import needs_engineers
from api.ids import split_task_id
from api.parts import Parts
from api.problems import InvalidFields
from api.reading import read
from api.rights import Person, Right, require
from api.schemas import GiveBody
from core.errors import AftercareError, NotFound, Refused
from store.assignments import delegate, release
from store.queries.events import last_reassignment
from store.queries.tasks import TaskView, find_task
from store.submissions import last_submission
from store.tables import AssignmentRow
from store.users import find_user


@dataclass(frozen=True)
class Given:
    """Who serves a piece of work now; `chosen` when that completed the task in which somebody is chosen."""

    task_id: str
    engineer: str
    chosen: bool


@dataclass(frozen=True)
class Handed:
    """Who gave a piece of work to whom, and when (virtual UTC); sign-in names, `to` None for the whole role."""

    by: str
    to: str | None
    at: datetime


async def give_work(parts: Parts, person: Person, task_id: str, fields: Mapping[str, Any]) -> Given:
    """Gives a piece of work to an engineer: completes the task that asks for one, or reassigns any other open task.

    `seen` is who held the task when the person chose: somebody else by now means that another was faster.

    Raises NotFound, Forbidden, InvalidFields (`engineer`, `reason`), Refused (another was first, or it is over),
    Unavailable.
    """
    split_task_id(task_id)
    body = read(GiveBody, fields)
    async with parts.database.reading() as session:
        view = await find_task(session, task_id)
    if view is None:
        raise NotFound("there is no such task")
    if needs_engineers(view.task.kind):
        outcome = {"engineer": body.engineer, **({"reason": body.reason} if body.reason else {})}
        try:
            await complete_task(parts, person, task_id, outcome, body.submission_id)
        except InvalidFields as wrong:
            raise _without_prefix(wrong) from None
        return Given(task_id, body.engineer, chosen=True)
    await _reassign(parts, person, view, body)
    return Given(task_id, body.engineer, chosen=False)


def _without_prefix(wrong: InvalidFields) -> InvalidFields:
    """The findings by the names of this form: it has no other object around its fields."""
    return InvalidFields([one.model_copy(update={"path": one.path.removeprefix("outcome.")}) for one in wrong.errors])


async def _reassign(parts: Parts, person: Person, view: TaskView, body: GiveBody) -> None:
    """Moves a task by compare-and-set first, so that of two who choose at once one learns it; then tells the case."""
    require(person, Right.REASSIGN)
    if not view.is_open:
        raise Refused(ended(view))
    if view.assignee not in (body.seen or None, body.engineer):
        raise Refused("somebody else gave this task to another person meanwhile")
    async with parts.database.session() as session:
        await _can_do(session, view, body.engineer)
        moved = await delegate(
            session, view.task_id, holder=body.seen or None, to=body.engineer, by=person.user_id, at=parts.now()
        )
    if not moved.won:
        raise Refused("somebody else gave this task to another person meanwhile")
    message = {"task": view.task.key, "assignee": body.engineer, "reason": body.reason, "id": body.submission_id}
    try:
        await send_message(parts, person, view.case_id, "reassign", message)
    except AftercareError:
        await _take_back(parts, person, view, body)
        raise


async def _can_do(session: AsyncSession, view: TaskView, engineer: str) -> None:
    user = await find_user(session, engineer)
    if user is None or not user.active:
        raise InvalidFields.at("engineer", "is nobody who works here (any more)")
    if view.task.role not in user.roles:
        raise InvalidFields.at("engineer", f"has not the role {view.task.role}, which this task takes")


async def _take_back(parts: Parts, person: Person, view: TaskView, body: GiveBody) -> None:
    """The case could not be told, so nothing has moved: who held the task holds it again."""
    by, now = person.user_id, parts.now()
    async with parts.database.session() as session:
        if body.seen:
            await delegate(session, view.task_id, holder=body.engineer, to=body.seen, by=by, at=now)
        else:
            await release(session, view.task_id, holder=body.engineer, by=by, at=now)


async def last_handed(session: AsyncSession, view: TaskView) -> Handed | None:
    """Returns who gave a task to whom last: by choosing an engineer, by reassigning or by a claim; None for nobody."""
    if needs_engineers(view.task.kind):
        done = view.task.done
        if done is not None:
            return Handed(done.by.user, str((view.task.outcome or {}).get("engineer") or "") or None, done.entered_at)
        sent = await last_submission(session, view.task_id, view.case.run_id)
        return Handed(sent.user, None, sent.entered_at) if sent else None
    found = await last_reassignment(session, view.case_id, view.task.key)
    told = Handed(found.actor.user, found.data.get("assignee"), found.at) if found else None
    claimed = await session.get(AssignmentRow, view.task_id)
    if claimed is not None and (told is None or claimed.at > told.at):
        return Handed(claimed.by, claimed.assignee, claimed.at)
    return told
