"""Putting counted and skipped stretches together into a short, readable list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from domain.clocks.request import Hold, Interval, Why

MOST_INTERVALS = 40
"""A deadline is explained in at most this many stretches."""

_OFF = frozenset({Why.WEEKEND, Why.HOLIDAY})
_SKIPPED = _OFF | {Why.HOLD, Why.START_DAY}
_WORK = frozenset({Why.OFFICE_HOURS, Why.WORKING_WEEKS})


class Part(NamedTuple):
    """An interval in the making: light enough for thousands of days."""

    begins: datetime
    ends: datetime
    why: Why
    detail: str = ""
    time: timedelta = timedelta(0)
    days: int = 0

    @property
    def counted(self) -> bool:
        """Whether the clock ran."""
        return self.why not in _SKIPPED


def merged(holds: Iterable[Hold], start: datetime) -> list[Hold]:
    """The holds after `start`, in order and without overlap; what began earlier is cut at `start`."""
    result: list[Hold] = []
    for hold in sorted(holds, key=lambda hold: (hold.begins, hold.ends, hold.reason)):
        begins = max(hold.begins, start)
        if hold.ends <= begins:
            continue
        if result and begins < result[-1].ends:
            last = result.pop()
            reason = _joined(last.reason, hold.reason)
            result.append(Hold(begins=last.begins, ends=max(last.ends, hold.ends), reason=reason))
        else:
            result.append(Hold(begins=begins, ends=hold.ends, reason=hold.reason))
    return result


def pieces(begins: datetime, ends: datetime, holds: Sequence[Hold]) -> list[tuple[datetime, datetime]]:
    """What is left of a stretch outside the (merged) holds."""
    left: list[tuple[datetime, datetime]] = []
    for hold in holds:
        if hold.ends <= begins:
            continue
        if hold.begins >= ends:
            break
        if hold.begins > begins:
            left.append((begins, hold.begins))
        begins = hold.ends
    if begins < ends:
        left.append((begins, ends))
    return left


def hold_parts(holds: Sequence[Hold], due: datetime) -> list[Part]:
    """The holds up to the deadline, as skipped stretches."""
    return [Part(hold.begins, hold.ends, Why.HOLD, hold.reason) for hold in holds if hold.begins < due]


def intervals(parts: Iterable[Part]) -> tuple[Interval, ...]:
    """The parts in order, neighbours of one kind merged, folded to at most MOST_INTERVALS."""
    found = _neighbours_merged(sorted(parts, key=lambda part: (part.begins, part.ends)))
    if len(found) > MOST_INTERVALS:
        found = _weekends_folded(found)
    if len(found) > MOST_INTERVALS:
        edge = MOST_INTERVALS // 2 - 1
        found = [*found[:edge], _folded(found[edge:-edge], Why.LONG_RUN), *found[-edge:]]
    return tuple(
        Interval(
            begins=part.begins,
            ends=part.ends,
            counted=part.counted,
            why=part.why,
            detail=part.detail,
            seconds=part.time.total_seconds(),
            days=part.days,
        )
        for part in found
    )


def _neighbours_merged(parts: Iterable[Part]) -> list[Part]:
    result: list[Part] = []
    for part in parts:
        last = result[-1] if result else None
        if last is None or not _alike(last, part):
            result.append(part)
            continue
        holiday = Why.HOLIDAY in (last.why, part.why)
        result[-1] = last._replace(
            ends=max(last.ends, part.ends),
            why=Why.HOLIDAY if holiday else last.why,
            detail=_joined(last.detail, part.detail),
            time=last.time + part.time,
            days=last.days + part.days,
        )
    return result


def _alike(last: Part, part: Part) -> bool:
    if last.counted and part.counted:
        return last.why == part.why  # only a night lies between them
    return last.why in _OFF and part.why in _OFF and last.ends >= part.begins


def _weekends_folded(parts: Sequence[Part]) -> list[Part]:
    """Weeks that differ in nothing become one stretch: work, weekend, work, weekend, work."""
    result: list[Part] = []
    for part in parts:
        if part.why in _WORK and len(result) > 1 and result[-1].why is Why.WEEKEND and result[-2].why in _WORK:
            result[-2:] = [_folded([*result[-2:], part], Why.WORKING_WEEKS)]
        else:
            result.append(part)
    return result


def _folded(parts: Sequence[Part], why: Why) -> Part:
    counted = [part for part in parts if part.counted]
    return Part(
        parts[0].begins,
        max(part.ends for part in parts),
        why,
        time=sum((part.time for part in counted), timedelta(0)),
        days=sum(part.days for part in counted),
    )


def _joined(first: str, second: str) -> str:
    names = [name for name in first.split("; ") if name]
    return "; ".join([*names, *(name for name in second.split("; ") if name and name not in names)])
