"""The schedules of the engine: reports for the plans that name who gets one, archiving, retention."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError, RPCStatusCode

from domain.clocks import Pace
from domain.plan import Plan
from domain.record.archiving import ArchiveRound
from domain.record.retention import RetentionRound
from domain.statistics.report import ReportRound

_AT = 6
"""Hour of the plan's day at which a report is made: before anybody asks for it."""
_LENGTH = {"week": timedelta(days=7), "month": timedelta(days=30)}
_LEAST = timedelta(seconds=10)
ARCHIVING = "archive-cases"
"""The schedule that archives closed cases, and the beginning of the ids of its rounds."""
_ARCHIVED_EVERY = timedelta(minutes=1)
"""Real time: a fast clock closes more cases, each of which is as much work."""
RETENTION = "enforce-retention"
"""The schedule that enforces retention, and the beginning of the ids of its runs."""
_ABANDONED_AFTER = timedelta(days=1)
"""Twice what a try of a round may take: one that nobody works on any more would hold back all that follow for ever."""
_RETENTION_AT = 3
"""Hour of the day (UTC): writing the database anew is best done while few work."""
_LATE_BY = timedelta(days=14)
"""A report that was missed while the engine was away for so long is made when it is back."""


async def keep_schedules(
    client: Client, plans: Iterable[Plan], pace: Pace, task_queue: str, *, mailed: bool = False
) -> None:
    """Makes, changes or removes the schedule of each plan. Raises RPCError while the engine refuses."""
    for plan in plans:
        handle = client.get_schedule_handle(f"report-{plan.name}")
        wanted = _schedule(plan, pace, task_queue, mailed=mailed)
        if wanted is None:
            try:
                await handle.delete()
            except RPCError as refused:
                if refused.status is not RPCStatusCode.NOT_FOUND:
                    raise
            continue
        try:
            await client.create_schedule(handle.id, wanted)
        except ScheduleAlreadyRunningError:
            await handle.update(_as_wanted(wanted))


async def keep_archiving(client: Client, task_queue: str) -> None:
    """Makes the schedule that archives closed cases, or brings it to today's form. Raises RPCError."""
    handle = client.get_schedule_handle(ARCHIVING)
    wanted = Schedule(
        action=_round("ArchiveCases", ArchiveRound(), ARCHIVING, task_queue),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=_ARCHIVED_EVERY)]),
        # a round that was missed is made up for by the next one, which takes whatever is due
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=_LEAST),
    )
    try:
        await client.create_schedule(handle.id, wanted)
    except ScheduleAlreadyRunningError:
        await handle.update(_as_wanted(wanted))


async def keep_retention(client: Client, pace: Pace, task_queue: str) -> None:
    """Makes the schedule that enforces retention once a day of the product's clock. Raises RPCError."""
    handle = client.get_schedule_handle(RETENTION)
    if pace.speed == 1:
        spec = ScheduleSpec(calendars=[ScheduleCalendarSpec(hour=[ScheduleRange(_RETENTION_AT)])])
    else:
        spec = ScheduleSpec(intervals=[ScheduleIntervalSpec(every=max(pace.real_length(timedelta(days=1)), _LEAST))])
    action = _round("EnforceRetention", RetentionRound(), RETENTION, task_queue)
    # a day that was missed is made up for by the next one, which takes whatever is due
    policy = SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=timedelta(days=1))
    wanted = Schedule(action=action, spec=spec, policy=policy)
    try:
        await client.create_schedule(handle.id, wanted)
    except ScheduleAlreadyRunningError:
        await handle.update(_as_wanted(wanted))


def _round(workflow: str, wanted: ArchiveRound | RetentionRound, name: str, queue: str) -> ScheduleActionStartWorkflow:
    return ScheduleActionStartWorkflow(workflow, wanted, id=name, task_queue=queue, execution_timeout=_ABANDONED_AFTER)


def _as_wanted(wanted: Schedule) -> Callable[[ScheduleUpdateInput], ScheduleUpdate]:
    """Puts the plan's word in the place of what was; what an operator did (a pause, a note) stays."""

    def updated(before: ScheduleUpdateInput) -> ScheduleUpdate:
        return ScheduleUpdate(replace(wanted, state=before.description.schedule.state))

    return updated


def _schedule(plan: Plan, pace: Pace, task_queue: str, *, mailed: bool = False) -> Schedule | None:
    if plan.reports is None:
        return None
    zone = plan.calendar.time_zone
    due = ReportRound(
        plan=plan.name,
        plan_title=plan.title,
        company=plan.company,
        every=plan.reports.every,
        zone=zone,
        roles=plan.reports.to,
        pace=pace,
        mailed=mailed,
    )
    action = ScheduleActionStartWorkflow("PeriodicReport", due, id=f"report-{plan.name}", task_queue=task_queue)
    policy = SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=_LATE_BY)
    return Schedule(action=action, spec=_spec(plan.reports.every, zone, pace), policy=policy)


def _spec(every: str, zone: str, pace: Pace) -> ScheduleSpec:
    """On the first day after the period by the plan's calendar; where the clock runs faster, at its pace."""
    if pace.speed != 1:
        return ScheduleSpec(intervals=[ScheduleIntervalSpec(every=max(pace.real_length(_LENGTH[every]), _LEAST))])
    hour = [ScheduleRange(_AT)]
    if every == "week":
        day = ScheduleCalendarSpec(hour=hour, day_of_week=[ScheduleRange(1)])
    else:
        day = ScheduleCalendarSpec(hour=hour, day_of_month=[ScheduleRange(1)])
    return ScheduleSpec(calendars=[day], time_zone_name=zone)
