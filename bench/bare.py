"""The bare workflows that the product is measured beside: the same user tasks, signals and completions, nothing else.

No deadline is computed, nothing is recorded, numbered, hashed or written to a database, no document is made. It is what
somebody would write in an afternoon, and so the floor that the engine itself sets.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.exceptions import ActivityError
from temporalio.exceptions import TimeoutError as DeadlinePassed

STEPS = (
    "contact_customer", "remote_diagnosis", "assign_engineer", "engineer_call", "site_visit", "confirm_plan",
    "site_repair", "acceptance",
)  # fmt: skip
"""The user tasks of a case on its way on site, one after another."""
TOGETHER = ("settlement", "follow_up")
"""The last two, side by side."""
_BUDGET = timedelta(hours=12)
_MILLISECOND = timedelta(milliseconds=1)


def _offer(name: str, within: timedelta, activity_id: str | None = None) -> workflow.ActivityHandle[dict[str, Any]]:
    return workflow.start_activity(
        name,
        {"task": name},
        result_type=dict,
        activity_id=activity_id or name,
        schedule_to_close_timeout=within,
        cancellation_type=workflow.ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    )


@workflow.defn(name="BareCase")
class BareCase:
    """Ten user tasks, and signals that are counted."""

    def __init__(self) -> None:
        self.told = 0

    @workflow.run
    async def run(self, _case_id: str) -> int:
        """Returns the number of signals that arrived."""
        for name in STEPS:
            await _offer(name, _BUDGET)
        await asyncio.gather(*(_offer(name, _BUDGET) for name in TOGETHER))
        return self.told

    @workflow.signal(name="add_information")
    def add_information(self, _message: Any) -> None:
        """Counts a message."""
        self.told += 1


@workflow.defn(name="BareDeadline")
class BareDeadline:
    """One user task whose deadline passes; then the two waits that the product has: the task anew, and its superior."""

    @workflow.run
    async def run(self, due_at: datetime) -> None:
        """Waits for what nobody does in the time of a benchmark."""
        try:
            await _offer("contact_customer", max(due_at - workflow.now(), _MILLISECOND))
        except ActivityError as failed:
            if not isinstance(failed.cause, DeadlinePassed):
                raise
        await asyncio.gather(
            _offer("contact_customer", timedelta(hours=4), "contact_customer~2"),
            _offer("acknowledge_breach", timedelta(hours=4)),
        )
