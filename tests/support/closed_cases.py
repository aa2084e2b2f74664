"""Closed cases as an installation has them: a golden history sealed as the engine keeps it, and the read side of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import update
from temporalio.api.common.v1 import SearchAttributes
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode

from core.codec import CaseCodec, payloads_in
from core.keys import KeyRing
from store.files import FileStore
from store.histories import projections_of
from store.rebuild import rebuild
from store.sessions import Database
from store.tables import DocumentRow

_GOLDENS = Path(__file__).parents[1] / "goldens"


def golden(name: str, case_id: str | None = None) -> WorkflowHistory:
    """A golden history, under another case number if one is given."""
    text = (_GOLDENS / f"{name}.json").read_text("utf-8")
    found = WorkflowHistory.from_json("", json.loads(text))
    history = WorkflowHistory(workflow_id=_case_of(found), events=found.events)
    if case_id is None:
        return history
    return WorkflowHistory(
        workflow_id=case_id, events=[_renamed(one, history.workflow_id, case_id) for one in history.events]
    )


def _case_of(history: WorkflowHistory) -> str:
    start = history.events[0].workflow_execution_started_event_attributes.input.payloads[0]
    return str(json.loads(start.data)["case_id"])


def _renamed(event: HistoryEvent, old: str, new: str) -> HistoryEvent:
    return HistoryEvent.FromString(event.SerializeToString().replace(old.encode(), new.encode()))


async def sealed(history: WorkflowHistory, keys: KeyRing) -> WorkflowHistory:
    """The history as the engine keeps it of an installation that seals."""
    codec, events = CaseCodec(keys, history.workflow_id), []
    for event in history.events:
        copied = HistoryEvent.FromString(event.SerializeToString())
        clear = _search_attributes(copied)
        for payload in payloads_in(copied):
            if not any(payload is one for one in clear):
                (closed,) = await codec.encode([payload])
                payload.CopyFrom(closed)
        events.append(copied)
    return WorkflowHistory(workflow_id=history.workflow_id, events=events)


def _search_attributes(event: HistoryEvent) -> list[Any]:
    found: list[Any] = []
    for name in ("workflow_execution_started_event_attributes", "upsert_workflow_search_attributes_event_attributes"):
        if event.HasField(name):
            held: SearchAttributes = getattr(event, name).search_attributes
            found += payloads_in(held)
    return found


async def close_case(database: Database, history: WorkflowHistory, files: FileStore | None = None) -> str:
    """Has the read side know a case as it was written live; its papers get bytes where there is a store for them."""
    await rebuild(database, await projections_of(history))
    if files is not None:
        stored = await files.write(b"%PDF-1.7 a paper of the case")
        async with database.session() as session:
            await session.execute(
                update(DocumentRow)
                .where(DocumentRow.case_id == history.workflow_id)
                .values(sha256=stored.sha256, size=stored.size)
            )
    return history.workflow_id


@dataclass
class EngineWith:
    """The engine as far as archiving asks it: the histories that it keeps, by case."""

    histories: dict[str, WorkflowHistory] = field(default_factory=dict)

    def get_workflow_handle(self, workflow_id: str) -> _Handle:
        return _Handle(self.histories.get(workflow_id))


@dataclass
class _Handle:
    history: WorkflowHistory | None

    async def fetch_history(self) -> WorkflowHistory:
        if self.history is None:
            raise RPCError("there is no such workflow", RPCStatusCode.NOT_FOUND, b"")
        return self.history
