"""What the API asks of the engine: start a case, tell it something, complete a task, read its history.

One protocol, so that tests can put a fake in its place; `TemporalEngine` is the real one. The client is made when it is
first needed and made again until it succeeds: pages are served while the engine is away.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from pydantic import BaseModel
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.converter import ActivitySerializationContext
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from core import search_attributes
from core.case_workflows import CaseWorkflows
from core.codec import readable
from core.errors import AftercareError, Invalid, Unavailable
from core.keys import KeyRing, open_keys
from core.logging import get_logger
from core.settings import Settings
from core.temporal import connect
from domain.case import CaseStart
from domain.documents.order import IssueAgain

WORKFLOW = "ServiceCase"
ISSUE_AGAIN = "IssueAgain"
FINGERPRINT = "fingerprint"
_CALL = timedelta(seconds=10)
_QUICK = 3.0
_AWAY = frozenset(
    {
        RPCStatusCode.UNAVAILABLE,
        RPCStatusCode.DEADLINE_EXCEEDED,
        RPCStatusCode.CANCELLED,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.ABORTED,
    }
)
_log = get_logger(__name__)


@dataclass(frozen=True)
class Known:
    """What the engine knows of a case: whether it still runs, and the fingerprint it was started with."""

    running: bool
    fingerprint: str | None


class Engine(Protocol):
    """The engine as the API needs it. Every call raises core.errors.Unavailable while it cannot be reached."""

    async def start(self, start: CaseStart, *, summary: str, fingerprint: str) -> bool:
        """Starts the workflow of a case; False when a case of this id was started before, now or long ago."""

    async def begin(self, workflow: str, workflow_id: str, argument: BaseModel, *, summary: str) -> bool:
        """Starts a workflow beside the cases; False when one of this id was started before."""

    async def signal(self, case_id: str, name: str, message: Mapping[str, Any]) -> bool:
        """Tells a running case something; False when none of this id runs."""

    async def issue_again(self, request: IssueAgain) -> None:
        """Has a document of a closed case issued again; a request that was started before is not started twice."""

    async def complete(self, case_id: str, activity_id: str, completion: Mapping[str, Any]) -> bool:
        """Completes a task by case and activity id; False when no such activity waits."""

    async def find(self, case_id: str) -> Known | None:
        """Returns what the engine knows of a case, None when it knows none."""

    async def history(self, case_id: str) -> str | None:
        """Returns the history of a case's latest run as JSON, None when the engine does not keep it (any more)."""

    async def end_beside(self, case_id: str) -> int:
        """Ends what still runs for a closed case beside it (messages, papers); returns how many there were."""

    async def ready(self) -> bool:
        """True when the engine answers now."""

    async def close(self) -> None:
        """Ends what runs in the background."""


