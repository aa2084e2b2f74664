"""Offering a task to people as one activity, and learning what ended it: a person, the deadline, or the workflow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, CancelledError
from temporalio.exceptions import TimeoutError as DeadlinePassed

from workflows.wait import Ended, Expired, Outcome

with workflow.unsafe.imports_passed_through():
    from activities.cancellation import Cancellation

MILLISECOND = timedelta(milliseconds=1)
_FOR_EVER = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))


def offer_task(
    name: str, brief: Mapping[str, Any], *, activity_id: str, left: timedelta, summary: str
) -> workflow.ActivityHandle[Any]:
    """Offers a task; its timeout is the real time left to the deadline."""
    return workflow.start_activity(
        name,
        dict(brief),
        activity_id=activity_id,
        schedule_to_close_timeout=max(left, MILLISECOND),
        cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        retry_policy=_FOR_EVER,
        summary=summary,
    )


async def outcome_of(offered: workflow.ActivityHandle[Any], activity_id: str) -> Outcome | Expired | Ended:
    """Returns what ended an offer, and ends it if nothing has: whatever came first counts."""
    if not offered.done():
        offered.cancel()
        await workflow.execute_activity_method(
            Cancellation.report_cancellation,
            activity_id,
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=_FOR_EVER,
        )
    try:
        return Outcome(await offered)
    except ActivityError as failed:
        if isinstance(failed.cause, DeadlinePassed):
            return Expired()
        if isinstance(failed.cause, CancelledError):
            return Ended("the case ended the wait")
        return Ended(f"the activity failed: {failed.cause}")


async def reached(condition: Callable[[], bool], by: timedelta) -> bool:
    """Waits for the condition; returns False when the time passed first."""
    try:
        await workflow.wait_condition(condition, timeout=max(by, MILLISECOND))
    except TimeoutError:
        return False
    return True
