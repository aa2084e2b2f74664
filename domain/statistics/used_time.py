"""Who used the customer's time: every moment of a case given to whoever it waited for, from its events alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from types import MappingProxyType

from pydantic import TypeAdapter

from domain.clocks import WorkCalendar, office_time
from domain.events import Event, EventKind
from domain.model import Frozen, Instant
from domain.statistics.figures import NOT_STEPS
from domain.tasks import TASKS, Choice, WaitsFor

_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
_MICROSECOND = timedelta(microseconds=1)
PROMISED_DATE = "promised_date"
"""Stands for the date promised to the customer, where others are named after their step."""


class Party(Choice):
    """Whom a case waited for."""

    CUSTOMER = "customer", "The customer"
    FACTORY = "factory", "The factory"
    CARRIER = "carrier", "Carrier and parts"
    US = "us", "Us"


ON_THE_WAY = frozenset(
    {"await_parts", "receive_parts", "receive_parts_nearby", "deliver_equipment", "claim_from_carrier"}
)
"""Steps that wait for parts or for something that travels."""
BESIDE = NOT_STEPS | {"progress_update"}
"""Tasks that no step waits for: they hold the case only while nothing else is open."""
_PARTIES: Mapping[WaitsFor, Party] = MappingProxyType(
    {WaitsFor.US: Party.US, WaitsFor.CUSTOMER: Party.CUSTOMER, WaitsFor.FACTORY: Party.FACTORY}
)


class Share(Frozen):
    """Time that went to a party, at the department (role) that held the step; no role between steps."""

    party: Party
    role: str
    spent: timedelta


class PromiseUse(Frozen):
    """Who used the time inside one promise: from what it counts from to its end, or to now."""

    name: str
    """The kind of step, or `promised_date`."""
    key: str
    begins: Instant
    ends: Instant
    due_at: Instant
    kept: bool | None
    """None while it is open, or when it became needless."""
    open: bool
    shares: tuple[Share, ...]


class Piece(Frozen):
    """A stretch of a case's time with those who held the case in it, each for an equal part."""

    begins: Instant
    ends: Instant
    holders: tuple[tuple[Party, str], ...]


class UsedTime(Frozen):
    """The whole time of a case by whoever used it; the shares add up to it exactly. `pieces` are what they add up."""

    begins: Instant
    ends: Instant
    open: bool
    shares: tuple[Share, ...]
    promises: tuple[PromiseUse, ...]
    pieces: tuple[Piece, ...] = ()

    @property
    def whole(self) -> timedelta:
        """From the application to the end, or to now."""
        return self.ends - self.begins


Holder = tuple[Party, str]


@dataclass(frozen=True)
class _Stretch:
    """A step waited for somebody."""

    begins: datetime
    ends: datetime
    holder: Holder
    beside: bool


@dataclass
class _Promise:
    name: str
    key: str
    begins: datetime
    due_at: datetime
    ends: datetime | None = None
    kept: bool | None = None


@dataclass
class _Reading:
    """The record read from beginning to end."""

    begins: datetime
    last: datetime
    closed_at: datetime | None = None
    open: dict[str, tuple[datetime, Holder]] = field(default_factory=dict)
    stretches: list[_Stretch] = field(default_factory=list)
    promises: dict[str, _Promise] = field(default_factory=dict)
    dates: list[_Promise] = field(default_factory=list)

    def read(self, event: Event) -> None:
        self.last = event.at
        key = event.task
        match event.kind:
            case EventKind.PROMISED if key and not event.data.get("level"):
                self._promised(key, event)
            case EventKind.OFFERED if key:
                self._stop(key, event.at)
                role = str(event.data.get("role") or "")
                self.open[key] = (event.at, (party_of(kind_of(key)), role))
                if key in self.promises:  # after an attempt without an answer it is offered again
                    self.promises[key].ends = self.promises[key].kept = None
            case EventKind.REASSIGNED if key and key in self.open:
                party = self.open[key][1][0]
                self._stop(key, event.at)
                self.open[key] = (event.at, (party, str(event.data.get("role") or "")))
            case EventKind.SUSPENDED if key and key in self.open:
                role = self.open[key][1][1]
                self._stop(key, event.at)
                self.open[key] = (event.at, (Party.CUSTOMER, role))
            case EventKind.COMPLETED | EventKind.ATTEMPTED | EventKind.OBSOLETE if key:
                self._ended(key, event)
            case EventKind.DATE_PROMISED:
                self._date_ended(event.at, kept=None)
                due = _INSTANT.validate_python(event.data["promised_for"])
                self.dates.append(_Promise(PROMISED_DATE, f"{PROMISED_DATE}-{event.no}", event.at, due))
            case EventKind.PROMISE_ENDED:
                ended_as = event.data.get("ended_as")
                self._date_ended(event.at, kept={"kept": True, "missed": False}.get(str(ended_as)))
            case EventKind.CLOSED:
                self.closed_at = event.at

    def _promised(self, key: str, event: Event) -> None:
        deadline = event.data["deadline"]
        due = _INSTANT.validate_python(deadline["due_at"])
        if key in self.promises:
            self.promises[key].due_at = due
        elif kind_of(key) not in BESIDE:
            since = _INSTANT.validate_python(deadline["request"]["anchor"]["at"])
            if deadline["request"].get("at") or since > event.at:
                since = event.at  # an appointment counts from when it was agreed on
            self.promises[key] = _Promise(kind_of(key), key, since, due)

    def _ended(self, key: str, event: Event) -> None:
        happened = _INSTANT.validate_python(event.data.get("happened_at") or event.at)
        if key in self.open:
            begun, (_, role) = self.open[key]
            happened = min(max(happened, begun), event.at)
            self._stop(key, happened)
            if happened < event.at:  # what happened was not entered yet: that time is ours
                self.stretches.append(_Stretch(happened, event.at, (Party.US, role), kind_of(key) in BESIDE))
        if key in self.promises:
            self.promises[key].ends, self.promises[key].kept = happened, event.data.get("kept")

    def _date_ended(self, at: datetime, *, kept: bool | None) -> None:
        if self.dates and self.dates[-1].ends is None:
            self.dates[-1].ends, self.dates[-1].kept = at, kept

    def _stop(self, key: str, at: datetime) -> None:
        if key in self.open:
            begun, holder = self.open.pop(key)
            if begun < at:
                self.stretches.append(_Stretch(begun, at, holder, kind_of(key) in BESIDE))

    def stop_all(self, at: datetime) -> None:
        for key in list(self.open):
            self._stop(key, at)


