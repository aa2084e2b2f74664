"""One screen for leads: what waits for a decision, what is late and with whom, what nobody acknowledged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.actions import complete_task
from api.ids import new_id
from api.pages import words
from api.pages.decisions import before_panel, told_reason
from api.pages.entered import Entered
from api.pages.fields import Field, places_of
from api.pages.finding_errors import findings
from api.pages.languages import _, say
from api.pages.task_fields import task_fields
from api.pages.times import Clock, clock, length
from api.pages.views import task_clock
from api.pages.visit import Visit, VisitDep, go_to, problem_text
from api.rights import Right, may_do_task, require
from core.errors import AftercareError, Invalid, NotFound
from domain.case import FaultCategory
from store.queries.cases import find_case
from store.queries.late import (
    DECISIONS,
    NOBODY,
    LateGroup,
    acknowledgements,
    decisions,
    decisions_in_all,
    late_groups,
    late_pieces,
    unacknowledged_by_role,
)
from store.queries.paging import BadCursor
from store.queries.pieces import Piece
from store.queries.tasks import TaskView, find_task
from store.users import user_names

router = APIRouter()
_PAGE, _WAITING = 20, 20
"""Late tasks and decisions that are listed."""
_LONGEST = 60
_FIRST_OWED, _MOST_OWED = 6, 200
"""Acknowledgements shown at first, and of one role."""


@dataclass(frozen=True)
class Holder:
    """Who holds late work of a department, and since when the first of it is late."""

    name: str
    number: int
    since: datetime
    href: str
    here: bool


@dataclass(frozen=True)
class Department:
    """The late work of a role."""

    role: str
    title: str
    number: int
    since: datetime
    longest: str
    level: int
    href: str
    here: bool
    holders: tuple[Holder, ...]


@dataclass(frozen=True)
class Owing:
    """A role that owes acknowledgements."""

    title: str
    number: int
    href: str
    here: bool


@dataclass(frozen=True)
class Line:
    """A case that waits for a decision, or a missed deadline that waits for an acknowledgement, in a list."""

    href: str
    title: str
    number: str
    customer: str
    reason: str
    who: str
    clock: Clock
    since: datetime | None
    here: bool = False
    mine: bool = False


@dataclass(frozen=True)
class LateLine:
    """A late task in a list."""

    href: str
    title: str
    number: str
    customer: str
    about: str
    department: str
    holder: str
    since: datetime
    clock: Clock
    level: int


@dataclass
class Answer:
    """A decision that was not taken: what was entered, and why."""

    entered: Entered = field(default_factory=Entered)
    errors: dict[str, str] = field(default_factory=dict)
    conflict: str = ""


@router.get("/escalations")
async def show_escalations(visit: VisitDep) -> Response:
    """What is late and what waits for a decision; the most urgent decision of this person is open."""
    return await _show(visit, visit.request.query_params, Answer())


@router.post("/escalations/{task_id}/decide")
async def decide(visit: VisitDep, task_id: str) -> Response:
    """Takes the decision, or the word of a member of the panel, and goes on to the next one."""
    entered = Entered.from_form(await visit.form())
    fields, zone = await _fields_of(visit, task_id)
    outcome, wrong = entered.values(fields, zone)
    answer = Answer(entered, wrong)
    if not wrong:
        try:
            submission = entered.text("submission_id") or new_id()
            await complete_task(visit.parts, visit.person, task_id, outcome, submission)
        except AftercareError as refused:
            if refused.status in (401, 403, 404):
                raise
            if refused.status == 422:
                answer.errors = findings(refused, places_of(fields))
            else:
                answer.conflict = problem_text(refused)
            return await _show(visit, {"task": task_id}, answer, refused.status)
        return go_to("/escalations", "decided")
    return await _show(visit, {"task": task_id}, answer, 422)


async def _fields_of(visit: Visit, task_id: str) -> tuple[tuple[Field, ...], str]:
    """The fields of a decision and the zone of its case. Raises NotFound for anything else."""
    async with visit.parts.database.reading() as session:
        view = await find_task(session, task_id)
        case = await find_case(session, view.case_id) if view else None
        if view is None or case is None or view.task.kind not in DECISIONS:
            raise NotFound("there is no such decision")
        plan = visit.plan(view.case.plan)
        return await task_fields(session, view, case.state, plan, visit.now), view.case.time_zone


async def _show(visit: Visit, asked: Mapping[str, Any], answer: Answer, status: int = 200) -> Response:
    require(visit.person, Right.SEE_CASES)
    names_asked = ("role", "holder", "task", "owes")
    role, holder, chosen, owes = (str(asked.get(name) or "").strip()[:_LONGEST] for name in names_asked)
    now = visit.now
    async with visit.parts.database.reading() as session:
        names = await user_names(session)
        waiting = await decisions(session, _WAITING)
        waiting_in_all = await decisions_in_all(session)
        view = await _first(session, visit, waiting, await find_task(session, chosen) if chosen else None)
        before = await before_panel(session, visit, view, names) if view else None
        groups = await late_groups(session, now)
        try:
            late = await late_pieces(
                session, now, role=role or None, holder=holder or None, cursor=asked.get("cursor") or None, limit=_PAGE
            )
        except BadCursor as bad:
            raise Invalid(str(bad), field="cursor") from None
        owed = await unacknowledged_by_role(session)
        unacknowledged = await acknowledgements(session, owes or None, _MOST_OWED if owes else _FIRST_OWED)
    made = _Lines(visit, names, role, holder)
    further = urlencode({name: text for name, text in (("role", role), ("holder", holder)) if text})
    return visit.page(
        "escalations.html",
        status,
        before=before,
        waiting=[made.decision(one, view) for one in _by_case(waiting)],
        waiting_in_all=waiting_in_all,
        answer=answer,
        places=places_of(before.fields) if before else {},
        submission_id=answer.entered.text("submission_id") or new_id(),
        departments=made.departments(groups),
        late_in_all=sum(one.number for one in groups),
        late=[made.late(one) for one in late.items],
        next=f"/escalations?{further}&cursor={late.next}#late" if late.next else "",
        filtered=made.filtered(),
        unacknowledged=[made.acknowledgement(one) for one in unacknowledged],
        unacknowledged_in_all=sum(owed.values()),
        owing=[Owing(made.title(one), number, _owed_by(one), one == owes) for one, number in owed.items()],
        zone=visit.zone,
        zone_note=visit.zone_note,
    )


async def _first(
    session: AsyncSession, visit: Visit, waiting: Sequence[TaskView], asked: TaskView | None
) -> TaskView | None:
    """The decision that is open on the page: the one asked for, else this person's most urgent, else the first."""
    if asked is not None and asked.task.kind in DECISIONS:
        return asked
    own = _own(visit, waiting)
    if not own and len(waiting) == _WAITING:  # those of others are more urgent
        own = _own(visit, await decisions(session, _WAITING, roles=visit.roles))
    return next(iter((*own, *waiting)), None)


