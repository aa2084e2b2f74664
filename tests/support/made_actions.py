"""Actions as their workflow would have projected them, made by hand."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from domain.actions import CARRY_OUT, ActionStart, ActionState, ActionStep, ActionWrite, day_ends
from store.actions import write_action
from store.sessions import Database


def opened_action(start: ActionStart, **changes: Any) -> ActionState:
    """An action whose first step is offered."""
    order, plan = start.order, start.plan
    due = day_ends(order.due_on, plan.calendar.time_zone)
    step = ActionStep(
        key=CARRY_OUT.name, kind=CARRY_OUT.name, role=order.role, assignee=order.owner, activity_id=CARRY_OUT.name,
        first_due_at=due, due_at=due,
    )  # fmt: skip
    state = ActionState(
        action_id=start.action_id, plan=plan.name, plan_title=plan.title, time_zone=plan.calendar.time_zone,
        order=order, opened_at=start.opened_at, opened_by=start.opened_by, steps=(step,),
    )  # fmt: skip
    return ActionState.model_validate(state.model_dump() | changes)


async def write_opened_action(database: Database, start: ActionStart) -> None:
    """Projects an action that was just opened."""
    async with database.session() as session:
        write = ActionWrite(state=opened_action(start), revision=1)
        await write_action(session, "run-1", datetime(2026, 1, 1, tzinfo=UTC), write)
