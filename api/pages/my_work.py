"""My work: what is mine and what is offered to my roles, overdue first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy.ext.asyncio import AsyncSession

from api.pages.actions import action_line
from api.pages.looking import Lines, looker_of
from api.pages.views import TaskLine, promised_due
from api.pages.visit import Visit, VisitDep
from api.reports import names_of
from core.errors import Invalid
from store.actions import list_actions
from store.queries.paging import BadCursor
from store.queries.tasks import TaskView, list_tasks

router = APIRouter()
_PAGE = 50
_MOST_MINE = 200

TABS = {"": "Mine and offered", "mine": "Mine", "offered": "Offered to my roles", "late": "Late", "today": "Due today"}
_NOTHING = {
    "": ("Nothing to do", "New tasks for you and your roles appear here by themselves, the most urgent first."),
    "mine": ("Nothing is yours", "Claim a task that is offered to your roles, or wait until one is given to you."),
    "offered": ("Nothing is offered", "Every task of your roles is held by somebody, or there is none."),
    "late": ("Nothing is late", "Every deadline of your work lies ahead."),
    "today": ("Nothing more is due today", "Look at everything for what comes next."),
}


@dataclass(frozen=True)
class Tab:
    """A filter tab; the filter stands in the address."""

    title: str
    href: str
    here: bool
    count: int


@dataclass(frozen=True)
class Nothing:
    """What an empty list says."""

    title: str
    text: str


@router.get("/")
async def show_my_work(visit: VisitDep, show: str = "", cursor: str | None = None) -> Response:
    """The list of work, by filter."""
    show = show if show in TABS else ""
    async with visit.parts.database.reading() as session:
        looker = await looker_of(visit, session)
        try:
            views, following = await _views(visit, session, show, cursor)
        except BadCursor as bad:
            raise Invalid(str(bad), field="cursor") from None
        waiting = await list_actions(session, open_only=True, roles=visit.roles) if cursor is None else ()
    names = names_of(visit.parts)
    own = (None, visit.person.user_id)
    actions = [action_line(one, names, visit.now) for one in waiting if one.open_step and one.open_step.assignee in own]
    lines: list[TaskLine] = Lines(visit, looker).lines(views)
    lines.sort(key=lambda line: line.sort)
    query = {"show": show, "cursor": following} if show else {"cursor": following}
    return visit.page(
        "my_work.html",
        tasks=lines,
        tabs=_tabs(visit, show),
        actions=actions,
        nothing=Nothing(*_NOTHING[show]),
        next=f"/?{urlencode(query)}" if following else "",
        zone_note=visit.zone_note,
    )


def _tabs(visit: Visit, show: str) -> list[Tab]:
    waiting = visit.waiting
    numbers = {
        "": waiting.mine + waiting.offered,
        "mine": waiting.mine,
        "offered": waiting.offered,
        "late": waiting.overdue,
    }
    return [
        Tab(title, f"/?show={name}" if name else "/", name == show, numbers.get(name, 0))
        for name, title in TABS.items()
    ]


async def _views(
    visit: Visit, session: AsyncSession, show: str, cursor: str | None
) -> tuple[list[TaskView], str | None]:
    """The tasks of a tab: mine all at once, what is offered by pages."""
    late = True if show == "late" else None
    own, now = {visit.person.user_id, *visit.person.stands_in_for}, visit.now
    mine: tuple[TaskView, ...] = ()
    if show != "offered" and cursor is None:
        held = await list_tasks(session, held_by=own, open_only=True, overdue=late, now=now, limit=_MOST_MINE)
        mine = held.items
    if show == "mine":
        return list(mine), None
    offered = await list_tasks(
        session,
        roles=visit.roles,
        unassigned=True,
        open_only=True,
        overdue=late,
        now=now,
        cursor=cursor,
        limit=_PAGE,
    )
    found = [*mine, *offered.items]
    if show == "today":
        found = [view for view in found if _due_today(view, visit.now)]
    return found, offered.next


def _due_today(view: TaskView, now: datetime) -> bool:
    due, zone = promised_due(view.task), ZoneInfo(view.case.time_zone)
    return due is not None and due.astimezone(zone).date() == now.astimezone(zone).date()
