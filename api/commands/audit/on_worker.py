"""Checking one case within a worker as the commands do: handed to the activity behind an auditor's button."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from api.commands.audit.histories import Histories, Target
from api.commands.audit.replaying import unreadable
from api.commands.audit.verifying import Given, Verifying
from core.errors import NotFound
from core.signing import known_keys
from core.version import code_version
from domain.record import Audited, AuditKind, Finding
from store.archives.places import open_archives
from workflows.replaying import audit, replays

if TYPE_CHECKING:
    from temporalio.client import WorkflowHistory

    from core.settings import Settings


class CaseAuditor:
    """Replays and verifies cases of an installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def replay(self, case_id: str) -> Audited:
        """Replays a case, from the engine or else from its archive, against what the database has of it.

        Raises AftercareError where there is nothing to replay: no history any more, erased, the engine is away.
        """
        target = Target(workflow_id=case_id)
        findings: tuple[Finding, ...] = ()
        notes: tuple[str, ...] = ()
        async with Histories(self._settings) as histories:
            try:
                read = await histories.read(target)
            except (ValueError, OSError) as wrong:
                findings = (unreadable(target, wrong),)
            else:

                async def one() -> AsyncIterator[WorkflowHistory]:
                    yield read.history

                async for replayed in replays(one()):
                    findings = audit(replayed, read.kept)
                    notes = () if replayed.begun else ("it has not begun: there is nothing to replay yet",)
        now = datetime.now(UTC)
        return Audited.of(case_id, AuditKind.REPLAY, findings, notes=notes, code_version=code_version(), at=now)

    async def verify(self, case_id: str) -> Audited:
        """Verifies the archive of a case and opens what is sealed in it. Raises NotFound where there is none."""
        if await open_archives(self._settings).find(case_id) is None:
            raise NotFound("there is no archive yet: it is made once the case has ended")
        verifying = Verifying(self._settings, known_keys(self._settings))
        ((_, audited),) = await asyncio.to_thread(verifying, [Given(case_id=case_id)])
        return audited
