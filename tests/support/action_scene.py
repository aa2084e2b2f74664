"""A scene for actions: one corrective action on an engine, its people, and its read side in memory."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio import activity
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker, WorkflowRunner

from activities.cancellation import Cancellation
from activities.user_tasks import user_task_activities
from domain.actions import ActionKind, ActionOrder, ActionStart, ActionState, ActionStatus, ActionStep, ActionWrite
from domain.clocks import Pace
from tests.support.scene import person, rapid_response
from tests.support.skipping_clock import SkippingClock
from workflows import WORKFLOWS, runner

QUEUE = "actions"
_numbers = itertools.count(1)


class Action:
    """One action as the people see it who work on it."""

    def __init__(self, env: WorkflowEnvironment, handle: WorkflowHandle[Any, ActionStatus]) -> None:
        self.env, self.handle, self.clock = env, handle, SkippingClock(env)

    async def state(self) -> ActionState:
        return ActionState.model_validate(await self.handle.query("state"))

    async def step(self, key: str) -> ActionStep:
        """The step once it is offered."""
        for _ in range(200):
            found = [one for one in (await self.state()).steps if one.key == key and one.activity_id]
            if found:
                return found[0]
            await asyncio.sleep(0.05)
        raise AssertionError(f"{key} is not offered")

    async def do(self, key: str, role: str, user: str | None = None, **outcome: Any) -> None:
        """Completes a step as the API does."""
        step, now = await self.step(key), (await self.env.get_current_time()).isoformat()
        by = person(role, user).model_dump(mode="json")
        completion = {"outcome": outcome, "submission_id": f"s-{next(_numbers)}", "by": by}
        completion |= {"entered_at": now, "happened_at": now}
        handle = self.env.client.get_async_activity_handle(
            workflow_id=self.handle.id, run_id=None, activity_id=step.activity_id or ""
        )
        await handle.complete(completion)

    async def verify(self, result: str, **more: Any) -> None:
        """Somebody else says whether it helped."""
        await self.do("verify_effect", "service_manager", result=result, evidence="Counted again", **more)


class Written:
    """The read side of an action."""

    def __init__(self) -> None:
        self.writes: list[ActionWrite] = []

    @activity.defn(name="project_action")
    async def project_action(self, write: ActionWrite) -> None:
        self.writes.append(write)


@asynccontextmanager
async def opened_action(
    env: WorkflowEnvironment, written: Written, workflow_runner: WorkflowRunner | None = None
) -> AsyncIterator[Action]:
    """Opens an action that is due in ten days and verified in sixty, with a worker beside it."""
    opened_at = await env.get_current_time()
    today, plan = opened_at.date(), rapid_response()
    order = ActionOrder(
        plan=plan.name, kind=ActionKind.CORRECTIVE, title="Change the seal's supplier", why="Leaks doubled",
        role="engineer", due_on=today + timedelta(days=10), verify_role="service_manager",
        verify_on=today + timedelta(days=60),
    )  # fmt: skip
    pace = Pace(epoch=datetime(2026, 1, 1, tzinfo=UTC))
    start = ActionStart(
        action_id="A-0000000001", plan=plan, pace=pace, order=order, opened_at=opened_at, opened_by=person("dispatcher")
    )
    worker = Worker(
        env.client,
        task_queue=QUEUE,
        workflows=WORKFLOWS,
        activities=[*user_task_activities(), Cancellation(env.client).report_cancellation, written.project_action],
        workflow_runner=workflow_runner or runner(),
    )
    async with worker:
        handle = await env.client.start_workflow(
            "CorrectiveAction", start, id=start.action_id, task_queue=QUEUE, result_type=ActionStatus
        )
        yield Action(env, handle)
