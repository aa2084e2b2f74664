"""User tasks: list, look at, claim, release, delegate, complete."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from api.actions import Assigned, claim_task, complete_task, delegate_task, release_task
from api.bodies import JsonObject, OptionalJsonObject
from api.forms import FACTORIES, form_schema, sources_of
from api.ids import known_case_id, split_task_id
from api.openapi import json_body
from api.parts import Parts, PartsDep
from api.problems import InvalidFields
from api.reading import read
from api.rights import Right, require
from api.routes.query import Cursor, Filter, Limit, choices, chosen, cursors, text, yes_or_no
from api.schemas import AssignedTask, CompletedTask, DelegateBody, SubmissionBody
from api.shown import TaskShown, TasksPage
from api.signin import PersonDep
from core.errors import NotFound
from domain.tasks import TASKS
from domain.tasks.accept import SETTLEMENT
from store.queries.summaries import ShownState
from store.queries.tasks import TaskView, find_task, list_tasks

router = APIRouter(tags=["tasks"])


@router.get("/tasks")
async def tasks(
    *,
    parts: PartsDep,
    person: PersonDep,
    role: Filter = None,
    state: Annotated[str | None, choices(ShownState, "state as people see it")] = None,
    case_id: Filter = None,
    assignee: Filter = None,
    overdue: Filter = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> TasksPage:
    """Lists tasks: overdue first, then by deadline, then what has ended."""
    require(person, Right.SEE_CASES)
    now = parts.now()
    one_role, one_case = text(role, "role"), text(case_id, "case_id")
    with cursors():
        async with parts.database.reading() as session:
            page = await list_tasks(
                session,
                roles=[one_role] if one_role else None,
                state=chosen(ShownState, state, "state"),
                case_id=known_case_id(one_case) if one_case else None,
                assignee=text(assignee, "assignee"),
                overdue=yes_or_no(overdue, "overdue"),
                now=now,
                cursor=text(cursor, "cursor"),
                limit=limit,
            )
    shown = {_form_name(view) for view in page.items if view.task.kind in TASKS}
    forms = {name: await form_schema(parts, *name) for name in shown}
    return TasksPage(
        items=[TaskShown.of(view, now, forms.get(_form_name(view))) for view in page.items], next=page.next
    )


@router.get("/tasks/{task_id}")
async def one_task(parts: PartsDep, person: PersonDep, task_id: str) -> TaskShown:
    """Shows a task with the form of its outcome."""
    require(person, Right.SEE_CASES)
    view = await _task(parts, task_id)
    form = await form_schema(parts, *_form_name(view)) if view.task.kind in TASKS else None
    return TaskShown.of(view, parts.now(), form)


def _form_name(view: TaskView) -> tuple[str, str, str | None]:
    """What tells one form from another: the kind of task, the plan, and the case where the form depends on it."""
    of_its_case = view.task.kind == SETTLEMENT.name or FACTORIES in sources_of(view.task.kind)
    return view.task.kind, view.case.plan, view.case_id if of_its_case else None


async def _task(parts: Parts, task_id: str) -> TaskView:
    split_task_id(task_id)
    async with parts.database.reading() as session:
        view = await find_task(session, task_id)
    if view is None:
        raise NotFound("there is no such task")
    return view


def _assigned(assigned: Assigned) -> AssignedTask:
    return AssignedTask(task_id=assigned.task_id, assignee=assigned.assignee)


@router.post("/tasks/{task_id}/claim")
async def claim(parts: PartsDep, person: PersonDep, task_id: str, _body: OptionalJsonObject) -> AssignedTask:
    """Reserves a task for whoever asks; refused with the name of who holds it."""
    return _assigned(await claim_task(parts, person, task_id))


@router.post("/tasks/{task_id}/release")
async def release(parts: PartsDep, person: PersonDep, task_id: str, _body: OptionalJsonObject) -> AssignedTask:
    """Gives a task back to its role."""
    return _assigned(await release_task(parts, person, task_id))


@router.post("/tasks/{task_id}/delegate", openapi_extra=json_body(DelegateBody))
async def delegate(parts: PartsDep, person: PersonDep, task_id: str, fields: JsonObject) -> AssignedTask:
    """Hands a task to another person who has its role."""
    body = read(DelegateBody, fields)
    return _assigned(await delegate_task(parts, person, task_id, body.to))


@router.post("/tasks/{task_id}/complete", openapi_extra=json_body(SubmissionBody))
async def complete(parts: PartsDep, person: PersonDep, task_id: str, fields: JsonObject) -> CompletedTask:
    """Completes a task with an outcome that follows its form. The same submission sent twice is one completion."""
    known = {"outcome", "submission_id", "happened_at", "on_behalf_of"}
    unknown = [name for name in fields if name not in known]
    if unknown:
        raise InvalidFields.at(unknown[0], "is not a field of a completion")
    done = await complete_task(
        parts,
        person,
        task_id,
        fields.get("outcome"),  # type: ignore[arg-type] # validated there, with everything else that was sent
        fields.get("submission_id"),  # type: ignore[arg-type] # likewise
        happened_at=fields.get("happened_at"),
        on_behalf_of=fields.get("on_behalf_of"),
    )
    return CompletedTask(
        task_id=done.task_id,
        submission_id=done.submission_id,
        completed_by=done.by,
        entered_at=done.entered_at,
        repeated=done.repeated,
    )
