"""Cases as statistics count them, and the figures beside the counts (Q8): read from the facts kept of each case."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CTE, ColumnElement, ScalarSelect, Select, and_, exists, false, func, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from domain.case import CaseStatus, Result, TaskStatus
from domain.statistics import REPEAT_WITHIN, Counted, DeadlineFigures, Satisfaction, Sorted, StepFigures, pareto
from domain.statistics.figures import NOT_STEPS
from domain.statistics.report import Section
from store.projected_rows import microseconds
from store.queries.paging import Page, from_cursor, page_of, size
from store.queries.tasks import is_open
from store.tables import CaseFactRow, CasePartRow, CaseRow, TaskRow

_COLUMNS = {
    Sorted.CATEGORY: CaseFactRow.category,
    Sorted.MODEL: CaseFactRow.model,
    Sorted.REGION: CaseFactRow.region,
    Sorted.CHANNEL: CaseFactRow.channel,
    Sorted.PLAN: CaseFactRow.plan,
    Sorted.RESOLUTION: CaseFactRow.resolution,
    Sorted.SUBJECT: CaseFactRow.subject,
    Sorted.CAUSE: CaseFactRow.cause,
    Sorted.RESPONSIBILITY: CaseFactRow.responsibility,
    Sorted.PART: CasePartRow.part,
}
_RUNNING = (TaskStatus.CREATED.value, TaskStatus.READY.value)
_LIST = "counted"
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Period:
    """Which cases: opened from `first` to `last`, both days of `zone` included, of one plan or of all."""

    first: date | None = None
    last: date | None = None
    plan: str | None = None
    zone: str = "UTC"

    @property
    def since(self) -> int | None:
        """When it begins, in microseconds since 1970, None for ever."""
        return microseconds(_midnight(self.first, self.zone)) if self.first is not None else None

    @property
    def until(self) -> int | None:
        """When it has ended, in microseconds since 1970, None for ever."""
        return microseconds(_midnight(self.last + timedelta(days=1), self.zone)) if self.last is not None else None

    def within(self, opened: Any, plan: Any = None) -> list[ColumnElement[bool]]:
        """The same as conditions on columns that say when a case was opened, and by which plan."""
        found: list[ColumnElement[bool]] = []
        if self.plan is not None and plan is not None:
            found.append(plan == self.plan)
        if self.since is not None:
            found.append(opened >= self.since)
        if self.until is not None:
            found.append(opened < self.until)
        return found


@dataclass(frozen=True)
class CountedCase:
    """A case behind a row of a report."""

    case_id: str
    work_order: str | None
    plan: str
    model: str
    opened_at: datetime
    status: CaseStatus
    result: Result | None


async def counted_section(session: AsyncSession, period: Period, of: Counted, by: Sorted, now: datetime) -> Section:
    """Returns one diagram: the cases of a period by one of their properties."""
    key = func.coalesce(_COLUMNS[by], "")
    query = _sorted(select(key, func.count()), by).where(*_of(period, of, now)).group_by(key)
    counts = {str(name): int(number) for name, number in await session.execute(query)}
    cases = sum(counts.values())
    if by is Sorted.PART:  # a case with several parts stands in several rows
        query = select(func.count()).select_from(CaseFactRow).where(*_of(period, of, now))
        cases = int((await session.execute(query)).scalar_one())
    return Section(of=of, by=by, cases=cases, rows=pareto(counts))


async def numbers_counted(session: AsyncSession, period: Period, now: datetime) -> dict[Counted, int]:
    """Returns how many cases of a period are what can be counted, each kind by itself."""
    each = [_counts_as(of, now) for of in Counted]
    numbers = [func.count().filter(*conditions) if conditions else func.count() for conditions in each]
    row = (await session.execute(select(*numbers).select_from(CaseFactRow).where(*_within(period)))).one()
    return {of: int(number) for of, number in zip(Counted, row, strict=True)}


async def counted_cases(
    session: AsyncSession,
    period: Period,
    of: Counted,
    by: Sorted,
    key: str | None,
    now: datetime,
    *,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[CountedCase]:
    """Returns the cases behind a row, or behind all rows when no key is given, the newest first. Raises BadCursor."""
    limit, place = size(limit), (CaseFactRow.opened, CaseFactRow.case_id)
    query = select(*place).where(*_of(period, of, now)).order_by(*(column.desc() for column in place)).limit(limit + 1)
    if key is not None:
        query = query.where(_is_in_row(by, key))
    if cursor:
        query = query.where(tuple_(*place) < tuple_(*from_cursor(_LIST, cursor)))
    first = query.subquery("place")
    shown = (CaseRow.case_id, CaseRow.work_order, CaseRow.plan, CaseRow.model, CaseRow.opened_at, CaseRow.status)
    found = select(*shown, CaseRow.result, first.c.opened).join(first, first.c.case_id == CaseRow.case_id)
    rows = (await session.execute(found.order_by(first.c.opened.desc(), first.c.case_id.desc()))).all()
    cases = [
        CountedCase(
            case_id=row.case_id,
            work_order=row.work_order,
            plan=row.plan,
            model=row.model,
            opened_at=row.opened_at,
            status=CaseStatus(row.status),
            result=Result(row.result) if row.result else None,
        )
        for row in rows
    ]
    return page_of(cases, limit, _LIST, [(row.opened, row.case_id) for row in rows])


async def deadline_figures(session: AsyncSession, period: Period, now: datetime) -> DeadlineFigures:
    """Returns how the deadlines of a period's steps were kept, the kind most often late first."""
    kept: Counter[tuple[str, str]] = Counter()
    lost: Counter[tuple[str, str]] = Counter()
    steps_of = _steps()
    judged = select(
        steps_of.c.kind, steps_of.c.role, *(_judged(steps_of, period, in_time=one) for one in (True, False))
    )
    both = judged.where(steps_of.c.role.is_not(None))
    for kind, role, in_time, too_late in await session.execute(both):
        kept[kind, role] += in_time
        lost[kind, role] += too_late
    running = select(TaskRow.kind, TaskRow.role, func.count()).where(
        *_late_and_open(now), *period.within(TaskRow.case_opened, TaskRow.plan)
    )
    for kind, role, count in await session.execute(running.group_by(TaskRow.kind, TaskRow.role)):
        lost[kind, role] += count
    steps = {one for one in (*kept, *lost) if kept[one] or lost[one]}
    found = [StepFigures(kind=one[0], role=one[1], kept=kept[one], late=lost[one]) for one in steps]
    return DeadlineFigures(steps=tuple(sorted(found, key=lambda step: (-step.late, -step.kept, step.kind, step.role))))


