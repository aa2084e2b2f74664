"""The engine's schedule starts a round of archiving every minute."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio import activity
from temporalio.client import Client, ScheduleActionStartWorkflow
from temporalio.worker import Worker

from domain.record.archiving import ArchivedCases, ArchiveRound
from workflows import WORKFLOWS, runner
from workflows.schedules import ARCHIVING, keep_archiving


async def test_rounds_are_started_by_the_schedule_for_everything_that_is_due(client: Client, queue: str) -> None:
    asked: asyncio.Queue[ArchiveRound] = asyncio.Queue()

    @activity.defn(name="archive_cases")
    async def archive_cases(wanted: ArchiveRound) -> ArchivedCases:
        await asked.put(wanted)
        return ArchivedCases(archived=("C-0000000001",))

    await keep_archiving(client, queue)
    await keep_archiving(client, queue)
    handle = client.get_schedule_handle(ARCHIVING)
    kept = (await handle.describe()).schedule
    assert kept.spec.intervals[0].every == timedelta(minutes=1)
    assert isinstance(kept.action, ScheduleActionStartWorkflow)
    assert kept.action.execution_timeout == timedelta(days=1), (
        "a round that nobody works on holds back the next for ever"
    )
    try:
        async with Worker(
            client, task_queue=queue, workflows=WORKFLOWS, activities=[archive_cases], workflow_runner=runner()
        ):
            await handle.trigger()
            assert await asyncio.wait_for(asked.get(), 30) == ArchiveRound()
    finally:
        await handle.delete()
