"""The activities that stand for people's tasks, one per declared task, so that a history reads like the procedure."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NoReturn

from temporalio import activity

from domain.actions import ACTION_TASKS
from domain.tasks import TASKS

WaitForPerson = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


def user_task_activities() -> list[WaitForPerson]:
    """Returns the activity of every declared user task, of cases and of actions."""
    return [_activity(name) for name in (*TASKS, *ACTION_TASKS)]


def _activity(name: str) -> WaitForPerson:
    @activity.defn(name=name)
    async def wait_for_person(brief: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - people read it in the history
        """Hands the task over to a person; nothing else may stand here, since a body that dies is not run again."""
        return _hand_over()

    return wait_for_person


def _hand_over() -> NoReturn:
    activity.raise_complete_async()
