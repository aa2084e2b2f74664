"""Q8: the engine's schedule of a plan starts its report, is kept as the plan says, and goes when the plan drops it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from temporalio import activity
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker

from domain.clocks import Pace
from domain.statistics.report import IssuedReport, ReportOrder
from tests.support.scene import EPOCH, rapid_response
from workflows import WORKFLOWS, runner
from workflows.schedules import keep_schedules


@pytest.mark.clause("Q8")
async def test_a_schedule_starts_the_report_and_follows_the_plan(client: Client, queue: str) -> None:
    ordered: asyncio.Queue[ReportOrder] = asyncio.Queue()

    @activity.defn(name="issue_report")
    async def issue_report(order: ReportOrder) -> IssuedReport:
        await ordered.put(order)
        return IssuedReport(
            report_id=order.report_id, plan=order.plan, title="Report", first=order.first, last=order.last,
            roles=order.roles, cases=0, made_at=order.ordered_at, file="F-0000000000", sha256="0" * 64, size=1,
        )  # fmt: skip

    plan, pace = rapid_response(), Pace(epoch=EPOCH)
    await keep_schedules(client, [plan], pace, queue)
    await keep_schedules(client, [plan], Pace(epoch=EPOCH, speed=3600), queue)
    handle = client.get_schedule_handle("report-rapid-response")
    assert (await handle.describe()).schedule.spec.intervals[0].every == timedelta(minutes=12)
    async with Worker(
        client, task_queue=queue, workflows=WORKFLOWS, activities=[issue_report], workflow_runner=runner()
    ):
        await handle.trigger()
        order = await asyncio.wait_for(ordered.get(), 30)
    assert (order.plan, order.roles) == ("rapid-response", ("service_manager", "general_manager"))
    await keep_schedules(client, [plan.model_copy(update={"reports": None})], pace, queue)
    await keep_schedules(client, [plan.model_copy(update={"reports": None})], pace, queue)
    with pytest.raises(RPCError):
        await handle.describe()
