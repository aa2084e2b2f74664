"""The dispatch board: who serves what on which day; a person chooses, by drag, by keyboard, or on a plain form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.actions import send_message
from api.actions.dispatching import give_work, last_handed
from api.actions.engineers import Proposed, propose
from api.forms import needs_engineers
from api.ids import new_id, split_task_id
from api.pages import words
from api.pages.board import Board, Card, Filter, Known
from api.pages.entered import Entered
from api.pages.fields import Field, fields_of, places_of
from api.pages.finding_errors import findings
from api.pages.languages import _, say
from api.pages.times import day_and_time, zone_words
from api.pages.visit import Visit, VisitDep, go_to, problem_text
from api.rights import Right, holds, may, may_do_task, require
from core.errors import AftercareError, NotFound, Refused
from domain.case import TaskStatus
from domain.case.messages import Reschedule
from domain.clocks import WorkCalendar
from domain.dispatch import Absence, Proposal, Week
from domain.plan import Duty
from domain.tasks import TASKS
from store.queries.board import MOST_DUE, MOST_UNSERVED, MOST_VISITS, due_between, loads, unserved, visitors, visits
from store.queries.cases import find_case
from store.queries.engineers import absences
from store.queries.pieces import piece_of
from store.queries.tasks import TaskView, find_task
from store.users import ENGINEER, User, list_users, user_names

router = APIRouter()
_FIRST, _LAST = date(2000, 1, 1), date(2199, 12, 31)
_LONGEST = 60
_ENGINEERS = 8
"""Rows of a page; the proposal's best come first where work is chosen."""
_MOVE = fields_of(Reschedule.model_json_schema(), prefix="reschedule.", leave_out=("id", "by", "at", "task"))


@dataclass(frozen=True)
class Engineer:
    """One engineer of the proposal, with what speaks for and against; `dropped` when the work was dropped there."""

    user: str
    name: str
    place: int
    reasons: str
    absent: bool
    dropped: bool
    has_it: bool


@dataclass(frozen=True)
class Chosen:
    """The piece of work that somebody is chosen for, and what this person can do with it."""

    card: Card
    seen: str
    asks: bool
    """True when it is the task that asks for an engineer: it is completed, where another one is reassigned."""
    engineers: tuple[Engineer, ...]
    remarks: tuple[str, ...]
    refusal: str
    move: tuple[Field, ...]
    zone: str


@dataclass
class Answer:
    """What became of a try that was not taken: of which form, what was typed, what is wrong, and who was faster."""

    form: str = ""
    entered: Entered = field(default_factory=Entered)
    errors: dict[str, str] = field(default_factory=dict)
    conflict: str = ""
    reason: str = ""


@router.get("/dispatch")
async def show_board(visit: VisitDep) -> Response:
    """The board of a week, by region and skill; with a piece of work chosen the ranked proposal for it."""
    return await _show(visit, _asked(visit, visit.request.query_params), Answer())


@router.post("/dispatch/{task_id}/give")
async def give(visit: VisitDep, task_id: str) -> Response:
    """Gives a piece of work to an engineer, or says who was faster."""
    form = {name: text for name, text in (await visit.form()).items() if isinstance(text, str)}
    asked = _asked(visit, {**form, "task": task_id})
    known = ("engineer", "submission_id", "seen", "reason")
    try:
        given = await give_work(visit.parts, visit.person, task_id, {one: form[one] for one in known if form.get(one)})
    except AftercareError as refused:
        if refused.status in (401, 403, 404):
            raise
        answer = Answer("give", reason=form.get("reason", ""))
        if isinstance(refused, Refused):
            answer.conflict = await _who_was_first(visit, task_id) or problem_text(refused)
        else:
            answer.errors = findings(refused, ("engineer", "reason"))
        return await _show(visit, asked, answer, refused.status)
    return go_to(asked.href(), "assigned" if given.chosen else "delegated")


@router.post("/dispatch/{task_id}/move")
async def move(visit: VisitDep, task_id: str) -> Response:
    """Moves an appointment: a new promise to the customer, the old one stays on record (X4)."""
    case_id, key = split_task_id(task_id)
    entered = Entered.from_form(await visit.form())
    asked = _asked(visit, {**entered.texts, "task": task_id})
    async with visit.parts.database.reading() as session:
        view = await find_task(session, task_id)
    if view is None:
        raise NotFound("there is no such task")
    told, wrong = entered.values(_MOVE, view.case.time_zone)
    if not wrong:
        try:
            message = {**told, "task": key, "id": entered.text("submission_id") or new_id()}
            await send_message(visit.parts, visit.person, case_id, "reschedule", message)
        except AftercareError as refused:
            if refused.status in (401, 403, 404):
                raise
            wrong = findings(refused, [one.name for one in _MOVE], prefix="reschedule.")
            return await _show(visit, asked, Answer("move", entered, wrong), refused.status)
        return go_to(asked.href(), "told")
    return await _show(visit, asked, Answer("move", entered, wrong), 422)


