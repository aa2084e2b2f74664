"""The activity that checks a case for an auditor who pressed a button.

What replays and verifies is handed in by the worker: replaying needs the workflows, which activities do not import.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol

from temporalio import activity

from domain.record.auditing import AuditDone, AuditOrder
from domain.record.findings import Audited, AuditKind

if TYPE_CHECKING:
    from core.settings import Settings
    from store.sessions import Database


class Auditor(Protocol):
    """Checks one case. Raises core.errors.AftercareError when it cannot be done: no archive, erased, no history."""

    async def replay(self, case_id: str) -> Audited:
        """Replays the history of a case with the code of today, against what the database has of it."""

    async def verify(self, case_id: str) -> Audited:
        """Verifies the archive of a case from its file alone."""


class Audits:
    """Has cases checked and keeps what came of it."""

    def __init__(self, database: Database, auditor: Auditor) -> None:
        self._database, self._auditor = database, auditor

    @activity.defn(name="audit_case")
    async def audit_case(self, order: AuditOrder) -> AuditDone:
        """Checks a case and keeps the outcome; run again, the first one that was kept stays.

        Raises Unavailable, to be tried again, while something it needs is away.
        """
        from core.errors import AftercareError, Unavailable
        from store.audits import keep_audit

        check = self._auditor.replay if order.kind is AuditKind.REPLAY else self._auditor.verify
        try:
            audited = await check(order.case_id)
        except Unavailable:
            raise
        except AftercareError as refused:
            return await self._failed(order.audit_id, refused.detail)
        async with self._database.session() as session:
            await keep_audit(session, order.audit_id, audited)
        return AuditDone(passed=audited.passed, findings=len(audited.findings))

    @activity.defn(name="give_up_audit")
    async def give_up_audit(self, order: AuditOrder) -> AuditDone:
        """Keeps that a check could not be done, after it failed again and again for a reason that is ours."""
        return await self._failed(
            order.audit_id, "it failed for a reason of the program's own; the worker's log has it"
        )

    async def _failed(self, audit_id: str, why: str) -> AuditDone:
        from datetime import UTC, datetime

        from core.version import code_version
        from store.audits import keep_failed_audit

        async with self._database.session() as session:
            await keep_failed_audit(session, audit_id, why, at=datetime.now(UTC), code_version=code_version())
        return AuditDone(passed=None, findings=0)


@asynccontextmanager
async def audit_activities(settings: Settings, auditor: Auditor) -> AsyncIterator[list[Callable[..., Any]]]:
    """Wires the activities to the database, and lets go of it at the end."""
    from store.sessions import Database

    database = Database(settings.database_url)
    audits = Audits(database, auditor)
    try:
        yield [audits.audit_case, audits.give_up_audit]
    finally:
        await database.dispose()
