"""Cases as statistics count them, and the figures beside the counts (Q8)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import CaseStatus, Result, TaskState, TaskStatus
from domain.statistics import (
    REPEAT_WITHIN,
    CaseFacts,
    Counted,
    DeadlineFigures,
    Satisfaction,
    Sorted,
    StepFigures,
    causes_of,
    is_repair,
    is_return,
    parts_of,
)
from domain.statistics.facts import CAUSES, PARTS_TOLD, REPAIRS, RETURNS
from domain.statistics.figures import NOT_STEPS
from domain.tasks.accept import FOLLOW_UP
from store.tables import CaseRow, TaskRow

_COLUMNS = {
    Sorted.CATEGORY: CaseRow.category,
    Sorted.MODEL: CaseRow.model,
    Sorted.REGION: CaseRow.region,
    Sorted.CHANNEL: CaseRow.channel,
    Sorted.PLAN: CaseRow.plan,
    Sorted.RESOLUTION: CaseRow.resolution,
    Sorted.SUBJECT: CaseRow.subject,
}
_RUNNING = (TaskStatus.CREATED.value, TaskStatus.READY.value)


@dataclass(frozen=True)
class Period:
    """Which cases: opened from `first` to `last`, both days of `zone` included, of one plan or of all."""

    first: date | None = None
    last: date | None = None
    plan: str | None = None
    zone: str = "UTC"

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same as conditions on a case."""
        found: list[ColumnElement[bool]] = []
        if self.plan is not None:
            found.append(CaseRow.plan == self.plan)
        if self.first is not None:
            found.append(CaseRow.opened_at >= _midnight(self.first, self.zone))
        if self.last is not None:
            found.append(CaseRow.opened_at < _midnight(self.last + timedelta(days=1), self.zone))
        return found


async def case_facts(
    session: AsyncSession, period: Period, of: Collection[Counted], by: Collection[Sorted], now: datetime
) -> tuple[CaseFacts, ...]:
    """Returns the cases of a period, the newest first, with what `of` and `by` ask of them and nothing else."""
    columns = [_COLUMNS[one].label(one.value) for one in by if one in _COLUMNS]
    fixed = (CaseRow.case_id, CaseRow.work_order, CaseRow.plan, CaseRow.model, CaseRow.opened_at, CaseRow.status)
    query = select(*fixed, CaseRow.result, *(column for column in columns if column.name not in ("plan", "model")))
    query = query.where(*period.conditions()).order_by(CaseRow.opened_at.desc(), CaseRow.case_id.desc())
    rows = (await session.execute(query)).all()
    counted = await _counted(session, period, of, now)
    told = await _told(session, period, by)
    parts = await _parts(session, period) if Sorted.PART in by else {}
    found = []
    for row in rows:
        values = {one: str(getattr(row, one.value) or "") for one in by if one in _COLUMNS}
        facts = CaseFacts(
            case_id=row.case_id,
            work_order=row.work_order,
            plan=row.plan,
            model=row.model,
            opened_at=row.opened_at,
            status=CaseStatus(row.status),
            result=Result(row.result) if row.result else None,
            values={**values, **told.get(row.case_id, {})},
            counted=frozenset(kind for kind, cases in counted.items() if row.case_id in cases),
            parts=parts.get(row.case_id, ()),
        )
        found.append(facts)
    return tuple(found)


async def number_of_cases(session: AsyncSession, period: Period) -> int:
    """Returns how many cases were opened in a period."""
    return int((await session.execute(select(func.count(CaseRow.case_id)).where(*period.conditions()))).scalar() or 0)


async def deadline_figures(session: AsyncSession, period: Period, now: datetime) -> DeadlineFigures:
    """Returns how the deadlines of a period's steps were kept, the kind most often late first."""
    late = await _late_entries(session, period)
    steps = (
        select(TaskRow.kind, TaskRow.role, case((_missed(now), 1), else_=0).label("missed"))
        .join(CaseRow, CaseRow.case_id == TaskRow.case_id)
        .where(*period.conditions(), TaskRow.kind.not_in(NOT_STEPS))
        .where(or_(TaskRow.status == TaskStatus.COMPLETED.value, _missed(now)))
        .subquery()
    )  # grouped outside: PostgreSQL takes an expression with parameters, written twice, for two
    query = select(steps.c.kind, steps.c.role, steps.c.missed, func.count())
    query = query.group_by(steps.c.kind, steps.c.role, steps.c.missed)
    kept: Counter[tuple[str, str]] = Counter()
    lost: Counter[tuple[str, str]] = Counter()
    for kind, role, is_late, count in await session.execute(query):
        (lost if is_late else kept)[kind, role] += count
    for step, count in late.items():  # entered late, happened in time
        lost[step] -= count
        kept[step] += count
    found = [StepFigures(kind=one[0], role=one[1], kept=kept[one], late=lost[one]) for one in {*kept, *lost}]
    return DeadlineFigures(steps=tuple(sorted(found, key=lambda step: (-step.late, -step.kept, step.kind, step.role))))