def used_time(events: Iterable[Event], now: datetime) -> UsedTime | None:
    """Returns who used the time of a case by its record, up to its end, or to `now` while it is open.

    None for a record that does not begin with the opening.
    """
    reading: _Reading | None = None
    for event in events:
        if reading is None:
            if event.kind is not EventKind.OPENED:
                return None
            received = (event.data.get("application") or {}).get("received_at")
            begins = min(_INSTANT.validate_python(received), event.at) if received else event.at
            reading = _Reading(begins, event.at)
        if reading.closed_at is None:
            reading.read(event)
    if reading is None:
        return None
    ends = reading.closed_at or max(now, reading.last)
    reading.stop_all(ends)
    pieces = _pieces(reading.stretches, reading.begins, ends)
    promises = sorted([*reading.promises.values(), *reading.dates], key=lambda one: (one.begins, one.key))
    return UsedTime(
        begins=reading.begins,
        ends=ends,
        open=reading.closed_at is None,
        shares=_shares(pieces, reading.begins, ends),
        promises=tuple(_use(one, pieces, reading.begins, ends) for one in promises),
        pieces=pieces,
    )


def office_shares(
    used: UsedTime, begins: datetime, ends: datetime, calendar: WorkCalendar
) -> Mapping[Holder, timedelta]:
    """Returns how much of the time between two instants each holder had while the office worked."""
    found: dict[Holder, timedelta] = defaultdict(timedelta)
    for piece in used.pieces:
        since, until = max(piece.begins, begins), min(piece.ends, ends)
        if since < until:
            worked = office_time([(since, until)], calendar) / len(piece.holders)
            for holder in piece.holders:
                found[holder] += worked
    return found


def kind_of(key: str) -> str:
    """Returns the kind of task that a key is of: `site_visit-2` is a `site_visit`."""
    return key.partition("-")[0]


def party_of(kind: str) -> Party:
    """Returns whom a kind of task waits for; one that is not declared any more waits for us."""
    if kind in ON_THE_WAY:
        return Party.CARRIER
    return _PARTIES[TASKS[kind].waits_for] if kind in TASKS else Party.US


def _pieces(stretches: Iterable[_Stretch], begins: datetime, ends: datetime) -> tuple[Piece, ...]:
    """Cuts the time where anything began or ended; each piece has those who held the case in it."""
    known = [one for one in stretches if one.ends > begins and one.begins < ends]
    cuts = sorted({begins, ends, *(max(begins, one.begins) for one in known), *(min(ends, one.ends) for one in known)})
    pieces: list[Piece] = []
    for since, until in pairwise(cuts):
        holding = [one for one in known if one.begins <= since and one.ends >= until]
        steps = [one for one in holding if not one.beside] or holding
        holders = tuple(sorted(one.holder for one in steps)) or ((Party.US, ""),)
        pieces.append(Piece.model_construct(begins=since, ends=until, holders=holders))
    return tuple(pieces)


def _shares(pieces: Iterable[Piece], begins: datetime, ends: datetime) -> tuple[Share, ...]:
    """Adds up who held the case between two instants; what does not divide goes to the first, so none is lost."""
    spent: dict[Holder, int] = defaultdict(int)
    for piece in pieces:
        length = (min(piece.ends, ends) - max(piece.begins, begins)) // _MICROSECOND
        if length > 0:
            each, rest = divmod(length, len(piece.holders))
            for place, holder in enumerate(piece.holders):
                spent[holder] += each + (place < rest)
    ordered = sorted(spent.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Share(party=party, role=role, spent=one * _MICROSECOND) for (party, role), one in ordered)


def _use(promise: _Promise, pieces: Iterable[Piece], begins: datetime, ends: datetime) -> PromiseUse:
    since = min(max(promise.begins, begins), ends)
    until = max(since, min(promise.ends or ends, ends))
    return PromiseUse(
        name=promise.name,
        key=promise.key,
        begins=since,
        ends=until,
        due_at=promise.due_at,
        kept=promise.kept,
        open=promise.ends is None,
        shares=_shares(pieces, since, until),
    )
