"""What the engine keeps of a case is sealed with the case's key: arguments, results, signals, failures, memos."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio import activity, workflow
from temporalio.api.common.v1 import Payload
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowFailureError, WorkflowHistory
from temporalio.common import RetryPolicy
from temporalio.converter import ActivitySerializationContext, DataConverter
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker

from core.codec import CaseCodec, decoded, payloads_in, readable, sealing_converter
from core.keys import KeyDestroyed, KeyRing, open_keys
from core.keys.master import ensure_master_keys
from core.settings import load
from tests.support.real_server import RealServer

CASE = "C-0000000007"
NAME = "Panificio Esempio"


@activity.defn
async def ring_up(name: str) -> str:
    raise ApplicationError(f"{name} did not answer", name, non_retryable=True)


@activity.defn(name="user_task")
async def user_task(brief: dict[str, str]) -> dict[str, str]:
    activity.raise_complete_async()


@workflow.defn(name="Sealed", sandboxed=False)
class Sealed:
    """Meets each way in which something personal may reach the engine."""

    @workflow.init
    def __init__(self, name: str) -> None:
        self.told = ""

    @workflow.run
    async def run(self, name: str) -> str:
        await workflow.wait_condition(lambda: bool(self.told))
        await workflow.execute_activity(
            "user_task", {"customer": name}, activity_id="call", schedule_to_close_timeout=timedelta(minutes=5)
        )
        await workflow.execute_activity(
            ring_up, name, start_to_close_timeout=timedelta(minutes=1), retry_policy=RetryPolicy(maximum_attempts=1)
        )
        return name

    @workflow.signal
    def tell(self, told: str) -> None:
        self.told = told


@pytest.fixture
async def keys(tmp_path: Path) -> AsyncIterator[KeyRing]:
    ensure_master_keys(tmp_path)
    async with open_keys(load(home=tmp_path)) as ring:
        yield ring


async def _run(address: str, converter: DataConverter) -> WorkflowHistory:
    client = await Client.connect(address, data_converter=converter)
    async with Worker(client, task_queue="sealed", workflows=[Sealed], activities=[ring_up, user_task]):
        handle = await client.start_workflow(
            Sealed.run, NAME, id=CASE, task_queue="sealed", memo={"of": NAME}, static_summary=NAME
        )
        await handle.signal(Sealed.tell, NAME)
        whose = ActivitySerializationContext(
            namespace="default", workflow_id=CASE, workflow_type=None, activity_id="call", activity_type=None,
            activity_task_queue=None, is_local=False,
        )  # fmt: skip
        task = client.get_async_activity_handle(workflow_id=CASE, run_id=None, activity_id="call").with_context(whose)
        while True:
            try:
                await task.complete({"who": NAME})
                break
            except RPCError as early:  # not offered yet
                if early.status is not RPCStatusCode.NOT_FOUND:
                    raise
                await asyncio.sleep(0.05)
        with pytest.raises(WorkflowFailureError) as failed:
            await handle.result()
        assert NAME in str(failed.value.cause.__cause__), "whoever has the key reads it"
        return await handle.fetch_history()


async def test_nothing_that_a_case_tells_the_engine_can_be_read_without_its_key(
    real_server: RealServer, keys: KeyRing
) -> None:
    history = await _run(real_server.address, sealing_converter(keys))
    assert NAME not in history.to_json()
    found = [payload for event in history.events for payload in payloads_in(event)]
    assert len(found) >= 8
    assert {payload.metadata["encoding"] for payload in found} == {b"binary/encrypted"}
    assert {payload.metadata["encryption-key-id"] for payload in found} == {
        (await keys.for_subject(CASE)).key_id.encode()
    }
    opened = await decoded(history, keys)
    clear = [payload for event in opened.events for payload in payloads_in(event)]
    assert sum(NAME.encode() in payload.data for payload in clear) >= 7
    assert NAME not in history.to_json(), "the fetched history itself stays sealed"

    await keys.destroy(CASE, by="admin", reason="asked for")
    with pytest.raises(KeyDestroyed):
        await decoded(history, keys)
    assert (await readable(history, keys)).to_json() == history.to_json()


async def test_a_client_without_the_codec_would_write_in_clear_and_that_is_seen(real_server: RealServer) -> None:
    """The control of the test above: with the plain converter the same case can be read by anybody."""
    from core.payloads import data_converter

    client = await Client.connect(real_server.address, data_converter=data_converter)
    handle = await client.start_workflow("Nobody", NAME, id="C-0000000008", task_queue="nobody-listens")
    history = await handle.fetch_history()
    started = history.events[0]
    assert started.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED
    assert any(NAME.encode() in payload.data for payload in payloads_in(started))
    await handle.terminate()


async def test_what_belongs_to_no_workflow_is_refused_rather_than_sealed_with_a_key_that_no_erasure_destroys(
    keys: KeyRing,
) -> None:
    with pytest.raises(ValueError, match="belongs to no workflow"):
        await CaseCodec(keys).encode([Payload(data=b"1")])
