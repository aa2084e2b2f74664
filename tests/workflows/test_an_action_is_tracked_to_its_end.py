"""A corrective action: carried out, verified by others, done again without effect, told upwards when late (Q8)."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.cancellation import Cancellation
from activities.user_tasks import user_task_activities
from domain.actions import (
    ActionKind,
    ActionOrder,
    ActionStart,
    ActionState,
    ActionStatus,
    ActionStep,
    ActionWrite,
    day_ends,
    day_of,
)
from domain.clocks import Pace
from domain.events import EventKind, first_break
from tests.support.scene import person, rapid_response
from tests.support.skipping_clock import SkippingClock
from tests.support.strict_replay import replay_differences
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


@pytest.fixture
def written() -> Written:
    return Written()


@pytest.fixture
async def action(skipping: WorkflowEnvironment, written: Written) -> AsyncIterator[Action]:
    today = (await skipping.get_current_time()).date()
    plan = rapid_response()
    order = ActionOrder(
        plan=plan.name, kind=ActionKind.CORRECTIVE, title="Change the seal's supplier", why="Leaks doubled",
        role="engineer", due_on=today + timedelta(days=10), verify_role="service_manager",
        verify_on=today + timedelta(days=60),
    )  # fmt: skip
    pace = Pace(epoch=datetime(2026, 1, 1, tzinfo=UTC))
    opened_at = await skipping.get_current_time()
    start = ActionStart(
        action_id="A-0000000001", plan=plan, pace=pace, order=order, opened_at=opened_at, opened_by=person("dispatcher")
    )
    worker = Worker(
        skipping.client,
        task_queue=QUEUE,
        workflows=WORKFLOWS,
        activities=[
            *user_task_activities(),
            Cancellation(skipping.client).report_cancellation,
            written.project_action,
        ],
        workflow_runner=runner(),
    )
    async with worker:
        handle = await skipping.client.start_workflow(
            "CorrectiveAction", start, id=start.action_id, task_queue=QUEUE, result_type=ActionStatus
        )
        yield Action(skipping, handle)
        history = await handle.fetch_history()
    state = ActionState.model_validate(written.writes[-1].state)
    assert first_break(state.events) is None, "the chain of the record is broken"
    assert await replay_differences(history, workflows=WORKFLOWS) == []


@pytest.mark.clause("Q8")
async def test_it_ends_when_somebody_else_says_that_it_helped(action: Action, written: Written) -> None:
    await action.do("carry_out_action", "engineer", done="New supplier, new drawing")
    await action.verify("effective")
    assert await action.handle.result() is ActionStatus.EFFECTIVE
    state = written.writes[-1].state
    assert state.status is ActionStatus.EFFECTIVE
    assert [step.done.kept for step in state.steps if step.done] == [True, True]
    assert [event.kind for event in state.events][-1] is EventKind.CLOSED


@pytest.mark.clause("Q8", "X11")
async def test_whoever_carried_it_out_does_not_verify_it(action: Action, written: Written) -> None:
    await action.do("carry_out_action", "engineer", "both", done="New supplier")
    await action.do("verify_effect", "service_manager", "both", result="effective", evidence="I think so")
    for _ in range(100):
        if any(event.kind is EventKind.OUTCOME_REFUSED for event in (await action.state()).events):
            break
        await asyncio.sleep(0.05)
    assert (await action.state()).status is ActionStatus.VERIFY
    await action.verify("effective")
    assert await action.handle.result() is ActionStatus.EFFECTIVE


@pytest.mark.clause("Q8")
async def test_without_effect_it_is_done_again_by_a_new_date(action: Action, written: Written) -> None:
    await action.do("carry_out_action", "engineer", done="New supplier")
    later = (await action.env.get_current_time()).date() + timedelta(days=90)
    await action.verify("not_effective", again_by=str(later), verify_by=str(later + timedelta(days=30)))
    step = await action.step("carry_out_action-2")
    assert step.first_due_at.date() in (later, later + timedelta(days=1))
    await action.do("carry_out_action-2", "engineer", done="New seal")
    await action.do("verify_effect-2", "service_manager", result="effective", evidence="None since")
    assert await action.handle.result() is ActionStatus.EFFECTIVE


@pytest.mark.clause("Q8", "X1")
async def test_what_is_late_is_reminded_of_told_upwards_and_can_still_be_done(action: Action, written: Written) -> None:
    await action.step("carry_out_action")
    await action.clock.advance(action.handle, timedelta(days=20))
    state = await action.state()
    step = state.steps[0]
    assert step.reminded_at is not None and step.reminded_at < step.first_due_at
    assert step.told == ("service_manager", "general_manager")
    assert step.level >= 2
    assert step.is_open
    await action.do("carry_out_action", "engineer", done="At last")
    await action.verify("effective")
    assert await action.handle.result() is ActionStatus.EFFECTIVE
    assert [one.done.kept for one in written.writes[-1].state.steps if one.done] == [False, True]


@pytest.mark.clause("Q8")
async def test_it_is_called_off_with_a_reason_and_then_nothing_waits(action: Action, written: Written) -> None:
    await action.step("carry_out_action")
    message = {
        "id": "m-1",
        "by": person("dispatcher").model_dump(mode="json"),
        "reason": "The model is not made any more",
    }
    await action.handle.signal("call_off", {"nonsense": 1})
    await action.handle.signal("call_off", message)
    assert await action.handle.result() is ActionStatus.CALLED_OFF
    assert all(not step.is_open for step in written.writes[-1].state.steps)


def test_a_day_ends_where_the_plan_is() -> None:
    day = date(2026, 3, 1)
    ends = day_ends(day, "Asia/Shanghai")
    assert day_of(ends - timedelta(seconds=1), "Asia/Shanghai") == day
    assert day_of(ends, "Asia/Shanghai") == day + timedelta(days=1)
