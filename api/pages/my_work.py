"""My work: what is mine and what is offered to my roles, the most urgent first; narrowed by what the address says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.pages import words
from api.pages.actions import action_line
from api.pages.languages import _, lazy, say
from api.pages.looking import Lines, looker_of
from api.pages.views import TaskLine
from api.pages.visit import Visit, VisitDep
from api.pages.work_filters import (
    SCOPES,
    WorkFilters,
    choices_of,
    filters_of,
    filters_of_query,
    moment_of,
    worker_of,
)
from api.reports import names_of
from core.errors import Invalid
from store.actions import list_actions
from store.queries.navigation import MOST_COUNTED
from store.queries.paging import BadCursor
from store.queries.worklist import Due, Scope, worklist
from store.users import User, list_users
from store.views import SavedView, views_of

router = APIRouter()
_PAGE = 30
_MANY, _TAKEN = lazy("%d new tasks"), lazy("%s holds it now")
"""What the page says of what happened meanwhile; a script puts in the number and the name."""

TABS = (
    (WorkFilters(), lazy("Mine and offered")),
    (WorkFilters(show=Scope.MINE.value), lazy("Mine")),
    (WorkFilters(show=Scope.OFFERED.value), lazy("Offered to my roles")),
    (WorkFilters(due=Due.LATE.value), lazy("Late")),
    (WorkFilters(due=Due.TODAY.value), lazy("Due today")),
)
_NOTHING = {
    WorkFilters(): (
        lazy("Nothing to do"),
        lazy("New tasks for you and your roles appear here by themselves, the most urgent first."),
    ),
    WorkFilters(show=Scope.MINE.value): (
        lazy("Nothing is yours"),
        lazy("Claim a task that is offered to your roles, or wait until one is given to you."),
    ),
    WorkFilters(show=Scope.OFFERED.value): (
        lazy("Nothing is offered"),
        lazy("Every task of your roles is held by somebody, or there is none."),
    ),
    WorkFilters(due=Due.LATE.value): (lazy("Nothing is late"), lazy("Every deadline of your work lies ahead.")),
    WorkFilters(due=Due.TODAY.value): (
        lazy("Nothing more is due today"),
        lazy("Look at everything for what comes next."),
    ),
}


@dataclass(frozen=True)
class Tab:
    """A list one click away: one of ours, or a view that the person saved; its filters stand in the address."""

    title: str
    href: str
    here: bool
    count: str = ""
    view_id: str = ""
    pressing: bool = False


@dataclass(frozen=True)
class Nothing:
    """What an empty list says."""

    title: str
    text: str


@router.get("/")
async def show_my_work(visit: VisitDep, cursor: str | None = None) -> Response:
    """The list of work, by filter."""
    filters, began = filters_of(visit.request.query_params), datetime.now(UTC)
    async with visit.parts.database.reading() as session:
        looker = await looker_of(visit, session)
        try:
            found = await worklist(
                session, worker_of(visit), filters.wanted(), moment_of(visit), cursor=cursor, limit=_PAGE
            )
        except BadCursor as bad:
            raise Invalid(str(bad), field="cursor") from None
        saved = await views_of(session, visit.person.user_id)
        first = cursor is None
        waiting = await list_actions(session, open_only=True, roles=visit.roles) if first and not filters.query else ()
        choices = await choices_of(visit, session, filters, looker.names)
        lines: list[TaskLine] = Lines(visit, looker).lines(found.items)
        colleagues = await _colleagues(session, visit, {view.task.role for view in found.items})
    names = names_of(visit.parts)
    own = (None, visit.person.user_id)
    actions = [action_line(one, names, visit.now) for one in waiting if one.open_step and one.open_step.assignee in own]
    tabs = _tabs(visit, saved, filters, looker.names)
    return visit.page(
        "my_work.html",
        tasks=lines,
        tabs=tabs,
        view=next((tab for tab in tabs if tab.here and tab.view_id), None),
        filters=filters,
        choices=choices,
        colleagues=colleagues,
        actions=actions,
        nothing=_nothing(filters),
        first=first,
        since=began.isoformat(),
        many=str(_MANY),
        taken=str(_TAKEN),
        last_rank=lines[-1].rank if lines and found.next else "",
        next=f"{filters.address}{'&' if filters.query else '?'}cursor={found.next}" if found.next else "",
        zone_note=visit.zone_note,
    )


def _tabs(visit: Visit, saved: tuple[SavedView, ...], filters: WorkFilters, names: Mapping[str, str]) -> list[Tab]:
    """The lists one click away, ours first; of those that are counted anyway with their numbers."""
    waiting = visit.waiting
    numbers = (waiting.mine + waiting.offered, waiting.mine, waiting.offered, waiting.overdue, 0)
    ours = [
        Tab(str(title), one.address, one == filters, _counted(number), pressing=one.due == Due.LATE)
        for (one, title), number in zip(TABS, numbers, strict=True)
    ]
    own = []
    for view in saved:
        kept = filters_of_query(view.query)
        own.append(Tab(view.name, kept.address, kept == filters, view_id=view.view_id))
    if not any(tab.here for tab in (*ours, *own)):
        own.append(Tab(_told(visit, filters, names), filters.address, here=True))
    return [*ours, *own]


def _counted(number: int) -> str:
    """A number as it stands beside a link; what is not counted to its end says so."""
    if not number:
        return ""
    return str(number) if number < MOST_COUNTED else f"{MOST_COUNTED - 1}+"


def _told(visit: Visit, filters: WorkFilters, names: Mapping[str, str]) -> str:
    """The filters in a few words, for a list without a name."""
    parts = [f"“{filters.q}”"] if filters.q else []
    parts += [filters.region, names.get(filters.assignee, "")]
    plan = visit.parts.plans.get(filters.plan)
    parts += [say(plan.title) if plan else "", words.role_title(filters.role) if filters.role else ""]
    named = ", ".join(part for part in parts if part)
    return named or (str(SCOPES[Scope(filters.show)]) if filters.show and not filters.narrowed else _("Selection"))


def _nothing(filters: WorkFilters) -> Nothing:
    title, text = _NOTHING.get(
        filters, (lazy("Nothing fits"), lazy("Take a filter away, or look at everything that waits for you."))
    )
    return Nothing(str(title), str(text))


@dataclass(frozen=True)
class Colleague:
    """Somebody to whom tasks can be given."""

    user_id: str
    title: str


async def _colleagues(session: AsyncSession, visit: Visit, roles: set[str]) -> tuple[Colleague, ...]:
    """Who has one of the roles that the list is about, the person themself left out."""
    users = await list_users(session)
    plans = visit.parts.plans.values()
    titles = {role: words.role_title(role, plan) for plan in plans for role in plan.roles}
    return tuple(
        Colleague(user.user_id, _named(user, titles))
        for user in users
        if user.user_id != visit.person.user_id and roles.intersection(user.roles)
    )


def _named(user: User, titles: Mapping[str, str]) -> str:
    roles = ", ".join(titles.get(role, role) for role in user.roles)
    return _("%(name)s (%(roles)s)", name=user.name, roles=roles)
