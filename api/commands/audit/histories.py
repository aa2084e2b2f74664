"""Where audits get histories from: files, archives, the engine; with what was kept of the case beside them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from temporalio.client import Client, WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode

from core.codec import ENCODING, decoded
from core.errors import AftercareError, NotFound, Unavailable
from core.history_json import history_of_json
from core.keys import KeyRing, open_keys
from core.temporal import connect
from domain.events import Event
from domain.record.manifest import SUFFIX, Part
from store.archives.places import open_archives
from store.archives.reading import ArchiveReader
from store.sessions import Database
from store.tables import CaseRow, EventRow, TaskRow
from workflows.replaying import Kept

if TYPE_CHECKING:
    from core.settings import Settings

IDENTITY = "aftercare-audit"
HISTORY_SUFFIX = ".json"


@dataclass(frozen=True)
class Target:
    """What is to be audited: a file, or a workflow of the engine (`run_id` where it is not the newest run)."""

    file: Path | None = None
    workflow_id: str = ""
    run_id: str | None = None

    @property
    def name(self) -> str:
        """What it is called in what is said of it."""
        return self.file.name if self.file else self.workflow_id


@dataclass(frozen=True)
class Read:
    """A history with clear payloads, and what was kept of the case, if anything."""

    history: WorkflowHistory
    kept: Kept | None = None


class Histories:
    """Reads histories; a context that opens what it needs when it needs it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._stack = AsyncExitStack()
        self._client: Client | None = None

    async def __aenter__(self) -> Histories:
        """Opens nothing yet."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Closes what was opened."""
        await self._stack.aclose()

    @cached_property
    def keys(self) -> KeyRing:
        """The keys of cases."""
        ring = open_keys(self.settings)
        self._stack.push_async_exit(ring)
        return ring

    @cached_property
    def database(self) -> Database:
        """The read side."""
        database = Database(self.settings.database_url)
        self._stack.push_async_callback(database.dispose)
        return database

    async def client(self) -> Client:
        """The engine; payloads come as they lie there. Raises Unavailable."""
        if self._client is None:
            self._client = await connect(self.settings, identity=IDENTITY, keys=self.keys)
        return self._client

    async def read(self, target: Target, *, kept: bool = True) -> Read:
        """Reads a history and, with `kept`, what an archive or the database has of its case.

        Raises:
            AftercareError: there is no such case, or something cannot be reached.
            KeyDestroyed: the case was erased.
            ValueError: the file is no archive and no history.
            OSError: the file cannot be read.
        """
        if target.file is None:
            return await self._of_engine(target, kept=kept)
        if target.file.name.endswith(SUFFIX):
            return await self.of_archive(target.file, kept=kept)
        history = history_of_json(target.file.read_bytes(), target.file.name.removesuffix(HISTORY_SUFFIX))
        return Read(await self._clear(history))

    async def _clear(self, history: WorkflowHistory) -> WorkflowHistory:
        """Opens what is sealed; a history without is returned as it is, and needs no keys."""
        sealed = any(ENCODING in event.SerializeToString() for event in history.events)
        return await decoded(history, self.keys) if sealed else history

    async def of_archive(self, file: Path, *, kept: bool = True) -> Read:
        """Reads an archive; see `read`."""
        with ArchiveReader(file) as reader:
            manifest = reader.manifest
            history = history_of_json(reader.history_json().encode(), manifest.case_id)
            clear = await self._clear(history)
            if not kept:
                return Read(clear)
            key = await self.keys.by_id(manifest.key_id) if manifest.key_id else None
            snapshot = reader.snapshot(key)
            return Read(
                clear,
                Kept.of(
                    "archive",
                    snapshot["case"],
                    snapshot["tasks"],
                    reader.json(Part.EVENTS, key),
                    reader.json(Part.RESULT, key),
                    plan=reader.plan(),
                    ended=True,
                ),
            )

    async def archived(self, case_id: str) -> Read | None:
        """Returns the history of a case from its archive, None when there is none."""
        archives = open_archives(self.settings)
        name = await archives.find(case_id)
        if name is None:
            return None
        async with archives.local(name) as file:
            return await self.of_archive(file, kept=False)

    async def of_engine(self, workflow_id: str, run_id: str | None = None) -> WorkflowHistory:
        """Returns a clear history of the engine. Raises NotFound, Unavailable, KeyDestroyed."""
        client = await self.client()
        try:
            history = await client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
        except RPCError as error:
            if error.status in {RPCStatusCode.NOT_FOUND, RPCStatusCode.INVALID_ARGUMENT}:
                raise NotFound(f"the engine has no workflow {workflow_id} (any more)") from None
            raise Unavailable(f"the engine did not answer: {error.message}") from None
        return await self._clear(history)

    async def _of_engine(self, target: Target, *, kept: bool) -> Read:
        # the database first: what it says is then among what the history tells
        stored = await kept_by_database(self.database, target.workflow_id) if kept else None
        try:
            return Read(await self.of_engine(target.workflow_id, target.run_id), stored)
        except NotFound:
            found = await self.archived(target.workflow_id)
            if found is None:
                raise
            return Read(found.history, stored)

    async def workflows(self, query: str) -> AsyncIterator[Target]:
        """Lists workflows of the engine by a query of its own language. Raises Unavailable."""
        client = await self.client()
        try:
            async for one in client.list_workflows(query):
                yield Target(workflow_id=one.id, run_id=one.run_id)
        except RPCError as error:
            raise Unavailable(f"the engine did not answer: {error.message}") from None


async def kept_by_database(database: Database, case_id: str) -> Kept | None:
    """Returns what the database has of a case; None when it has nothing, or the workflow is no case's."""
    async with database.reading() as session:
        row = (
            await session.execute(select(CaseRow.state, CaseRow.revision).where(CaseRow.case_id == case_id))
        ).one_or_none()
        if row is None:
            return None
        tasks = await session.scalars(select(TaskRow.state).where(TaskRow.case_id == case_id).order_by(TaskRow.number))
        events = await session.scalars(select(EventRow).where(EventRow.case_id == case_id).order_by(EventRow.no))
        told = [{name: getattr(event, name) for name in Event.model_fields} for event in events]
        plain_events = [Event.model_validate(event).model_dump(mode="json") for event in told]
        return Kept.of("database", row.state, tasks.all(), plain_events, revision=row.revision)


UNREADABLE = (AftercareError, ValueError, OSError)
"""What `read` raises for one target, KeyDestroyed apart; others can still be audited."""
