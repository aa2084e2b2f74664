"""How a case comes to a deadline: calendar data that are in its history, and the counting rules.

The data are read in an activity, so that a history keeps what it was promised by; the counting is pure and done here.
An activity for each deadline instead made hundreds of deadlines of the same instant wait for each other. It is an
ordinary one: the answer of a local activity can be taken up at another place in a replay than in the run (decision 21).
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import FailureError

from workflows.record import Record

with workflow.unsafe.imports_passed_through():
    from activities.calendar_data import CalendarData, CalendarQuestion
    from domain.clocks import (
        Deadline,
        DeadlineRequest,
        WorkCalendar,
        plain_calendar,
        plain_promise,
        promise,
        years_needed,
    )

_FEW = RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_attempts=3)
_ONE_TRY = timedelta(seconds=5)
"""The only limit: a calendar that hangs costs seconds, and one that nobody reads because no worker is up is awaited."""
_NO_TIME = timedelta(milliseconds=1)
_ASK_AGAIN = timedelta(days=1)
"""A calendar that awaits a decree is read anew after so long, on the case's clock: a new release may know it."""


class Promises:
    """Computes deadlines by the calendar as the case last read it."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._known: WorkCalendar | None = None
        self._read_at: datetime | None = None
        self._reading = asyncio.Lock()
        self._forgotten = 0
        """How often it was to be read anew; an answer that was under way by then is not kept."""

    def forget(self) -> None:
        """Has the calendar read anew for the next deadline."""
        self._known = None
        self._forgotten += 1

    async def prepare(self) -> None:
        """Reads the calendar beside the first steps, so that a deadline that passes need not wait for it."""
        now = self._record.now()
        try:
            await self._calendar({now.year}, now)
        except FailureError:
            return  # the first deadline that needs it tries again, and says so if it fails

    async def make(self, request: DeadlineRequest) -> Deadline:
        """Returns the deadline; a calendar that fails yields a provisional one, never a stuck case."""
        if not request.needs_calendar:
            return promise(request, plain_calendar(request.calendar))
        years, now = set(years_needed(request)), self._record.now()
        try:
            deadline = promise(request, await self._calendar(years, now))
            if deadline.provisional and self._read_at is not None and now - self._read_at > _ASK_AGAIN:
                self.forget()
                deadline = promise(request, await self._calendar(years, now))
        except FailureError:
            return plain_promise(request, "the calendar could not be read")
        except ValueError as wrong:
            return plain_promise(request, f"the calendar could not be used: {wrong}")
        return deadline

    def reminder(self, deadline: Deadline, now: datetime, share: float) -> datetime | None:
        """Returns when to remind: after a share of the time that is left, and in office hours where they count.

        None when no time is left.
        """
        ahead = deadline.due_at - now
        if ahead <= _NO_TIME:
            return None
        at = now + ahead * share
        if deadline.request.needs_calendar:
            calendar = self._known or plain_calendar(deadline.request.calendar)
            office = calendar.next_office_time(at)
            at = office if office < deadline.due_at else at
        return at

    async def _calendar(self, years: set[int], now: datetime) -> WorkCalendar:
        async with self._reading:
            if self._known is not None and years <= {known.year for known in self._known.years}:
                return self._known
            question = CalendarQuestion(
                spec=self._record.plan.calendar, years=tuple(sorted({*years, now.year, now.year + 1}))
            )
            forgotten = self._forgotten
            read = await workflow.execute_activity_method(
                CalendarData.read_calendar, question, start_to_close_timeout=_ONE_TRY, retry_policy=_FEW
            )
            if forgotten == self._forgotten:
                self._known, self._read_at = read, now
            return read
