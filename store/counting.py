"""When the time of a task's promise counts: kept beside the task, so that a list can say whether its clock runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from sqlalchemy import Connection, bindparam, update

from domain.clocks import Deadline
from domain.events import Event, EventKind
from store.tables import Base

_TASK = Base.metadata.tables["task"]
_MOST_RESTS = 40
"""Of one promise: more than a year of weekends and holidays tells nobody anything."""
_WRITTEN = update(_TASK).where(_TASK.c.task_id == bindparam("id")).values(counting=bindparam("told"))
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Office:
    """When an office is open, local time of its zone."""

    opens: time
    closes: time
    zone: str

    def next_opening(self, at: datetime) -> datetime:
        """Returns `at` itself while the office is open, else when it opens next (UTC), whatever day that is."""
        local = at.astimezone(ZoneInfo(self.zone))
        if self.opens <= local.time() < self.closes:
            return at
        day = local.date() if local.time() < self.opens else local.date() + _ONE_DAY
        return datetime.combine(day, self.opens, ZoneInfo(self.zone)).astimezone(UTC)


@dataclass(frozen=True)
class Counting:
    """When a promise's time counts: while the office is open, if that matters, and never within `rests` (UTC)."""

    office: Office | None = None
    rests: tuple[tuple[datetime, datetime], ...] = ()

    def resting_until(self, now: datetime) -> datetime | None:
        """Returns when the time counts again, None while it does."""
        at = now
        for _ in range(2 * len(self.rests) + 1):
            later = next((ends for begins, ends in self.rests if begins <= at < ends), at)
            if self.office is not None:
                later = self.office.next_opening(later)
            if later == at:
                break
            at = later
        return at if at > now else None


ALWAYS = Counting()
"""A promise of which every hour counts."""


def write_counting(connection: Connection, case_id: str, events: Iterable[Event]) -> None:
    """Keeps of each task that was promised something what its newest promise says."""
    newest = {event.task: event for event in events if event.kind is EventKind.PROMISED and event.task}
    told = [{"id": f"{case_id}.{task}", "told": _told(event.data.get("deadline"))} for task, event in newest.items()]
    if told:
        connection.execute(_WRITTEN, told)


def _told(deadline: object) -> dict[str, Any] | None:
    try:
        promised = Deadline.model_validate(deadline)
    except ValidationError:  # a list can do without; the write of a case must not fail for it
        return None
    rests = [(one.begins.isoformat(), one.ends.isoformat()) for one in promised.intervals if not one.counted]
    budget, calendar = promised.request.budget, promised.request.calendar
    office = None
    if budget is not None and budget.needs_calendar and not budget.is_business_days:
        office = (calendar.opens.isoformat(), calendar.closes.isoformat(), calendar.time_zone)
    return {"office": office, "rests": rests[:_MOST_RESTS]} if rests or office else None


def counting_of(told: Mapping[str, Any] | None) -> Counting:
    """Returns what was kept of a task's promise."""
    if not told:
        return ALWAYS
    rests = tuple((datetime.fromisoformat(begins), datetime.fromisoformat(ends)) for begins, ends in told["rests"])
    if (hours := told["office"]) is None:
        return Counting(rests=rests)
    opens, closes, zone = hours
    return Counting(Office(time.fromisoformat(opens), time.fromisoformat(closes), zone), rests)
