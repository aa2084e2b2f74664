"""Comparing cases of the database with their histories: what each process does with its part of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from api.commands.audit.histories import UNREADABLE, Histories, Target
from api.commands.audit.output import ERASED
from api.commands.audit.replaying import unreadable
from core.errors import NotConfigured, NotFound
from core.keys import KeyDestroyed
from core.version import code_version
from domain.record import Audited, AuditKind, Finding
from store.histories import is_writing, projections_of
from store.projected import Expected, Rows, claims_of, differing_rows, stored_rows

if TYPE_CHECKING:
    from temporalio.client import WorkflowHistory

    from core.settings import Settings

_TRIES = 4
_PAUSE = 0.4
"""Seconds: a worker writes meanwhile, and what it wrote is looked at again before it is called a difference."""
NOWHERE = "the database has this case, and neither the engine nor an archive has its history"


@dataclass(frozen=True)
class Comparing:
    """How a part is compared; goes to other processes."""

    settings: Settings

    def __call__(self, targets: Sequence[Target]) -> list[Audited]:
        """Compares all of them and returns their outcomes in their order."""
        return asyncio.run(self.outcomes(targets))

    async def outcomes(self, targets: Sequence[Target]) -> list[Audited]:
        """As calling it, in a running loop."""
        expected = Expected()
        try:
            async with Histories(self.settings) as histories:
                return [await self._outcome(histories, expected, target) for target in targets]
        finally:
            expected.close()

    async def _outcome(self, histories: Histories, expected: Expected, target: Target) -> Audited:
        findings: tuple[Finding, ...] = ()
        notes: tuple[str, ...] = ()
        try:
            for attempt in range(_TRIES):
                if attempt:
                    await asyncio.sleep(_PAUSE)
                findings, closed = await _compared(histories, expected, target.workflow_id)
                if not findings or closed:
                    break
        except KeyDestroyed as erased:
            notes = (f"{ERASED}not compared, {erased}",)
        except NotConfigured:
            raise  # of the installation, not of this case
        except NotFound:
            findings = (Finding(place=f"case {target.workflow_id}", what=NOWHERE),)
        except UNREADABLE as wrong:
            findings = (unreadable(target, wrong),)
        return Audited.of(
            target.workflow_id,
            AuditKind.COMPARE,
            findings,
            notes=notes,
            code_version=code_version(),
            at=datetime.now(UTC),
        )


async def _compared(histories: Histories, expected: Expected, case_id: str) -> tuple[tuple[Finding, ...], bool]:
    """Returns what differs now, and whether the case is closed: nothing changes any more then."""
    async with histories.database.reading() as session:
        stored, claims = await stored_rows(session, case_id), await claims_of(session, case_id)
    history = await newest_history(histories, case_id)
    writes = await projections_of(history)
    findings = differing_rows(expected.rows(case_id, writes, claims), stored)
    if findings and is_writing(history) and _without_last(writes, stored):
        findings = differing_rows(expected.rows(case_id, writes[:-1], claims), stored)
    return findings, history.events[-1].HasField("workflow_execution_completed_event_attributes")


def _without_last(writes: Sequence[object], stored: Rows) -> bool:
    """True when the database may have everything but the last write, which is under way."""
    return len(writes) > 1 or not any(stored.values())


async def newest_history(histories: Histories, case_id: str) -> WorkflowHistory:
    """Returns the clear history of a case from the engine, or from its archive when the engine has dropped it.

    Raises NotFound when neither has it, KeyDestroyed, Unavailable.
    """
    try:
        return await histories.of_engine(case_id)
    except NotFound:
        archived = await histories.archived(case_id)
        if archived is None:
            raise
        return archived.history