class TemporalEngine:
    """The engine on Temporal."""

    def __init__(self, settings: Settings, client: Client | None = None, keys: KeyRing | None = None) -> None:
        self._settings = settings.model_copy(update={"temporal_timeout": _QUICK})
        self._client = client
        self._keys = keys
        self._connecting = asyncio.Lock()
        self._background: asyncio.Task[None] | None = None

    def keep_connecting(self) -> None:
        """Connects in the background until it succeeds, so that the first request need not."""
        self._background = asyncio.create_task(self._connect_until_done())

    async def _connect_until_done(self) -> None:
        while self._client is None:
            try:
                await self._connected()
            except AftercareError as away:
                _log.warning("engine not reachable yet", detail=away.detail)
                await asyncio.sleep(1)

    async def _connected(self) -> Client:
        if self._client is None:
            async with self._connecting:
                if self._client is None:
                    self._keys = self._keys or open_keys(self._settings)
                    self._client = await connect(self._settings, identity="aftercare-api", keys=self._keys)
        return self._client

    async def start(self, start: CaseStart, *, summary: str, fingerprint: str) -> bool:
        """Starts the workflow. An id is used once for ever: a repeat long after the end must not open a second case."""
        client = await self._connected()
        attributes = TypedSearchAttributes(
            [
                SearchAttributePair(search_attributes.PLAN, start.plan.name),
                SearchAttributePair(search_attributes.STAGE, start.plan.first_stage.value),
                SearchAttributePair(search_attributes.STATE, "active"),
            ]
        )
        with _translated():
            try:
                await client.start_workflow(
                    WORKFLOW,
                    start,
                    id=start.case_id,
                    task_queue=self._settings.task_queue,
                    id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                    id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                    static_summary=summary,
                    memo={FINGERPRINT: fingerprint},
                    search_attributes=attributes,
                    rpc_timeout=_CALL,
                )
            except WorkflowAlreadyStartedError:
                return False
        return True

    async def begin(self, workflow: str, workflow_id: str, argument: BaseModel, *, summary: str) -> bool:
        """Starts it; an id is used once for ever."""
        client = await self._connected()
        with _translated():
            try:
                await client.start_workflow(
                    workflow,
                    argument,
                    id=workflow_id,
                    task_queue=self._settings.task_queue,
                    id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                    id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                    static_summary=summary,
                    rpc_timeout=_CALL,
                )
            except WorkflowAlreadyStartedError:
                return False
        return True

    async def signal(self, case_id: str, name: str, message: Mapping[str, Any]) -> bool:
        """Signals by workflow id alone, so that it reaches the newest run after a reset."""
        client = await self._connected()
        with _translated():
            try:
                await client.get_workflow_handle(case_id).signal(name, dict(message), rpc_timeout=_CALL)
            except RPCError as refused:
                if refused.status is RPCStatusCode.NOT_FOUND:
                    return False
                raise
        return True

    async def issue_again(self, request: IssueAgain) -> None:
        """Starts the short workflow that makes it."""
        client = await self._connected()
        with _translated(), contextlib.suppress(WorkflowAlreadyStartedError):
            await client.start_workflow(
                ISSUE_AGAIN,
                request,
                id=f"{request.case_id}-paper-{request.request_id}",
                task_queue=self._settings.task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
                static_summary=f"{request.kind} of {request.case_id}, again",
                rpc_timeout=_CALL,
            )

    async def complete(self, case_id: str, activity_id: str, completion: Mapping[str, Any]) -> bool:
        """Completes by workflow and activity id, never by token or run id: both die before the task does."""
        client = await self._connected()
        whose = ActivitySerializationContext(
            namespace=client.namespace,
            workflow_id=case_id,
            workflow_type=None,
            activity_id=activity_id,
            activity_type=None,
            activity_task_queue=None,
            is_local=False,
        )
        handle = client.get_async_activity_handle(workflow_id=case_id, run_id=None, activity_id=activity_id)
        handle = handle.with_context(whose)
        with _translated():
            try:
                await handle.complete(dict(completion), rpc_timeout=_CALL)
            except RPCError as refused:
                if refused.status is RPCStatusCode.NOT_FOUND:
                    return False
                raise
        return True

    async def find(self, case_id: str) -> Known | None:
        """Describes the latest run."""
        client = await self._connected()
        with _translated():
            try:
                found = await client.get_workflow_handle(case_id).describe(rpc_timeout=_CALL)
            except RPCError as refused:
                if refused.status is RPCStatusCode.NOT_FOUND:
                    return None
                raise
        fingerprint = await found.memo_value(FINGERPRINT, None, type_hint=str)
        return Known(running=found.status == WorkflowExecutionStatus.RUNNING, fingerprint=fingerprint)

    async def history(self, case_id: str) -> str | None:
        """Fetches the whole history, readable where its case was not erased."""
        client = await self._connected()
        with _translated():
            try:
                history = await client.get_workflow_handle(case_id).fetch_history(rpc_timeout=_CALL)
            except RPCError as refused:
                if refused.status is RPCStatusCode.NOT_FOUND:
                    return None
                raise
        return (await readable(history, self._keys)).to_json() if self._keys else history.to_json()

    async def end_beside(self, case_id: str) -> int:
        """Terminates them: without the key of their case they could not go on."""
        return await CaseWorkflows(await self._connected()).end_beside(case_id)

    async def forget(self, case_id: str) -> int:
        """Has every history of a case removed. Raises Unavailable."""
        return await CaseWorkflows(await self._connected()).forget(case_id)

    async def ready(self) -> bool:
        """Asks the server's health; connects first when that has not happened."""
        try:
            client = await self._connected()
            return await client.service_client.check_health(timeout=timedelta(seconds=2))
        except (AftercareError, RPCError):
            return False

    async def close(self) -> None:
        """Stops connecting."""
        if self._background is not None:
            self._background.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._background


class _translated:  # noqa: N801 - reads as the sentence `with _translated()`
    """Turns what the engine's client raises into our errors."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if not isinstance(error, RPCError):
            return
        if error.status in _AWAY:
            message = "the engine cannot be reached; nothing was lost, send the same again in a moment"
            raise Unavailable(message) from None
        if error.status is RPCStatusCode.INVALID_ARGUMENT:
            message = "the engine refuses this: too large or not in form"
            raise Invalid(message) from None
