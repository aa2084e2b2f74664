"""Enforcing retention: what is due is erased or removed, what is held stays, and each run leaves a report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

from sqlalchemy import Connection, delete, select, update

from core.errors import AftercareError, Unavailable
from core.logging import get_logger
from domain.record.retention import Kept, NotDone, RetentionReport
from store.archives.places import Archives
from store.erasing.due import Due, due_cases
from store.erasing.erase import BesideCases, Erased, Eraser
from store.erasing.holds import Hold
from store.statements import insert_for
from store.tables import Base

BY = "retention"
"""Who erases when a plan's time has passed."""
_T = Base.metadata.tables
_RUN, _CASE, _ERASURE, _ARCHIVE = (_T[name] for name in ("retention_run", "case", "erasure", "archive"))
_OF_TASKS = ("assignment", "draft", "submission")
_OF_CASES = ("later_document", "notice", "case_plan", "archive", "audit_result", "audit_review")
_PAGE = 100
_MOST_NAMED = 1000
_log = get_logger(__name__)


class CaseHistories(BesideCases, Protocol):
    """What retention asks of the engine."""

    async def forget(self, case_id: str) -> int:
        """Has every history of a case removed. Raises Unavailable."""


class Keeper:
    """Enforces the retention of one installation."""

    def __init__(
        self,
        eraser: Eraser,
        engine: CaseHistories,
        archives: Archives,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        """`clock` gives the product's (virtual) time, by default that of the eraser's pace."""
        self._eraser, self._engine, self._archives = eraser, engine, archives
        self._now = clock or (lambda: eraser.pace.virtual(datetime.now(UTC)))
        self._database = eraser.database

    async def enforce(self, run_id: str, *, beat: Callable[[int], object] | None = None) -> RetentionReport:
        """Does a run: finishes erasures that were begun, then takes what is due by now; `beat` is told after each case.

        The same run again goes on where it stopped, with the same report. Raises what the database raises when it is
        away, Unavailable when the keys cannot be reached.
        """
        report = await self._database.run(partial(_begin, run_id=run_id, at=self._now()))
        before = [one.case_id for one in await self._eraser.again() if one.done]
        report = await self._note(run_id, report.model_copy(update={"erased": _with(report.erased, before)}))
        after, counted = "", 0
        while due := await self._due(after):
            cleared: list[Erased] = []
            for one in due:
                report = await self._take(one, report, cleared)
                counted += 1
                if beat is not None:
                    beat(counted)
            await self._eraser.settle(cleared)
            report = await self._note(run_id, report.model_copy(update={"counted": max(counted, report.counted)}))
            after = due[-1].case_id
        await self._database.run(partial(_end, run_id=run_id))
        return report

    async def foretell(self) -> RetentionReport:
        """Returns what a run would do now."""
        report, after = RetentionReport(dry=True), ""
        while due := await self._due(after):
            held = tuple(_kept(one.case_id, one.hold) for one in due if one.hold is not None)
            free = [one for one in due if one.hold is None]
            report = report.model_copy(
                update={
                    "counted": report.counted + len(due),
                    "erased": _with(report.erased, [one.case_id for one in free if not one.removes]),
                    "removed": _with(report.removed, [one.case_id for one in free if one.removes]),
                    "held": (*report.held, *held)[:_MOST_NAMED],
                }
            )
            after = due[-1].case_id
        return report

    async def _due(self, after: str) -> Sequence[Due]:
        async with self._database.reading() as session:
            return await due_cases(session, self._now(), limit=_PAGE, after=after)

    async def _take(self, due: Due, report: RetentionReport, cleared: list[Erased]) -> RetentionReport:
        """Erases or removes one case; what it meets is told and does not stop the others."""
        if due.hold is not None:
            known = [one for one in report.held if one.case_id != due.case_id]
            return report.model_copy(update={"held": (*known, _kept(due.case_id, due.hold))[:_MOST_NAMED]})
        try:
            reason = f"the time for which the plan keeps it has passed ({due.plan_title})"
            await self._eraser.begin(due.case_id, by=BY, reason=reason)
            erased = await self._eraser.clear(due.case_id)
            cleared.append(erased)
            if due.removes:
                if not erased.cleared:
                    raise Unavailable(
                        "its files or what still ran for it could not be cleared away; the next run goes on"
                    )
                await self._remove(due.case_id)
                return report.model_copy(update={"removed": _with(report.removed, [due.case_id])})
            return report.model_copy(update={"erased": _with(report.erased, [due.case_id])})
        except (AftercareError, OSError) as refused:
            _log.warning("retention not enforced", case=due.case_id, kind=type(refused).__name__)
            why = str(refused) if isinstance(refused, AftercareError) else refused.strerror or type(refused).__name__
            left = [one for one in report.failed if one.case_id != due.case_id]
            failed = (*left, NotDone(case_id=due.case_id, why=why))[:_MOST_NAMED]
            return report.model_copy(update={"failed": failed})

    async def _remove(self, case_id: str) -> None:
        """Removes histories and archive, then the rows: a crash in between leaves what leads here again."""
        await self._engine.forget(case_id)
        async with self._database.reading() as session:
            query = select(_ARCHIVE.c.name).where(_ARCHIVE.c.case_id == case_id)
            name = (await session.execute(query)).scalar() or await self._archives.find(case_id)
        if name is not None:
            await self._archives.delete(name)
        await self._database.run(partial(_forget, case_id=case_id))

    async def _note(self, run_id: str, report: RetentionReport) -> RetentionReport:
        plain = report.model_dump(mode="json")
        values = update(_RUN).where(_RUN.c.run_id == run_id).values(report=plain)
        await self._database.run(lambda connection: connection.execute(values).rowcount)
        return report


def _kept(case_id: str, hold: Hold) -> Kept:
    return Kept(case_id=case_id, reason=hold.reason, by=hold.placed_by, since=hold.placed_at)


def _with(known: Sequence[str], more: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*known, *more]))[:_MOST_NAMED]


def _begin(connection: Connection, run_id: str, at: datetime) -> RetentionReport:
    """Notes a run, or returns what it had done when it stopped."""
    row = {"run_id": run_id, "began_at": datetime.now(UTC), "at": at, "ended_at": None}
    row["report"] = RetentionReport().model_dump(mode="json")
    connection.execute(insert_for(connection.dialect.name, _RUN).values(row).on_conflict_do_nothing())
    query = select(_RUN.c.report).where(_RUN.c.run_id == run_id)
    return RetentionReport.model_validate(connection.execute(query).scalar_one())


def _end(connection: Connection, run_id: str) -> None:
    connection.execute(update(_RUN).where(_RUN.c.run_id == run_id).values(ended_at=datetime.now(UTC)))


def _forget(connection: Connection, case_id: str) -> None:
    """Removes every row of a case but its tombstone, its holds and its work order's number."""
    for name in _OF_TASKS:
        connection.execute(delete(_T[name]).where(_T[name].c.task_id.startswith(f"{case_id}.", autoescape=True)))
    for name in _OF_CASES:
        connection.execute(delete(_T[name]).where(_T[name].c.case_id == case_id))
    connection.execute(delete(_CASE).where(_CASE.c.case_id == case_id))
    gone = update(_ERASURE).where(_ERASURE.c.case_id == case_id)
    connection.execute(gone.values(removed_at=datetime.now(UTC)))
