"""Opening a corrective or preventive action, completing its steps, calling it off (Q8)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

from api.ids import known_action_id, new_action_id, new_id
from api.parts import Parts
from api.problems import InvalidFields, prefixed
from api.reading import read, within_the_calendar
from api.rights import Person, Right, holds, require, require_task_role
from api.schemas import ActionBody, CallOffBody, SubmissionBody
from core.errors import Forbidden, NotFound, Refused
from domain.actions import ACTION_TASKS, ActionOrder, ActionStart, ActionState, CallOff, day_of, order_problems
from domain.actions import step_problems as problems_of
from domain.case import Completion
from domain.plan import Plan
from domain.tasks import FieldError, FormInvalid
from store.actions import find_action
from store.users import find_user

WORKFLOW = "CorrectiveAction"
_PATIENCE = 2.0
_PAUSE = 0.05


async def open_action(parts: Parts, person: Person, fields: Mapping[str, Any]) -> str:
    """Opens an action and returns its number; the same number again is the same action.

    Raises Forbidden, InvalidFields, Refused (the number is another action's), Unavailable.
    """
    actor = require(person, Right.OPEN_ACTION)
    body = read(ActionBody, fields)
    order = ActionOrder.model_validate(body.model_dump(exclude={"action_id"}))
    plan = await _checked(parts, order)
    action_id = body.action_id or new_action_id()
    start = ActionStart(
        action_id=action_id, plan=plan, pace=parts.pace, order=order, opened_at=parts.now(), opened_by=actor
    )
    if not await parts.engine.begin(WORKFLOW, action_id, start, summary=f"{order.kind} action · {order.role}"):
        earlier = await _find(parts, action_id)
        if earlier is not None and earlier.order != order:
            raise Refused("this number was used for another action; leave it out for a new one", field="action_id")
    await _shown(parts, action_id, lambda seen: seen is not None)
    return action_id


async def complete_step(parts: Parts, person: Person, action_id: str, fields: Mapping[str, Any]) -> None:
    """Completes the step that an action waits for, as a task of a case is completed.

    Raises NotFound, Forbidden, InvalidFields (`outcome.<field>`), Refused (nothing waits), Unavailable.
    """
    body = read(SubmissionBody, fields)
    state = await known_action(parts, action_id)
    if any(step.done and step.done.submission_id == body.submission_id for step in state.steps):
        return
    step = state.open_step
    if step is None or step.activity_id is None:
        raise Refused("this action waits for nothing any more; look at it again")
    actor = require_task_role(person, step.role, step.assignee)
    if step.assignee is not None and not holds(person, step.assignee) and not person.is_admin:
        raise Forbidden("this step is somebody else's; the action names its owner")
    form = within_the_calendar(lambda: ACTION_TASKS[step.kind].accept(body.outcome), body.outcome, "outcome")
    if isinstance(form, FormInvalid):
        raise InvalidFields(prefixed(form.errors, "outcome"))
    now = parts.now()
    found = prefixed(problems_of(form, state, actor, day_of(now, state.time_zone)), "outcome")
    if body.happened_at is not None and not state.opened_at <= body.happened_at <= now:
        found = [*found, FieldError(path="happened_at", message="lies before the action was opened, or in the future")]
    if found:
        raise InvalidFields(found)
    completion = Completion(
        outcome=form.model_dump(mode="json", exclude_none=True),
        submission_id=body.submission_id,
        by=actor,
        entered_at=now,
        happened_at=body.happened_at or now,
        on_behalf_of=body.on_behalf_of,
    )
    if not await parts.engine.complete(action_id, step.activity_id, completion.model_dump(mode="json")):
        raise Refused("this step is not waiting any more: it was done or has moved on a moment ago; look at it again")
    await _shown(parts, action_id, lambda seen: seen is not None and seen.open_step != step)


async def call_off_action(parts: Parts, person: Person, action_id: str, fields: Mapping[str, Any]) -> None:
    """Calls an open action off. Raises NotFound, Forbidden, InvalidFields, Refused, Unavailable."""
    actor = require(person, Right.OPEN_ACTION)
    body = read(CallOffBody, fields)
    state = await known_action(parts, action_id)
    message = CallOff(id=new_id(), by=actor, reason=body.reason).model_dump(mode="json")
    if not state.status.is_open or not await parts.engine.signal(action_id, "call_off", message):
        raise Refused("this action has ended; it cannot be called off any more")
    await _shown(parts, action_id, lambda seen: seen is not None and not seen.status.is_open)


async def known_action(parts: Parts, action_id: str) -> ActionState:
    """Returns an action. Raises NotFound."""
    state = await _find(parts, known_action_id(action_id))
    if state is None:
        raise NotFound("there is no such action")
    return state


async def _find(parts: Parts, action_id: str) -> ActionState | None:
    async with parts.database.reading() as session:
        return await find_action(session, action_id)


async def _checked(parts: Parts, order: ActionOrder) -> Plan:
    plan = parts.plans.get(order.plan)
    if plan is None:
        raise InvalidFields.at("plan", f"is none of the service plans: {', '.join(sorted(parts.plans))}")
    found = order_problems(order, plan, day_of(parts.now(), plan.calendar.time_zone))
    if order.owner is not None:
        async with parts.database.reading() as session:
            owner = await find_user(session, order.owner)
        if owner is None or not owner.active:
            found.append(FieldError(path="owner", message="is nobody who works here"))
        elif order.role not in owner.roles:
            found.append(FieldError(path="owner", message=f"has not the role {order.role}"))
    if found:
        raise InvalidFields(found)
    return plan


async def _shown(parts: Parts, action_id: str, enough: Callable[[ActionState | None], bool]) -> None:
    """Waits a moment until the read side shows what was done, so that the next page does; then goes on without."""
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if enough(await _find(parts, action_id)):
            return
        await asyncio.sleep(_PAUSE)