async def satisfaction(session: AsyncSession, period: Period) -> Satisfaction:
    """Returns what the customers of a period's cases answered at the follow-up, the latest answer of each case."""
    marks: dict[str, int] = {}
    for case_id, task in await _tasks(session, period, [FOLLOW_UP.name]):
        mark = (task.outcome or {}).get("satisfaction")
        if isinstance(mark, int):
            marks[case_id] = mark
    return Satisfaction.of(marks.values())


async def _counted(
    session: AsyncSession, period: Period, of: Collection[Counted], now: datetime
) -> dict[Counted, set[str]]:
    found: dict[Counted, set[str]] = {}
    if Counted.REPAIRS in of:
        found[Counted.REPAIRS] = {one for one, task in await _tasks(session, period, REPAIRS) if is_repair(task)}
    if Counted.RETURNS in of:
        found[Counted.RETURNS] = {one for one, task in await _tasks(session, period, RETURNS) if is_return(task)}
    if Counted.REPEATS in of:
        found[Counted.REPEATS] = await _repeats(session, period)
    if Counted.LATE in of:
        query = _of(period, select(TaskRow.case_id, TaskRow.status, TaskRow.state)).where(_missed(now))
        found[Counted.LATE] = {
            one.case_id
            for one in await session.execute(query.where(TaskRow.kind.not_in(NOT_STEPS)))
            if one.status != TaskStatus.COMPLETED.value or not _kept(one.state)
        }
    return found


def _missed(now: datetime) -> ColumnElement[bool]:
    """A deadline of a task passed, whether what was to be done happened in time or not."""
    open_and_late = and_(TaskRow.status.in_(_RUNNING), func.coalesce(TaskRow.late_from <= now, False))
    return or_(TaskRow.escalation_level > 0, open_and_late)


def _kept(state: Mapping[str, Any]) -> bool:
    return bool((state.get("done") or {}).get("kept"))


async def _late_entries(session: AsyncSession, period: Period) -> Counter[tuple[str, str]]:
    query = _of(period, select(TaskRow.kind, TaskRow.role, TaskRow.state)).where(
        TaskRow.status == TaskStatus.COMPLETED.value, TaskRow.escalation_level > 0, TaskRow.kind.not_in(NOT_STEPS)
    )
    return Counter((kind, role) for kind, role, state in await session.execute(query) if _kept(state))


async def _repeats(session: AsyncSession, period: Period) -> set[str]:
    query = select(CaseRow.case_id, CaseRow.serial_key, CaseRow.opened_at, CaseRow.reopened_from)
    rows = (await session.execute(query.where(*period.conditions()))).all()
    serials = select(CaseRow.serial_key).where(*period.conditions(), CaseRow.serial_key.is_not(None))
    every: dict[str, list[datetime]] = defaultdict(list)
    for serial, at in await session.execute(
        select(CaseRow.serial_key, CaseRow.opened_at).where(CaseRow.serial_key.in_(serials))
    ):
        every[str(serial)].append(at)
    return {
        row.case_id
        for row in rows
        if row.reopened_from
        or any(timedelta() < row.opened_at - at <= REPEAT_WITHIN for at in every.get(row.serial_key or "", ()))
    }


async def _told(session: AsyncSession, period: Period, by: Collection[Sorted]) -> dict[str, dict[Sorted, str]]:
    if not {Sorted.CAUSE, Sorted.RESPONSIBILITY} & set(by):
        return {}
    tasks: dict[str, list[TaskState]] = defaultdict(list)
    for case_id, task in await _tasks(session, period, CAUSES):
        tasks[case_id].append(task)
    return {case_id: causes_of(found) for case_id, found in tasks.items()}


async def _parts(session: AsyncSession, period: Period) -> dict[str, tuple[str, ...]]:
    tasks: dict[str, list[TaskState]] = defaultdict(list)
    for case_id, task in await _tasks(session, period, PARTS_TOLD):
        tasks[case_id].append(task)
    query = select(CaseRow.case_id, CaseRow.state).where(*period.conditions())
    return {
        case_id: parts_of(state.get("costs") or (), tasks[case_id]) for case_id, state in await session.execute(query)
    }


async def _tasks(session: AsyncSession, period: Period, kinds: Collection[str]) -> list[tuple[str, TaskState]]:
    query = _of(period, select(TaskRow.case_id, TaskRow.state)).where(
        TaskRow.kind.in_(sorted(kinds)), TaskRow.status == TaskStatus.COMPLETED.value
    )
    rows = await session.execute(query.order_by(TaskRow.case_id, TaskRow.number))
    return [(case_id, TaskState.model_validate(state)) for case_id, state in rows]


def _of(period: Period, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return query.join(CaseRow, CaseRow.case_id == TaskRow.case_id).where(*period.conditions())


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))