def _asked(visit: Visit, given: Mapping[str, str]) -> Filter:
    """What the address or a form asks to see; what cannot be read is left out."""
    named = _day(given.get("week"))
    return Filter(
        week=Week.of(named, visit.zone) if named else _coming(visit),
        region=given.get("region", "").strip()[:_LONGEST],
        skill=given.get("skill", "").strip()[:_LONGEST],
        task=given.get("task", "").strip()[:_LONGEST],
        to=given.get("to", "").strip()[:_LONGEST],
        day=_day(given.get("day")),
        people=_number(given.get("people")),
    )


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) <= 4 else 1


def _this_week(visit: Visit) -> Week:
    return Week.of(visit.now.astimezone(ZoneInfo(visit.zone)).date(), visit.zone)


def _coming(visit: Visit) -> Week:
    """The week there is still something to plan in: after the last working day's end it is the next one."""
    week, make = _this_week(visit), visit.parts.calendars
    years = {week.days[0].year, week.days[-1].year}
    specs = {plan.calendar for plan in visit.parts.plans.values()}
    known = [make(spec, years) if make else WorkCalendar(spec=spec, version="Monday to Friday") for spec in specs]
    return Week.of(week.after, visit.zone) if known and week.is_over(visit.now, known) else week


def _day(text: str | None) -> date | None:
    try:
        found = date.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return found if _FIRST <= found <= _LAST else None


