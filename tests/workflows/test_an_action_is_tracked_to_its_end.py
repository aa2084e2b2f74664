"""A corrective action: carried out, verified by others, done again without effect, told upwards when late (Q8)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.actions import ActionState, ActionStatus, day_ends, day_of
from domain.events import EventKind, first_break
from tests.support.action_scene import Action, Written, opened_action
from tests.support.scene import person
from tests.support.strict_replay import replay_differences
from workflows import WORKFLOWS


@pytest.fixture
def written() -> Written:
    return Written()


@pytest.fixture
async def action(skipping: WorkflowEnvironment, written: Written) -> AsyncIterator[Action]:
    async with opened_action(skipping, written) as opened:
        yield opened
        history = await opened.handle.fetch_history()
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
    reminders = [event.at for event in state.events if event.kind is EventKind.REMINDED]
    assert reminders[0] < step.first_due_at
    assert len(reminders) >= step.level, "a reminder precedes every deadline"
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
