"""One notice on its way: tried again while the mail server is away, and told to its case when it cannot be sent."""

from __future__ import annotations

import contextlib
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, FailureError

with workflow.unsafe.imports_passed_through():
    from activities.notices import NoticeSending
    from domain.case.messages import Undelivered
    from domain.events import SYSTEM
    from domain.notices import NoticeEnd, NoticeOrder, Undeliverable

_UNTIL_IT_IS_BACK = RetryPolicy(initial_interval=timedelta(seconds=5), maximum_interval=timedelta(minutes=10))
_GIVEN_UP_AFTER = timedelta(days=2)
_ONE_TRY = timedelta(minutes=10)
_SIGN_OF_LIFE = timedelta(seconds=15)


@workflow.defn(name="Notice")
class Notice:
    """Sends one notice once."""

    @workflow.run
    async def run(self, order: NoticeOrder) -> NoticeEnd:
        """Returns what became of it."""
        try:
            return await workflow.execute_activity_method(
                NoticeSending.send_notice,
                order,
                start_to_close_timeout=_ONE_TRY,
                heartbeat_timeout=_SIGN_OF_LIFE,
                schedule_to_close_timeout=_GIVEN_UP_AFTER,
                retry_policy=_UNTIL_IT_IS_BACK,
            )
        except ActivityError as failed:
            reason = str(failed.cause or failed)[:500]
        await workflow.execute_activity_method(
            NoticeSending.give_up_notice,
            Undeliverable(order=order, reason=reason),
            start_to_close_timeout=_ONE_TRY,
            retry_policy=_UNTIL_IT_IS_BACK,
        )
        await self._tell(order, reason)
        return NoticeEnd(notice_id=order.notice_id, reason=reason)

    async def _tell(self, order: NoticeOrder, reason: str) -> None:
        """Tells the case; one that ended meanwhile has its record of messages on its page."""
        message = Undelivered(
            id=order.notice_id, by=SYSTEM, at=order.ordered_at, notice=order.notice_id, kind=order.kind, reason=reason
        )
        with contextlib.suppress(FailureError):  # the case has ended
            await workflow.get_external_workflow_handle(order.case_id).signal("undelivered", message)
