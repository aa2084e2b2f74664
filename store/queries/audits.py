"""What auditors read: cases by what they look for, results of checks, samples with what was said."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import exists, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case import Result
from domain.events import EventKind
from domain.record.findings import AuditKind, Finding
from domain.record.sampling import Candidate, Chosen, Criteria
from store.queries.paging import BadCursor, Page, from_cursor, page_of, size
from store.queries.summaries import CaseSummary, summary_of
from store.tables import AuditResultRow, AuditReviewRow, AuditSampleRow, CaseFactRow, CaseRow, EventRow

_CASES, _CLOSED = "audited cases", "audited closed cases"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class AuditResult:
    """A check of a case: running while `done_at` is None; `passed` None afterwards says that it could not be done."""

    audit_id: str
    case_id: str
    kind: AuditKind
    asked_by: str
    asked_at: datetime
    done_at: datetime | None
    passed: bool | None
    findings: tuple[Finding, ...]
    notes: tuple[str, ...]
    code_version: str | None


@dataclass(frozen=True)
class Review:
    """The last word on a case of a sample, and how many there were before it."""

    by: str
    at: datetime
    finding: bool
    remark: str
    earlier: int


@dataclass(frozen=True)
class Sample:
    """A sample with its cases in the order drawn, and what was said of them by case number."""

    sample_id: str
    seed: str
    by: str
    at: datetime
    criteria: Criteria
    cases: tuple[Chosen, ...]
    reviews: Mapping[str, Review]


async def list_cases_to_audit(
    session: AsyncSession,
    *,
    plan: str | None = None,
    result: Result | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    late: bool = False,
    special: bool = False,
    cursor: str | None = None,
    limit: int = 30,
) -> Page[CaseSummary]:
    """Returns cases, the newest first: closed from `since` to before `until`, that missed a deadline, that were put up
    as special cases. In a period they are ordered by when they were closed. Raises BadCursor.
    """
    limit = size(limit)
    name, by = (_CASES, CaseRow.opened_at) if since is None and until is None else (_CLOSED, CaseRow.closed_at)
    query = select(CaseRow, by.label("place")).order_by(by.desc(), CaseRow.case_id.desc()).limit(limit + 1)
    if plan is not None:
        query = query.where(CaseRow.plan == plan)
    if result is not None:
        query = query.where(CaseRow.result == result.value)
    if since is not None:
        query = query.where(CaseRow.closed_at >= since)
    if until is not None:
        query = query.where(CaseRow.closed_at < until)
    if late:
        query = query.where(exists().where(CaseFactRow.case_id == CaseRow.case_id, CaseFactRow.late.is_(True)))
    if special:
        put_up = EventRow.kind == EventKind.SPECIAL_CASE_OPENED.value
        query = query.where(exists().where(EventRow.case_id == CaseRow.case_id, put_up))
    if cursor is not None:
        query = query.where(tuple_(by, CaseRow.case_id) < tuple_(*_behind(name, cursor)))
    rows = (await session.execute(query)).all()
    places = [(((place or row.opened_at) - _EPOCH) // timedelta(microseconds=1), row.case_id) for row, place in rows]
    return page_of([summary_of(row) for row, _ in rows], limit, name, places)


async def results_of_case(session: AsyncSession, case_id: str, *, most: int = 20) -> tuple[AuditResult, ...]:
    """Returns the checks of a case, the newest first."""
    query = select(AuditResultRow).where(AuditResultRow.case_id == case_id)
    rows = (await session.execute(query.order_by(AuditResultRow.asked_at.desc()).limit(most))).scalars()
    return tuple(map(_result, rows))


async def latest_results(session: AsyncSession, *, most: int = 10) -> tuple[AuditResult, ...]:
    """Returns the newest checks of any case."""
    query = select(AuditResultRow).order_by(AuditResultRow.asked_at.desc()).limit(most)
    return tuple(map(_result, (await session.execute(query)).scalars()))


async def latest_of_each(session: AsyncSession, cases: Iterable[str]) -> Mapping[str, tuple[AuditResult, ...]]:
    """Returns the newest check of each kind by case, the newest first."""
    query = select(AuditResultRow).where(AuditResultRow.case_id.in_(list(cases)))
    found: dict[str, dict[str, AuditResult]] = {}
    for row in (await session.execute(query.order_by(AuditResultRow.asked_at.desc()))).scalars():
        found.setdefault(row.case_id, {}).setdefault(row.kind, _result(row))
    return {case_id: tuple(kinds.values()) for case_id, kinds in found.items()}


async def candidates(session: AsyncSession, criteria: Criteria) -> list[Candidate]:
    """Returns the closed cases that a sample is drawn from."""
    query = (
        select(CaseRow.case_id, CaseRow.plan, CaseFactRow.late, CaseRow.state["costs"])
        .outerjoin(CaseFactRow, CaseFactRow.case_id == CaseRow.case_id)
        .where(CaseRow.closed_at >= criteria.since, CaseRow.closed_at < criteria.until)
    )
    if criteria.plan is not None:
        query = query.where(CaseRow.plan == criteria.plan)
    rows = await session.execute(query)
    return [
        Candidate(case_id=case_id, plan=plan, late=bool(late), cost=_cost(costs)) for case_id, plan, late, costs in rows
    ]


async def list_samples(session: AsyncSession, *, most: int = 50) -> tuple[Sample, ...]:
    """Returns the newest samples."""
    rows = (await session.execute(select(AuditSampleRow).order_by(AuditSampleRow.at.desc()).limit(most))).scalars()
    return await _samples(session, list(rows))


async def find_sample(session: AsyncSession, sample_id: str) -> Sample | None:
    """Returns a sample, or None."""
    row = await session.get(AuditSampleRow, sample_id)
    return (await _samples(session, [row]))[0] if row is not None else None


async def cases_by_id(session: AsyncSession, cases: Iterable[str]) -> Mapping[str, CaseSummary]:
    """Returns cases by their numbers; one that the read side does not have (any more) is left out."""
    rows = (await session.execute(select(CaseRow).where(CaseRow.case_id.in_(list(cases))))).scalars()
    return {row.case_id: summary_of(row) for row in rows}


async def _samples(session: AsyncSession, rows: Sequence[AuditSampleRow]) -> tuple[Sample, ...]:
    """Returns samples with the last word on each case, however many there are by one question."""
    said = select(AuditReviewRow).where(AuditReviewRow.sample_id.in_([row.sample_id for row in rows]))
    reviews: dict[str, dict[str, Review]] = {row.sample_id: {} for row in rows}
    for one in (await session.execute(said.order_by(AuditReviewRow.no))).scalars():
        before = reviews[one.sample_id].get(one.case_id)
        earlier = before.earlier + 1 if before else 0
        reviews[one.sample_id][one.case_id] = Review(one.by, one.at, one.finding, one.remark, earlier)
    return tuple(
        Sample(
            sample_id=row.sample_id,
            seed=row.seed,
            by=row.by,
            at=row.at,
            criteria=Criteria.model_validate(row.criteria),
            cases=tuple(Chosen.model_validate(one) for one in row.cases),
            reviews=reviews[row.sample_id],
        )
        for row in rows
    )


def _result(row: AuditResultRow) -> AuditResult:
    return AuditResult(
        audit_id=row.audit_id,
        case_id=row.case_id,
        kind=AuditKind(row.kind),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        done_at=row.done_at,
        passed=row.passed,
        findings=tuple(Finding.model_validate(one) for one in row.findings),
        notes=tuple(row.notes),
        code_version=row.code_version,
    )


def _cost(lines: Any) -> Decimal:
    """The sum of a case's cost lines; what cannot be read counts nothing."""
    total = Decimal(0)
    for line in lines if isinstance(lines, list) else ():
        try:
            total += Decimal(str(line["amount"]))
        except (KeyError, TypeError, InvalidOperation):
            continue
    return total


def _behind(name: str, cursor: str) -> tuple[datetime, str]:
    microseconds, case_id = from_cursor(name, cursor)
    try:
        return _EPOCH + timedelta(microseconds=microseconds), case_id
    except OverflowError:
        raise BadCursor from None
