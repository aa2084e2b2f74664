"""My work: what is somebody's and what is offered to their roles, by urgency, read from indexes alone."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, and_, or_, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import TaskStatus
from store.case_words import asked_of
from store.projected_rows import UNDATED, microseconds
from store.queries.found import cases_found
from store.queries.paging import Page, from_cursor, page_of, size
from store.queries.summaries import TaskView
from store.queries.tasks import is_open, view_of, with_cases
from store.tables import TaskRow

_LIST = "work"
_FEW_ROLES = 8
"""Roles up to which each is read from its own place in the index; more of them are most of all tasks anyway."""
_WEEK = timedelta(days=7)
NOBODY = "-"
"""Stands for nobody where a holder is asked for."""


class Scope(StrEnum):
    """Whose work is listed."""

    FOR_ME = "for_me"
    MINE = "mine"
    OFFERED = "offered"
    ROLES = "roles"
    ALL = "all"


class Due(StrEnum):
    """When it is due."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"
    UNDATED = "undated"


class Held(StrEnum):
    """In which state it waits."""

    OFFERED = "offered"
    HELD = "held"
    PAUSED = "paused"


@dataclass(frozen=True)
class Worker:
    """Whose list it is: the people whose tasks are theirs to do, and the roles they may act in."""

    people: frozenset[str]
    roles: frozenset[str]


@dataclass(frozen=True)
class Moment:
    """When a list is read, and when the reader's day ends (virtual UTC)."""

    now: datetime
    day_ends: datetime

    @property
    def week_ends(self) -> datetime:
        """A week from now."""
        return self.now + _WEEK


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; None stands for all. `holder` is a sign-in name or NOBODY, `q` is searched for."""

    scope: Scope = Scope.FOR_ME
    role: str | None = None
    state: Held | None = None
    plan: str | None = None
    stage: str | None = None
    region: str | None = None
    kind: str | None = None
    due: Due | None = None
    holder: str | None = None
    q: str = field(default="")


async def worklist(
    session: AsyncSession, worker: Worker, wanted: Wanted, at: Moment, *, cursor: str | None = None, limit: int = 50
) -> Page[TaskView]:
    """Returns open tasks by the deadline that counts, late ones first, those without one last. Raises BadCursor."""
    limit = size(limit)
    narrowed = [*_narrowed(wanted), *_due(wanted.due, at)]
    if cursor:
        narrowed.append(tuple_(TaskRow.rank, TaskRow.task_id) > tuple_(*from_cursor(_LIST, cursor)))
    if (asked := asked_of(wanted.q)) is not None:
        if not asked:
            return Page(())
        narrowed.append(TaskRow.case_id.in_(cases_found(session, asked)))
        branches = [and_(*_parts(worker, wanted))]
    else:
        branches = list(_branches(worker, wanted))
    if not branches:
        return Page(())
    places = [_place(branch, narrowed, limit) for branch in branches]
    if len(places) == 1:
        first = places[0].subquery("place")
    else:  # each branch is limited by itself, so that no more than a page of each is read
        each = [select(place.subquery()) for place in places]
        first = union_all(*each).subquery("place")
    query = (
        with_cases()
        .join(first, first.c.task_id == TaskRow.task_id)
        .order_by(first.c.rank, first.c.task_id)
        .limit(limit + 1)
    )
    rows = (await session.execute(query)).all()
    views = [view_of(row) for row in rows]
    return page_of(views, limit, _LIST, [(view.rank, view.task_id) for view in views])


def _place(branch: ColumnElement[bool], narrowed: list[ColumnElement[bool]], limit: int) -> Select[int, str]:
    order = (TaskRow.rank, TaskRow.task_id)
    return select(*order).where(is_open, branch, TaskRow.rank <= UNDATED, *narrowed).order_by(*order).limit(limit + 1)


def _branches(worker: Worker, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """The list in parts of which none has a task of another, each to be read in order from an index."""
    roles = _roles(worker, wanted)
    mine: ColumnElement[bool] = TaskRow.holder.in_(sorted(worker.people))
    if wanted.role is not None:
        mine = and_(mine, TaskRow.role == wanted.role)
    if wanted.scope in (Scope.FOR_ME, Scope.MINE):
        yield mine
    if wanted.scope in (Scope.FOR_ME, Scope.OFFERED):
        yield from (and_(one, TaskRow.holder.is_(None)) for one in _of_roles(roles))
    if wanted.scope is Scope.ROLES:
        yield from _of_roles(roles)
    if wanted.scope is Scope.ALL:
        yield TaskRow.role == wanted.role if wanted.role is not None else is_open


def _roles(worker: Worker, wanted: Wanted) -> list[str]:
    return sorted(worker.roles if wanted.role is None else worker.roles & {wanted.role})


def _of_roles(roles: Collection[str]) -> Iterator[ColumnElement[bool]]:
    if len(roles) > _FEW_ROLES:
        yield TaskRow.role.in_(roles)
    else:
        yield from (TaskRow.role == role for role in roles)


def _parts(worker: Worker, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    """The same list as one condition, for where few cases are looked through."""
    yield or_(*_branches(worker, wanted))


def _narrowed(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.plan is not None:
        yield TaskRow.plan == wanted.plan
    if wanted.stage is not None:
        yield TaskRow.stage == wanted.stage
    if wanted.region is not None:
        yield TaskRow.region == wanted.region
    if wanted.kind is not None:
        yield TaskRow.kind == wanted.kind
    if wanted.holder is not None:
        yield TaskRow.holder.is_(None) if wanted.holder == NOBODY else TaskRow.holder == wanted.holder
    match wanted.state:
        case Held.PAUSED:
            yield TaskRow.status == TaskStatus.SUSPENDED.value
        case Held.HELD:
            yield and_(TaskRow.status != TaskStatus.SUSPENDED.value, TaskRow.holder.is_not(None))
        case Held.OFFERED:
            yield and_(TaskRow.status != TaskStatus.SUSPENDED.value, TaskRow.holder.is_(None))


def _due(due: Due | None, at: Moment) -> Iterator[ColumnElement[bool]]:
    """When a task is due, as a stretch of ranks, which the indexes are in the order of."""
    match due:
        case Due.LATE:
            yield and_(TaskRow.rank <= microseconds(at.now), TaskRow.late_from <= at.now)
        case Due.TODAY:
            yield and_(TaskRow.rank > microseconds(at.now), TaskRow.rank < microseconds(at.day_ends))
        case Due.WEEK:
            yield and_(TaskRow.rank > microseconds(at.now), TaskRow.rank < microseconds(at.week_ends))
        case Due.UNDATED:
            yield TaskRow.rank == UNDATED


__all__ = ["NOBODY", "Due", "Held", "Moment", "Scope", "Wanted", "Worker", "worklist"]
