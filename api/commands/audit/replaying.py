"""Replaying many histories: what each process does with its part of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from api.commands.audit.histories import UNREADABLE, Histories, Read, Target
from api.commands.audit.output import ERASED
from core.errors import NotConfigured
from core.keys import KeyDestroyed
from core.version import code_version
from domain.record import Audited, AuditKind, Finding
from workflows.replaying import audit, replays

if TYPE_CHECKING:
    from temporalio.client import WorkflowHistory

    from core.settings import Settings


@dataclass(frozen=True)
class Replaying:
    """How a part is replayed; goes to other processes. `kept` compares with what was kept of each case."""

    settings: Settings
    kind: AuditKind = AuditKind.REPLAY
    sandboxed: bool = False
    kept: bool = True

    def __call__(self, targets: Sequence[Target]) -> list[Audited]:
        """Replays all of them and returns their outcomes in their order."""
        library = logging.getLogger("temporalio")
        before = library.level
        library.setLevel(logging.CRITICAL)  # what it warns of is among the findings
        try:
            return asyncio.run(self.outcomes(targets))
        finally:
            library.setLevel(before)

    async def outcomes(self, targets: Sequence[Target]) -> list[Audited]:
        """As calling it, in a running loop."""
        done: dict[int, Audited] = {}
        reads: dict[int, tuple[int, Read]] = {}

        async def readable() -> AsyncIterator[WorkflowHistory]:
            for number, target in enumerate(targets):
                try:
                    read = await histories.read(target, kept=self.kept)
                except KeyDestroyed as erased:
                    done[number] = self._outcome(target.name, (), (f"{ERASED}not replayed, {erased}",))
                except NotConfigured:
                    raise  # of the installation, not of this case
                except UNREADABLE as wrong:
                    done[number] = self._outcome(target.name, (unreadable(target, wrong),))
                else:
                    reads[id(read.history)] = number, read
                    yield read.history

        async with Histories(self.settings) as histories:
            async for replayed in replays(readable(), sandboxed=self.sandboxed):
                number, read = reads.pop(id(replayed.history))
                notes = () if replayed.begun else ("it has not begun: there is nothing to replay yet",)
                done[number] = self._outcome(read.history.workflow_id, audit(replayed, read.kept), notes)
        return [done[number] for number in range(len(targets))]

    def _outcome(self, name: str, findings: tuple[Finding, ...], notes: tuple[str, ...] = ()) -> Audited:
        return Audited.of(
            name, self.kind, findings, notes=notes, code_version=code_version(), at=datetime.now(UTC)
        )  # fmt: skip


def unreadable(target: Target, wrong: Exception) -> Finding:
    """Returns the finding about a history that cannot be read."""
    if isinstance(wrong, OSError):
        return Finding(place=target.name, what=f"cannot be read: {wrong.strerror or wrong}")
    return Finding(place=target.name, what=str(wrong))
