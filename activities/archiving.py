"""The activity that archives closed cases, each as one signed file.

Workflow code imports this module for its types, so what reads tables and writes files is imported inside.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from temporalio import activity
from temporalio.api.enums.v1 import EventType
from temporalio.service import RPCError, RPCStatusCode

from activities.signs_of_life import signs_of_life
from core.errors import AftercareError, Gone
from domain.record.archiving import ArchivedCases, ArchiveRound, NotArchived

if TYPE_CHECKING:
    from temporalio.client import Client, WorkflowHistory

    from core.keys import KeyRing
    from core.settings import Settings
    from store.archives.places import Archives
    from store.files import FileStore
    from store.sessions import Database

_AT_ONCE = 4
_BEAT = 20.0
_PAGE = 100
_NAMED = 200
"""Archived cases that the answer names; a first round after years may have made many more."""
_ENDED = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TIMED_OUT,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED,
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED,
}


class _Waits(Exception):
    """The run of the case has not ended yet: the next round takes it."""


class _Cannot(Exception):
    """The case cannot be archived; the text says why."""


@dataclass
class _Done:
    archived: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)
    failed: list[NotArchived] = field(default_factory=list)

    def answer(self) -> ArchivedCases:
        return ArchivedCases(
            archived=tuple(self.archived[:_NAMED]),
            more=max(len(self.archived) - _NAMED, 0),
            waiting=tuple(self.waiting[:_NAMED]),
            erased=tuple(self.erased[:_NAMED]),
            failed=tuple(self.failed[:_NAMED]),
        )


class Archiving:
    """Archives cases: the history from the engine as it is stored there, the rest from the read side and the files."""

    def __init__(
        self,
        settings: Settings,
        client: Client,
        database: Database,
        files: FileStore,
        keys: KeyRing,
        archives: Archives,
    ) -> None:
        self._settings, self._client, self._database = settings, client, database
        self._files, self._keys, self._archives = files, keys, archives

    @activity.defn(name="archive_cases")
    async def archive_cases(self, wanted: ArchiveRound) -> ArchivedCases:
        """Archives what is due, some at once; one that fails is reported and does not stop the others.

        Run again, it goes on with what is not archived yet. Raises what the database raises when it is away, and
        NotConfigured without a signing key.
        """
        from core.signing import open_signing

        open_signing(self._settings)  # without a key every case would fail, each with the same words
        done, turns = _Done(), asyncio.Semaphore(_AT_ONCE)

        async def one(case_id: str) -> None:
            async with turns:
                await self._one(case_id, done)

        async with signs_of_life(_BEAT):
            async for cases in self._due(wanted):
                await asyncio.gather(*map(one, cases))
        if done.failed:
            activity.metric_meter().create_counter(
                "aftercare_archive_failures", "Cases that could not be archived in a round"
            ).add(len(done.failed))
        return done.answer()

    async def _due(self, wanted: ArchiveRound) -> AsyncIterator[list[str]]:
        """Pages of case numbers."""
        from store.queries.archives import due_for_archive, find_archive

        if wanted.cases:
            async with self._database.reading() as session:
                yield [one for one in wanted.cases if wanted.anew or await find_archive(session, one) is None]
            return
        after = None
        while True:
            async with self._database.reading() as session:
                due = await due_for_archive(session, after, limit=_PAGE)
            if not due:
                return
            yield [one.case_id for one in due]
            after = due[-1]

    async def _one(self, case_id: str, done: _Done) -> None:
        from core.keys import KeyDestroyed
        from core.logging import get_logger

        try:
            await self._archive(case_id)
        except _Waits:
            done.waiting.append(case_id)
        except (KeyDestroyed, Gone):
            done.erased.append(case_id)
        except Exception as error:  # noqa: BLE001 - whatever one case meets, the others are archived
            why = str(error) if isinstance(error, _Cannot) else type(error).__name__
            done.failed.append(NotArchived(case_id=case_id, why=why))
            get_logger(__name__).warning(
                "case not archived", case=case_id, why=why, exc_info=not isinstance(error, _Cannot)
            )
        else:
            done.archived.append(case_id)

    async def _archive(self, case_id: str) -> None:
        """Writes, keeps and notes the archive of one case."""
        from core.signing import open_signing
        from core.version import code_version, library_versions, source_fingerprint
        from domain.record.manifest import Code, name_of
        from store.archives.assembling import MadeBy, assemble
        from store.archives.collecting import NotClosed, contents_of, recorded
        from store.incoming import digest_of
        from store.queries.archives import KnownArchive, note_archive

        history = await self._history(case_id)
        async with self._database.reading() as session:
            try:
                found = await recorded(session, case_id)
            except NotClosed:
                raise _Cannot("there is no closed case of this number in the database") from None
        contents = await contents_of(found, history.to_json(), await self._plan(history), self._files)
        key = await self._keys.for_subject(case_id)
        now = datetime.now(UTC)
        made_by = MadeBy(Code(version=code_version(), source=source_fingerprint()), library_versions(), now)
        name = name_of(case_id, found.end.closed_at.year)
        async with self._archives.desk() as desk:
            path = desk / f"{case_id}.aftercare"
            manifest = await assemble(path, contents, made_by, key, open_signing(self._settings))
            whole = await asyncio.to_thread(digest_of, path)
            await self._archives.put(path, name)
        noted = KnownArchive(
            case_id=case_id,
            name=name,
            sha256=whole.sha256,
            bytes=whole.size,
            made_at=now,
            code_version=manifest.code.version,
            key_id=manifest.key_id,
            run_id=str(found.snapshot["run_id"]),
            later_documents=found.later_documents,
        )
        async with self._database.session() as session:
            await note_archive(session, noted)

    async def _history(self, case_id: str) -> WorkflowHistory:
        """The history of the case's newest run, payloads as the engine has them."""
        try:
            history = await self._client.get_workflow_handle(case_id).fetch_history()
        except RPCError as refused:
            if refused.status is RPCStatusCode.NOT_FOUND:
                raise _Cannot("the engine has no history of it any more") from None
            raise
        if not history.events or history.events[-1].event_type not in _ENDED:
            raise _Waits
        return history

    async def _plan(self, history: WorkflowHistory) -> dict[str, object]:
        """The plan that the case was started with, as its history has it."""
        from core.codec import CaseCodec
        from core.payloads import data_converter
        from domain.case import CaseStart

        started = history.events[0].workflow_execution_started_event_attributes
        opened = await CaseCodec(self._keys).decode(list(started.input.payloads))
        (start,) = await data_converter.decode(opened, [CaseStart])
        plan: dict[str, object] = start.plan.model_dump(mode="json")
        return plan


def _told(error: Exception) -> str:
    """What went wrong, without what the error quotes: a value that does not fit may be somebody's name."""
    if isinstance(error, _Cannot | AftercareError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