@cache
def _steps() -> CTE:
    """Which roles had to do which kinds of steps, each found by one look into an index: they are few, steps many."""
    kinds = select(func.min(TaskRow.kind).label("kind")).cte("each_kind", recursive=True)
    later = select(func.min(TaskRow.kind)).where(TaskRow.kind > kinds.c.kind).scalar_subquery()
    kinds = kinds.union_all(select(later).where(kinds.c.kind.is_not(None)))
    is_judged = TaskRow.kept.is_not(None)
    role = select(func.min(TaskRow.role)).where(TaskRow.kind == kinds.c.kind, is_judged).scalar_subquery()
    steps = select(kinds.c.kind, role.label("role")).where(kinds.c.kind.is_not(None)).cte("each_step", recursive=True)
    same = (TaskRow.kind == steps.c.kind, TaskRow.role > steps.c.role, is_judged)
    following = select(func.min(TaskRow.role)).where(*same).scalar_subquery()
    return steps.union_all(select(steps.c.kind, following).where(steps.c.role.is_not(None)))


def _judged(steps: CTE, period: Period, *, in_time: bool) -> ScalarSelect[int]:
    """How many steps of a kind and a role kept their deadline, or did not: one stretch of an index, nothing sorted."""
    return (
        select(func.count())
        .select_from(TaskRow)
        .where(
            TaskRow.kind == steps.c.kind,
            TaskRow.role == steps.c.role,
            TaskRow.kept == (true() if in_time else false()),
            TaskRow.kept.is_not(None),  # or PostgreSQL does not see that the index has all that were late
            *period.within(TaskRow.case_opened, TaskRow.plan),
        )
        .scalar_subquery()
    )


async def satisfaction(session: AsyncSession, period: Period) -> Satisfaction:
    """Returns what the customers of a period's cases answered at the follow-up, the latest answer of each case."""
    mark = CaseFactRow.satisfaction
    query = select(mark, func.count()).where(mark.is_not(None), *_within(period)).group_by(mark)
    return Satisfaction.of(one for one, number in await session.execute(query) if one for _ in range(number))


def _within(period: Period) -> list[ColumnElement[bool]]:
    return period.within(CaseFactRow.opened, CaseFactRow.plan)


def _of(period: Period, of: Counted, now: datetime) -> list[ColumnElement[bool]]:
    return [*_within(period), *_counts_as(of, now)]


def _counts_as(of: Counted, now: datetime) -> list[ColumnElement[bool]]:
    match of:
        case Counted.REPAIRS:
            return [CaseFactRow.repaired.is_(True)]
        case Counted.RETURNS:
            return [CaseFactRow.returned.is_(True)]
        case Counted.REPEATS:
            return [or_(CaseFactRow.reopened.is_(True), _was_here_before())]
        case Counted.LATE:
            open_and_late = select(TaskRow.case_id).where(*_late_and_open(now))
            return [or_(CaseFactRow.late.is_(True), CaseFactRow.case_id.in_(open_and_late))]
        case Counted.CASES:
            return []


@cache
def _was_here_before() -> ColumnElement[bool]:
    before = aliased(CaseFactRow)
    return exists().where(
        before.serial_key == CaseFactRow.serial_key,
        before.opened < CaseFactRow.opened,
        before.opened >= CaseFactRow.opened - REPEAT_WITHIN // _MICROSECOND,
    )


def _late_and_open(now: datetime) -> list[ColumnElement[bool]]:
    """Steps that missed their first deadline at `now`, and nobody has noted so yet."""
    return [
        is_open,
        TaskRow.rank <= microseconds(now),  # the indexes of open tasks are in the order of ranks
        TaskRow.late_from <= now,
        TaskRow.status.in_(_RUNNING),
        TaskRow.kind.not_in(sorted(NOT_STEPS)),
        TaskRow.kept.is_(None),
    ]


def _sorted(query: Select[*tuple[Any, ...]], by: Sorted) -> Select[*tuple[Any, ...]]:
    query = query.select_from(CaseFactRow)
    return query.outerjoin(CasePartRow, CasePartRow.case_id == CaseFactRow.case_id) if by is Sorted.PART else query


def _is_in_row(by: Sorted, key: str) -> ColumnElement[bool]:
    if by is not Sorted.PART:
        return func.coalesce(_COLUMNS[by], "") == key
    has = exists().where(CasePartRow.case_id == CaseFactRow.case_id)
    return and_(has.where(CasePartRow.part == key)) if key else ~has


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))