async def _show(visit: Visit, asked: Filter, answer: Answer, status: int = 200) -> Response:
    require(visit.person, Right.SEE_BOARD)
    going = visit.person.duties.get(Duty.VISITS, frozenset()) | {ENGINEER}
    rules = [pair for plan in visit.parts.plans.values() for pair in plan.tasks.items()]
    kinds = {kind for kind, rule in rules if rule.within == "agreed"}
    choosing = {kind for kind in TASKS if needs_engineers(kind)}
    week, now = asked.week, visit.now
    current = week in (_this_week(visit), _coming(visit))
    since = datetime.fromtimestamp(0, tz=now.tzinfo) if current else week.since
    async with visit.parts.database.reading() as session:
        users = {one.user_id: one for one in await list_users(session, active=None)}
        visiting = await visitors(session, since, week.until, kinds=kinds, roles=going)
        waiting = await unserved(session, choosing=choosing, kinds=kinds, roles=going, role=ENGINEER)
        away: dict[str, list[Absence]] = defaultdict(list)
        for one in await absences(session, since=min(week.monday, now.date()) - timedelta(days=1)):
            away[one.user].append(one)
        view, proposed = await _proposal(session, visit, asked)
        ranked = {one.user: one for one in proposed.items} if proposed else {}
        people = _people(users, asked, visiting, ranked)
        asked = replace(asked, people=min(max(asked.people, 1), max(-(-len(people) // _ENGINEERS), 1)))
        first = (asked.people - 1) * _ENGINEERS
        shown = people[first : first + _ENGINEERS]
        whose = {user.user_id for user in shown} | {one for one, some in away.items() if one in users and some}
        planned = await visits(session, since, week.until, kinds=kinds, roles=going, holders=whose)
        due = await due_between(session, week.since, week.until, roles=going, without=kinds, holders=whose)
        held = await loads(session, now, whose)
    names = {user.user_id: user.name for user in users.values()}
    movable = may(visit.person, Right.REASSIGN) or may(visit.person, Right.RESCHEDULE)
    board = Board(asked, visit.parts.plans, Known(names, held, away, ranked), now, movable=movable)
    lost = [one for one in (*planned, *due) if one.task_id is not None]
    return visit.page(
        "dispatch.html",
        status,
        asked=asked,
        days=board.days(),
        rows=board.rows(shown, planned, due),
        people=len(people),
        first=first,
        full=len(planned) >= MOST_VISITS or len(due) >= MOST_DUE,
        most=len(waiting) == MOST_UNSERVED,
        tray=board.tray(waiting),
        unseen=board.held_by_absent(lost, users),
        chosen=_chosen(visit, asked, board, view, proposed) if view else None,
        answer=answer,
        entered=_prefilled(answer, asked, view),
        places=places_of(_MOVE),
        regions=sorted({region for user in users.values() for region in user.regions}),
        skills=sorted({skill for user in users.values() for skill in user.skills}),
        skill_title=words.skill,
        submission_id=new_id(),
        this_week=_this_week(visit).monday,
        zone=zone_words(visit.zone, now),
    )


def _people(
    users: Mapping[str, User], asked: Filter, visiting: frozenset[str], ranked: Mapping[str, Proposal]
) -> list[User]:
    """Who has a row: the engineers that the filter keeps, and whoever else is to be with a customer in this time."""
    found = [
        user
        for user in users.values()
        if user.active and (ENGINEER in user.roles or user.user_id in visiting) and asked.serves(user)
    ]
    last = len(ranked) + 1
    places = {user: one.place for user, one in ranked.items()}
    return sorted(found, key=lambda user: (places.get(user.user_id, last), user.name, user.user_id))


async def _proposal(session: AsyncSession, visit: Visit, asked: Filter) -> tuple[TaskView | None, Proposed | None]:
    """The chosen task and who is proposed for it; nothing for an address that names none."""
    if not asked.task:
        return None, None
    view = await find_task(session, asked.task)
    case = await find_case(session, view.case_id) if view else None
    if view is None or case is None:
        return None, None
    role = ENGINEER if needs_engineers(view.task.kind) else view.task.role
    plan = visit.plan(view.case.plan)
    return view, await propose(session, case.state, plan, visit.now, role=role, day=asked.day)


def _chosen(visit: Visit, asked: Filter, board: Board, view: TaskView, proposed: Proposed | None) -> Chosen:
    piece = piece_of(view)
    asks = needs_engineers(view.task.kind)
    items = proposed.items if proposed else ()
    engineers = [
        Engineer(
            user=one.user,
            name=one.name,
            place=one.place,
            reasons=" · ".join(say(reason) for reason in one.reasons),
            absent=one.absent,
            dropped=one.user == asked.to,
            has_it=not asks and one.user == view.assignee,
        )
        for one in items
    ]
    engineers.sort(key=lambda one: (not one.dropped, one.place))
    plan = visit.plan(view.case.plan)
    agreed = plan is not None and view.task.kind in plan.tasks and plan.rule(view.task.kind).within == "agreed"
    can_move = agreed and view.is_open and may(visit.person, Right.RESCHEDULE)
    return Chosen(
        card=board.card(piece, dated=True),
        seen=view.assignee or "",
        asks=asks,
        engineers=tuple(engineers),
        remarks=tuple(say(one) for one in (*proposed.remarks, proposed.order)) if proposed else (),
        refusal=_refusal(visit, view, asks=asks, names=board.known.names),
        move=_MOVE if can_move else (),
        zone=zone_words(view.case.time_zone, visit.now),
    )


def _refusal(visit: Visit, view: TaskView, *, asks: bool, names: Mapping[str, str]) -> str:
    """Why this person cannot give the work to anybody now; empty when they can."""
    if not view.is_open:
        return _("This work is not open any more.")
    if view.submitted_at is not None:
        return _("Somebody has just been chosen; the case takes it up in a moment.")
    if not asks:
        return "" if may(visit.person, Right.REASSIGN) else _("To give it to somebody else takes a role in dispatch.")
    role = words.role_title(view.task.role, visit.plan(view.case.plan))
    if not may_do_task(visit.person, view.task.role, view.assignee):
        return _("The role %(role)s chooses who serves it.", role=role)
    if view.assignee is not None and not holds(visit.person, view.assignee) and not visit.person.is_admin:
        return _("%(name)s holds this choice.", name=names.get(view.assignee, view.assignee))
    return _("The case is paused.") if view.task.status is TaskStatus.SUSPENDED else ""


def _prefilled(answer: Answer, asked: Filter, view: TaskView | None) -> Entered:
    """The move's form as it was typed; first shown with the day it was dropped on, at the time agreed before."""
    entered, name = answer.entered, "reschedule.appointment"
    if view is None or asked.day is None or name in entered.texts or view.case.appointment is None:
        return entered
    local = view.case.appointment.astimezone(ZoneInfo(view.case.time_zone))
    entered.texts[name] = f"{asked.day.isoformat()}T{local:%H:%M}"
    return entered


async def _who_was_first(visit: Visit, task_id: str) -> str:
    """Who gave the work to whom meanwhile, and when; empty when nobody is known to have."""
    async with visit.parts.database.reading() as session:
        view = await find_task(session, task_id)
        handed = await last_handed(session, view) if view else None
        names = await user_names(session)
    if view is None or handed is None:
        return ""
    by, when = names.get(handed.by, handed.by), day_and_time(handed.at, view.case.time_zone, visit.now)
    if handed.to is None:
        return _("%(by)s was faster, %(when)s. Your choice changed nothing.", by=by, when=when)
    to = names.get(handed.to, handed.to)
    return _("%(by)s gave it to %(to)s, %(when)s. Your choice changed nothing.", by=by, to=to, when=when)
