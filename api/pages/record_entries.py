"""The record of a case as an auditor reads it: who, when, in which role, under which clause and which clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from api.pages import words
from api.pages.answers import Answers, Reader, answers_of, application_of
from api.pages.languages import _, say
from api.pages.timeline import Entry, fields_of_task, told_entry
from api.pages.times import day_and_time, length
from api.pages.words import ANCHORS, spoken
from domain.events import Event, EventKind, first_break, first_unlinked
from domain.plan import Plan
from domain.plan.describe import budget_words
from domain.record.erased import is_erased
from domain.record.reading import Measured, corrections, measures
from domain.tasks import TASKS

_SHORT = 12
_ENDS = frozenset({EventKind.COMPLETED, EventKind.ATTEMPTED})
_CLOCKED = _ENDS | {EventKind.PROMISED, EventKind.BREACHED, EventKind.REMINDED}
"""Entries at which the clock of their task is told; at the others its clause is enough."""


@dataclass(frozen=True)
class Corrected:
    """A correction beside what it corrects."""

    no: int
    at: datetime
    who: str
    text: str


@dataclass(frozen=True)
class RecordLine:
    """One entry. `clock` says which budget runs from when, `promised` and `actual` when, `margin` the difference.

    `entered` are all answers by their labels; `hash` is what chains the entry, `short` its beginning.
    """

    entry: Entry
    kind: str
    user: str
    task: str
    clause: str
    clock: str
    promised: str
    actual: str
    margin: str
    late: bool
    entered: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    corrected: tuple[Corrected, ...]
    corrects: int | None
    hash: str
    erased: bool

    @property
    def short(self) -> str:
        """The hash as people compare it."""
        return self.hash[:_SHORT]


@dataclass(frozen=True)
class Chain:
    """Whether the record hangs together: `broken` is the first entry that does not fit, None when all do.

    `content` is False where the content of entries is erased, so that their chain alone could be looked at.
    """

    entries: int
    broken: int | None
    content: bool
    hash: str

    @property
    def text(self) -> str:
        """What it comes to, in a sentence."""
        if self.broken is not None:
            return _("The record does not hang together: entry %(number)s does not fit.", number=self.broken)
        if not self.content:
            return _(
                "The chain of all %(number)s entries holds. Their content is erased and cannot be checked any more.",
                number=self.entries,
            )
        return _("The chain of all %(number)s entries holds, and each entry says what it said.", number=self.entries)


def chain_of(events: Sequence[Event], salt: str) -> Chain:
    """Computes anew whether a record hangs together."""
    content = not any(is_erased(event.data) for event in events)
    broken = first_break(events, salt) if content else first_unlinked(events)
    return Chain(len(events), broken, content, events[-1].hash if events else "")


def record_lines(events: Sequence[Event], plan: Plan | None, reader: Reader) -> list[RecordLine]:
    """Returns every entry in its order."""
    try:
        known = measures(events)
    except (KeyError, TypeError, ValueError):  # a promise that this version cannot read: the entries still tell
        known = {}
    right = corrections(events)
    return [_line(event, plan, reader, known.get(event.no), right.get(event.no, ())) for event in events]


def _line(
    event: Event, plan: Plan | None, reader: Reader, measured: Measured | None, right: Iterable[Event]
) -> RecordLine:
    entered, told = _entered(event, reader)
    entry = told_entry(told, plan, reader.currency, reader.names)
    kind = (event.task or "").partition("-")[0]
    source = measured.source if measured else TASKS[kind].clause if kind in TASKS else ""
    clocked = measured if measured and event.kind in _CLOCKED else None
    margin, late = _margin(event, measured)
    return RecordLine(
        entry=entry,
        kind=event.kind.value,
        user=event.actor.user,
        task=kind,
        clause="" if source == "house" else source,
        clock=_clock(clocked) if clocked else "",
        promised=day_and_time(clocked.due_at, reader.zone, reader.now) if clocked else "",
        actual=day_and_time(clocked.actual, reader.zone, reader.now) if clocked and clocked.actual else "",
        margin=margin,
        late=late,
        entered=entered.told or entry.said,
        files=entered.files or entry.files,
        corrected=tuple(_corrected(one, plan) for one in right),
        corrects=event.data.get("corrects") if event.kind is EventKind.CORRECTED else None,
        hash=event.hash,
        erased=is_erased(event.data),
    )


def _entered(event: Event, reader: Reader) -> tuple[Answers, Event]:
    """All that was entered, and the event without it, so that it is told once."""
    data = event.data
    kind = (event.task or "").partition("-")[0]
    if event.kind in _ENDS and kind in TASKS and isinstance(outcome := data.get("outcome"), dict):
        rest = {name: value for name, value in data.items() if name != "outcome"}
        behalf = told_entry(event.model_copy(update={"data": rest}), None, reader.currency, reader.names).said
        found = answers_of(fields_of_task(kind), outcome, reader)
        return Answers((*found.told, *behalf), found.files), event.model_copy(update={"data": rest})
    if event.kind is EventKind.DECIDED:
        fields = fields_of_task("special_case")
        known = {one.name: data[one.name] for one in fields if one.name in data}
        rest = {name: value for name, value in data.items() if name not in known}
        return answers_of(fields, known, reader), event.model_copy(update={"data": rest})
    if event.kind is EventKind.OPENED and isinstance(told := data.get("application"), dict):
        return application_of(told, reader), event
    return Answers(), event


def _clock(one: Measured) -> str:
    if one.budget is None:
        return _("the agreed time")
    anchor = str(ANCHORS.get(one.anchor.name) or spoken(one.anchor.name))
    return _("%(budget)s from %(instant)s", budget=say(budget_words(one.budget)), instant=anchor)


def _margin(event: Event, measured: Measured | None) -> tuple[str, bool]:
    """By how much the promise was kept or missed, and whether it was missed."""
    if measured is None or measured.margin is None:
        return "", event.kind is EventKind.BREACHED
    if measured.margin < timedelta(0):
        return _("missed by %(time)s", time=length(-measured.margin)), True
    return _("kept, %(time)s before the deadline", time=length(measured.margin)), False


def _corrected(event: Event, plan: Plan | None) -> Corrected:
    return Corrected(event.no, event.at, words.who(event.actor, plan), str(event.data.get("text") or ""))
