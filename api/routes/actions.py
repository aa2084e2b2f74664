"""Corrective and preventive actions (Q8)."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from api.actions import call_off_action, complete_step, known_action, open_action
from api.bodies import JsonObject
from api.openapi import json_body
from api.parts import PartsDep
from api.rights import Right, require
from api.routes.query import Filter, text, yes_or_no
from api.schemas import ActionBody, CallOffBody, SubmissionBody
from api.signin import PersonDep
from domain.actions import ACTION_TASKS, ActionState
from store.actions import list_actions

router = APIRouter(tags=["actions"])


class ActionShown(BaseModel):
    """An action, whether it is late, and the form of the step it waits for."""

    action: ActionState
    overdue: bool
    form: dict[str, Any] | None


class ActionsPage(BaseModel):
    """Actions, what is due first at the top."""

    items: list[ActionShown]
    next: None = None


@router.get("/actions")
async def actions(
    parts: PartsDep,
    person: PersonDep,
    role: Filter = None,
    open: Filter = None,  # noqa: A002 - the name of the filter
) -> ActionsPage:
    """Lists actions, open ones by what is due first; `role` is whose turn it is, `open=true` leaves out what ended."""
    require(person, Right.SEE_CASES)
    asked = text(role, "role")
    only_open = bool(yes_or_no(open, "open"))
    async with parts.database.reading() as session:
        found = await list_actions(session, open_only=only_open, roles={asked} if asked else None)
    return ActionsPage(items=[_shown(one, parts) for one in found])


@router.post("/actions", status_code=201, openapi_extra=json_body(ActionBody))
async def open_one(parts: PartsDep, person: PersonDep, fields: JsonObject) -> ActionShown:
    """Opens an action with owner and due date; its number sent again is the same action."""
    return _shown(await known_action(parts, await open_action(parts, person, fields)), parts)


@router.get("/actions/{action_id}")
async def one_action(parts: PartsDep, person: PersonDep, action_id: str) -> ActionShown:
    """Shows an action with its record and the form of the step it waits for."""
    require(person, Right.SEE_CASES)
    return _shown(await known_action(parts, action_id), parts)


@router.post("/actions/{action_id}/complete", openapi_extra=json_body(SubmissionBody))
async def complete(parts: PartsDep, person: PersonDep, action_id: str, fields: JsonObject) -> ActionShown:
    """Completes the step that an action waits for: it was carried out, or its effect was verified by somebody else."""
    await complete_step(parts, person, action_id, fields)
    return _shown(await known_action(parts, action_id), parts)


@router.post("/actions/{action_id}/call-off", openapi_extra=json_body(CallOffBody))
async def call_off(parts: PartsDep, person: PersonDep, action_id: str, fields: JsonObject) -> ActionShown:
    """Calls an action off with a reason."""
    await call_off_action(parts, person, action_id, fields)
    return _shown(await known_action(parts, action_id), parts)


def _shown(state: ActionState, parts: PartsDep) -> ActionShown:
    step = state.open_step
    form = ACTION_TASKS[step.kind].form.schema_for_people_and_programs() if step else None
    return ActionShown(action=state, overdue=step is not None and step.first_due_at <= parts.now(), form=form)