def _own(visit: Visit, waiting: Iterable[TaskView]) -> list[TaskView]:
    """What this person may decide now, and has not asked for themself."""
    return [
        one
        for one in waiting
        if one.submitted_at is None
        and may_do_task(visit.person, one.task.role, one.assignee)
        and one.task.asked_by != visit.person.user_id
    ]


def _by_case(waiting: Iterable[TaskView]) -> list[TaskView]:
    """One task for each case before its panel, the first of them, in their order."""
    return list({one.case_id: one for one in reversed(list(waiting))}.values())[::-1]


class _Lines:
    """Makes what the lists show for one visit."""

    def __init__(self, visit: Visit, names: Mapping[str, str], role: str, holder: str) -> None:
        self.visit, self.names, self.role, self.holder = visit, names, role, holder

    def name(self, user: str | None) -> str:
        return self.names.get(user or "", user or "") or _("nobody yet")

    def title(self, role: str) -> str:
        """The title of a role; one that plans call differently has all of its titles."""
        return words.role_titles(role, self.visit.parts.plans.values())

    def decision(self, one: TaskView, shown: TaskView | None) -> Line:
        task, case = one.task, one.case
        return Line(
            href=f"/escalations?task={one.task_id}",
            title=words.task_title(task.kind),
            number=case.work_order or case.case_id,
            customer=case.customer_name,
            reason=told_reason(task.reason),
            who=f"{self.title(task.role)}, {self.name(one.assignee)}",
            clock=Clock("none", _("sent in")) if one.submitted_at else task_clock(task, self.visit.now),
            since=task.offered_at,
            here=shown is not None and shown.case_id == one.case_id,
            mine=may_do_task(self.visit.person, task.role, one.assignee),
        )

    def acknowledgement(self, one: TaskView) -> Line:
        task, case = one.task, one.case
        missed = words.task_of_key(task.about) if task.about else words.task_title(task.kind)
        return Line(
            href=f"/tasks/{one.task_id}",
            title=missed,
            number=case.work_order or case.case_id,
            customer=case.customer_name,
            reason="",
            who=f"{self.title(task.role)}, {self.name(one.assignee)}",
            clock=task_clock(task, self.visit.now),
            since=task.offered_at,
            mine=may_do_task(self.visit.person, task.role, one.assignee),
        )

    def late(self, one: Piece) -> LateLine:
        plan = self.visit.plan(one.plan)
        issue = next((kind.title_text for kind in FaultCategory if kind.value == one.category), one.category)
        since = one.late_from or self.visit.now
        return LateLine(
            href=f"/tasks/{one.task_id}",
            title=words.task_title(one.kind),
            number=one.number,
            customer=one.customer,
            about=f"{one.model} · {say(issue).lower()}",
            department=words.role_title(one.role, plan),
            holder=self.name(one.holder),
            since=since,
            clock=clock(self.visit.now, since),
            level=one.level,
        )

    def departments(self, groups: Iterable[LateGroup]) -> list[Department]:
        """The late work by role, the longest late first; within it by who holds it."""
        by_role = groupby(sorted(groups, key=lambda one: one.role), key=lambda one: one.role)
        found = [self._department(role, list(held)) for role, held in by_role]
        return sorted(found, key=lambda one: (one.since, one.title))

    def _department(self, role: str, held: Sequence[LateGroup]) -> Department:
        since = min(one.since for one in held)
        holders = [
            Holder(
                name=self.name(one.holder),
                number=one.number,
                since=one.since,
                href=_filter(role, one.holder or NOBODY),
                here=self.role == role and self.holder == (one.holder or NOBODY),
            )
            for one in sorted(held, key=lambda one: (one.since, one.holder or ""))
        ]
        return Department(
            role=role,
            title=self.title(role),
            number=sum(one.number for one in held),
            since=since,
            longest=length(self.visit.now - since),
            level=max(one.level for one in held),
            href=_filter(role),
            here=self.role == role and not self.holder,
            holders=tuple(holders),
        )

    def filtered(self) -> str:
        """What the list of late work is narrowed to, in words; empty for all of it."""
        who = self.name(None if self.holder == NOBODY else self.holder) if self.holder else ""
        return ", ".join(part for part in (self.title(self.role) if self.role else "", who) if part)


def _filter(role: str, holder: str = "") -> str:
    query = {"role": role, "holder": holder} if holder else {"role": role}
    return f"/escalations?{urlencode(query)}#late"


def _owed_by(role: str) -> str:
    return f"/escalations?{urlencode({'owes': role})}#unacknowledged"
