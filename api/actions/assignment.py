"""Claim, release, delegate: who holds a task. Two people who claim at once learn at once who won."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from api.ids import split_task_id
from api.parts import Parts
from api.problems import InvalidFields
from api.rights import Person, Right, holds, may, may_do_task, require_task_role
from core.errors import Forbidden, NotFound, Refused
from store.assignments import Held, claim, delegate, release
from store.queries.engineers import task_roles
from store.queries.tasks import TaskView, find_task
from store.users import find_user


@dataclass(frozen=True)
class Assigned:
    """Who holds a task now; nobody when it is offered to its whole role."""

    task_id: str
    assignee: str | None


async def claim_task(parts: Parts, person: Person, task_id: str) -> Assigned:
    """Reserves a task for the person, or takes it over from whom they stand in for.

    Raises NotFound, Forbidden, Refused (ended, or naming who holds it).
    """
    async with parts.database.session() as session:
        view = await _open_task(session, task_id)
        require_task_role(person, view.task.role, view.assignee)
        own, now = person.user_id, parts.now()
        if view.assignee in person.stands_in_for:
            held = await delegate(session, task_id, holder=view.assignee, to=own, by=own, at=now)
        else:
            held = await claim(session, task_id, user=own, by=own, at=now)
        return await _settled(session, task_id, held)


async def release_task(parts: Parts, person: Person, task_id: str) -> Assigned:
    """Gives a task back to its role. Raises NotFound, Forbidden, Refused."""
    async with parts.database.session() as session:
        view = await _open_task(session, task_id)
        if view.assignee is None:
            return Assigned(task_id, None)
        await _require_hold(session, person, view)
        held = await release(session, task_id, holder=view.assignee, by=person.user_id, at=parts.now())
        return await _settled(session, task_id, held)


async def delegate_task(parts: Parts, person: Person, task_id: str, to: str) -> Assigned:
    """Hands a task to another person who has its role. Raises NotFound, Forbidden, InvalidFields at `to`, Refused."""
    async with parts.database.session() as session:
        view = await _open_task(session, task_id)
        if view.assignee is not None:
            await _require_hold(session, person, view)
        elif not may_do_task(person, view.task.role) and not may(person, Right.DELEGATE):
            require_task_role(person, view.task.role)
        user = await find_user(session, to)
        if user is None or not user.active:
            raise InvalidFields.at("to", "is nobody who works here (any more)")
        if view.task.role not in await task_roles(session, user, parts.now()):
            raise InvalidFields.at("to", f"has not the role {view.task.role}, which this task takes")
        held = await delegate(session, task_id, holder=view.assignee, to=to, by=person.user_id, at=parts.now())
        return await _settled(session, task_id, held)


async def _open_task(session: AsyncSession, task_id: str) -> TaskView:
    split_task_id(task_id)
    view = await find_task(session, task_id)
    if view is None:
        raise NotFound("there is no such task")
    if not view.is_open:
        raise Refused(ended(view))
    return view


def ended(view: TaskView) -> str:
    """Says who ended a task and when, or that it is not needed any more."""
    task = view.task
    if task.done is not None:
        return f"this task was completed by {task.done.by.name} at {task.done.entered_at:%Y-%m-%d %H:%M} UTC"
    when = f" since {task.ended_at:%Y-%m-%d %H:%M} UTC" if task.ended_at else ""
    return f"this task is not needed any more{when}"


async def _require_hold(session: AsyncSession, person: Person, view: TaskView) -> None:
    if not holds(person, view.assignee) and not may(person, Right.DELEGATE):
        name = await name_of(session, view.assignee)
        raise Forbidden(f"this task is held by {name}; who holds it, a dispatcher or a manager can move it")


async def _settled(session: AsyncSession, task_id: str, held: Held) -> Assigned:
    if held.won:
        return Assigned(task_id, held.assignee)
    if held.assignee is None:
        raise Refused("somebody has just given this task back; look at it again")
    raise Refused(f"this task is held by {await name_of(session, held.assignee)}")


async def name_of(session: AsyncSession, user_id: str | None) -> str:
    """Returns the name for people of whoever has a sign-in name."""
    user = await find_user(session, user_id) if user_id else None
    return user.name if user else user_id or "nobody"
