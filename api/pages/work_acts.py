"""What is done from My work: several tasks claimed, given back or given over at once; views saved under a name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import Response

from api.actions import claim_task, delegate_task, release_task
from api.ids import new_id
from api.pages import words
from api.pages.languages import _, ngettext
from api.pages.searching import search_text
from api.pages.visit import Visit, VisitDep, go_to, own_path, problem_text
from api.pages.work_filters import filters_of_query
from core.errors import AftercareError, Invalid, NotFound, Refused
from store.queries.tasks import TaskView, tasks_by_id
from store.users import find_user
from store.views import SavedView, TooManyViews, ViewNameTaken, drop_view, rename_view, save_view

router = APIRouter(prefix="/my-work")
_MOST_AT_ONCE = 200
_LONGEST_NAME = 40
_ACTS = ("claim", "release", "delegate")


@dataclass(frozen=True)
class Result:
    """What became of one task; `why` says why it could not be done."""

    title: str
    about: str
    href: str
    done: bool
    why: str


@router.post("/bulk")
async def act_on_several(visit: VisitDep) -> Response:
    """Claims, gives back or gives over each of the chosen tasks, and says of each what became of it."""
    form = await visit.form()
    act = str(form.get("act") or "")
    if act not in _ACTS:
        raise Invalid(_("choose what to do with the tasks"), field="act")
    chosen = list(dict.fromkeys(str(one) for one in form.getlist("task")))[:_MOST_AT_ONCE]
    if not chosen:
        raise Invalid(_("choose at least one task"), field="task")
    to = str(form.get("to") or "")
    if act == "delegate" and not to:
        raise Invalid(_("choose who shall have the tasks"), field="to")
    refusals = {task_id: await _done(visit, act, task_id, to) for task_id in chosen}
    async with visit.parts.database.reading() as session:
        known = await tasks_by_id(session, chosen)
        receiver = await find_user(session, to) if to else None
    results = [_result(visit, task_id, known.get(task_id), refusals[task_id]) for task_id in chosen]
    return visit.page(
        "work_done.html",
        title=_told(act, results, receiver.name if receiver else to),
        results=results,
        back=own_path(form.get("next")),
    )


async def _done(visit: Visit, act: str, task_id: str, to: str) -> str:
    """Does it for one task, in a transaction of its own; returns why it could not be done, or nothing."""
    try:
        if act == "claim":
            await claim_task(visit.parts, visit.person, task_id)
        elif act == "release":
            await release_task(visit.parts, visit.person, task_id)
        else:
            await delegate_task(visit.parts, visit.person, task_id, to)
    except AftercareError as refused:
        return problem_text(refused)
    return ""


def _result(visit: Visit, task_id: str, view: TaskView | None, why: str) -> Result:
    if view is None:
        return Result(_("Unknown task"), task_id[:60], "", done=False, why=why)
    about = f"{view.case.work_order or view.case_id} · {view.case.customer_name}"
    role = words.role_title(view.task.role, visit.plan(view.case.plan))
    return Result(words.task_title(view.task.kind), f"{about} · {role}", f"/tasks/{task_id}", done=not why, why=why)


def _told(act: str, results: Sequence[Result], to: str) -> str:
    """What came of all of it, as a heading."""
    number = sum(one.done for one in results)
    if act == "claim":
        return ngettext("%(num)s task is yours", "%(num)s tasks are yours", number)
    if act == "release":
        return ngettext("%(num)s task is offered again", "%(num)s tasks are offered again", number)
    return ngettext("%(num)s task is with %(name)s", "%(num)s tasks are with %(name)s", number, name=to)


@router.post("/views")
async def save(visit: VisitDep) -> Response:
    """Saves the filters of the list under a name; a view of the same name gets them."""
    form = await visit.form()
    view = SavedView(new_id(), _name(form.get("name")), filters_of_query(str(form.get("query") or "")).query)
    async with visit.parts.database.session() as session:
        try:
            await save_view(session, visit.person.user_id, view, at=visit.now)
        except TooManyViews:
            raise Refused(_("you have as many saved views as one can have; delete one first")) from None
    return go_to(f"/?{view.query}" if view.query else "/", "view_saved")


@router.post("/views/{view_id}")
async def rename(visit: VisitDep, view_id: str) -> Response:
    """Gives a saved view of one's own another name."""
    form = await visit.form()
    name = _name(form.get("name"))
    async with visit.parts.database.session() as session:
        try:
            known = await rename_view(session, visit.person.user_id, view_id, name)
        except ViewNameTaken:
            raise Refused(_("you have another view of this name"), field="name") from None
    return _back(known, form.get("next"), "view_renamed")


@router.post("/views/{view_id}/delete")
async def delete(visit: VisitDep, view_id: str) -> Response:
    """Deletes a saved view of one's own; the tasks in it stay."""
    await visit.form()
    async with visit.parts.database.session() as session:
        known = await drop_view(session, visit.person.user_id, view_id)
    return _back(known, "/", "view_gone")


def _back(known: bool, to: object, said: str) -> Response:
    if not known:
        raise NotFound(_("you have no such view (any more)"))
    return go_to(own_path(to), said)


def _name(given: object) -> str:
    name = " ".join(search_text(str(given or "")).split())
    if not name:
        raise Invalid(_("give the view a name"), field="name")
    if len(name) > _LONGEST_NAME:
        raise Invalid(_("a name has %(most)s signs at most", most=_LONGEST_NAME), field="name")
    return name
