"""The timeline of a case: each event of the record as a sentence, with who, when and in which role."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from api.pages import timeline_papers, words
from api.pages.fields import Field, Kind, fields_of
from api.pages.languages import _, language, lazy, ngettext, say
from api.pages.timeline_groups import Shown, groups_of
from api.pages.times import length
from domain.events import Event, EventKind
from domain.plan import Plan, Stage
from domain.tasks import TASKS

_QUIET = frozenset({EventKind.OFFERED, EventKind.PROMISED})
"""Recorded for the audit; told on a timeline only where they say something new."""
_WEIGHTY = frozenset(
    {EventKind.BREACHED, EventKind.SPECIAL_CASE_OPENED, EventKind.WITHDRAWN, EventKind.DOCUMENT_FAILED}
)
_OPEN_ANSWERS = frozenset({"unknown", "unclear"})
"""Answers that say nothing in a line where their question does not stand."""
_LATE_ENTRY = timedelta(minutes=15)


@dataclass(frozen=True)
class Entry:
    """One line of a timeline. `said` are the longer texts that were entered, by their title; `files` were added."""

    no: int
    at: datetime
    what: str
    who: str
    clause: str = ""
    notes: tuple[str, ...] = ()
    said: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
    weighty: bool = False
    quiet: bool = False
    """Told small: it only divides what people did."""
    happened_at: datetime | None = None
    """When it really happened, if that was clearly before it was entered."""
    due_at: datetime | None = None
    groups: frozenset[Shown] = frozenset({Shown.ALL})
    """The filters that show it."""


def timeline(
    events: Iterable[Event], plan: Plan | None, *, currency: str, names: Mapping[str, str] | None = None
) -> list[Entry]:
    """The record told to people, the newest first; `names` are people's names by sign-in name.

    A paper that was issued in several languages is one entry.
    """
    spoken = timeline_papers.together(event for event in events if not _is_quiet(event))
    told = [told_entry(event, plan, currency, names or {}) for event in spoken]
    return sorted(told, key=lambda entry: entry.no, reverse=True)


def _is_quiet(event: Event) -> bool:
    return event.kind in _QUIET and not (event.kind is EventKind.PROMISED and event.data.get("replaces"))


def told_entry(event: Event, plan: Plan | None, currency: str, names: Mapping[str, str]) -> Entry:
    """One entry of the record told to people, those too that a timeline leaves out."""
    data = event.data
    title = words.task_of_key(event.task) if event.task else ""
    entry = _Draft(event, title, plan, currency, names)
    teller = _TELL.get(event.kind)
    if teller is None:
        entry.what = words.spoken(event.kind.value).capitalize()
    else:
        teller(entry, data)
    return entry.done()


class _Draft:
    """An entry while it is being told."""

    def __init__(self, event: Event, title: str, plan: Plan | None, currency: str, names: Mapping[str, str]) -> None:
        self.event, self.title, self.plan, self.currency, self.names = event, title, plan, currency, names
        self.what = ""
        self.notes: list[str] = []
        self.said: list[tuple[str, str]] = []
        self.files: list[str] = []
        self.happened_at: datetime | None = None
        self.due_at: datetime | None = None

    def say(self, title: str, text: object) -> None:
        if isinstance(text, str) and text.strip():
            self.said.append((title, text))

    def done(self) -> Entry:
        kind = (self.event.task or "").partition("-")[0]
        clause = TASKS[kind].clause if kind in TASKS else ""
        return Entry(
            no=self.event.no,
            at=self.event.at,
            what=self.what,
            who=words.who(self.event.actor, self.plan),
            clause=clause,
            notes=tuple(self.notes),
            said=tuple(self.said),
            files=tuple(self.files),
            weighty=self.event.kind in _WEIGHTY,
            quiet=self.event.kind is EventKind.STAGE_ENTERED,
            happened_at=self.happened_at,
            due_at=self.due_at,
            groups=groups_of(self.event),
        )


def _instant(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _opened(entry: _Draft, data: Mapping[str, Any]) -> None:
    entry.what = _("Case opened again") if data.get("reopened_from") else _("Case opened")


def _stage(entry: _Draft, data: Mapping[str, Any]) -> None:
    try:
        entry.what = _("Stage: %(stage)s", stage=str(words.STAGES[Stage(str(data.get("stage")))]).lower())
    except ValueError:
        entry.what = _("Stage: %(stage)s", stage=words.spoken(str(data.get("stage"))))


def _offered(entry: _Draft, data: Mapping[str, Any]) -> None:
    entry.what = _("Offered: %(task)s", task=entry.title)
    if data.get("role"):
        entry.notes.append(words.role_title(str(data["role"]), entry.plan))


def _promised(entry: _Draft, data: Mapping[str, Any]) -> None:
    anew = data.get("replaces") or data.get("level")
    entry.what = _("New promise: %(task)s", task=entry.title) if anew else _("Promised: %(task)s", task=entry.title)
    entry.due_at = _instant(data.get("deadline", {}).get("due_at"))
    if data.get("reason"):
        entry.notes.append(say(str(data["reason"])))


def _reminded(entry: _Draft, data: Mapping[str, Any]) -> None:
    entry.what = _("Reminder: %(task)s", task=entry.title)
    entry.due_at = _instant(data.get("due_at"))


def _breached(entry: _Draft, data: Mapping[str, Any]) -> None:
    entry.what = _("Deadline missed: %(task)s", task=entry.title)
    entry.notes.append(_("escalation level %(number)s", number=data.get("level", 1)))
    entry.due_at = _instant(data.get("due_at"))


def _attempted(entry: _Draft, data: Mapping[str, Any]) -> None:
    entry.what = _("Tried without an answer: %(task)s", task=entry.title)
    entry.notes.append(_("attempt %(number)s", number=data.get("attempt", 1)))
    _tell_outcome(entry, data)


def _completed(entry: _Draft, data: Mapping[str, Any]) -> None:
    entry.what = entry.title
    entry.notes.append(_("promise kept") if data.get("kept") else _("late"))
    _tell_outcome(entry, data)


def _tell_outcome(entry: _Draft, data: Mapping[str, Any]) -> None:
    if data.get("late_entry"):
        entry.notes.append(_("entered after the deadline"))
    happened = _instant(data.get("happened_at"))
    if happened and entry.event.at - happened > _LATE_ENTRY:
        entry.happened_at = happened
        entry.notes.append(_("entered %(time)s later", time=length(entry.event.at - happened)))
    if behalf := data.get("on_behalf_of"):
        told = _("on behalf of the factory, %(name)s") if behalf.get("party") == "factory" else ""
        told = told or _("on behalf of the customer, %(name)s")
        entry.notes.append(told % {"name": behalf.get("name", "")})
        entry.say(_("Evidence of who said it"), behalf.get("evidence"))
    kind = (entry.event.task or "").partition("-")[0]
    outcome = data.get("outcome") or {}
    known = {field.name: field for field in fields_of_task(kind)} if kind in TASKS else {}
    for name, value in outcome.items():
        field = known.get(name)
        if field is not None:
            _tell_answer(entry, field, value)


def _tell_answer(entry: _Draft, field: Field, value: object) -> None:
    match field.kind:
        case Kind.FILES if isinstance(value, list):
            entry.files += [str(one) for one in value]
        case Kind.LINES if isinstance(value, list):
            entry.say(say(field.title), "\n".join(map(str, value)))
        case Kind.ROWS if isinstance(value, list) and value:
            if field.name == "costs":
                entry.notes.append(ngettext("%(num)s cost line", "%(num)s cost lines", len(value)))
            else:
                entry.say(say(field.title), "\n".join(" · ".join(str(part) for part in row.values()) for row in value))
        case Kind.CHOICE:
            if value not in _OPEN_ANSWERS:
                titles = {option.value: option.title for option in field.options}
                entry.notes.append(say(titles.get(str(value), str(value))))
        case Kind.INSTANT:
            entry.due_at = _instant(value)
        case Kind.AMOUNT:
            entry.notes.append(f"{say(field.title).lower()}: {timeline_papers.money(value, entry.currency)}")
        case Kind.SCALE | Kind.NUMBER:
            entry.notes.append(f"{say(field.title).lower()}: {value}")
        case _:
            entry.say(say(field.title), entry.names.get(str(value), value) if field.name == "engineer" else value)


def fields_of_task(kind: str) -> tuple[Field, ...]:
    """The fields of a task's form, as the reader's language calls them."""
    return _fields_in(kind, language())


@cache
def _fields_in(kind: str, _language: str) -> tuple[Field, ...]:
    """The fields of a task with their titles in the reader's language, which is part of what they are kept by."""
    return fields_of(TASKS[kind].form.schema_for_people_and_programs())


def _work_order(entry: _Draft, data: Mapping[str, Any]) -> None:
    entry.what = _("Work order %(number)s issued", number=data.get("work_order", ""))


def _outcome_refused(entry: _Draft, data: Mapping[str, Any]) -> None:
    entry.what = _("An outcome was refused: %(task)s", task=entry.title)
    entry.say(_("Why"), data.get("reason"))


def _suspended(entry: _Draft, data: Mapping[str, Any]) -> None:
    entry.what = _("Clock stopped: %(task)s", task=entry.title)
    left = data.get("seconds_left")
    if isinstance(left, int | float):
        entry.notes.append(_("%(time)s left", time=length(timedelta(seconds=left))))


def _obsolete(entry: _Draft, data: Mapping[str, Any]) -> None:
    entry.what = _("No longer needed: %(task)s", task=entry.title)
    if data.get("reason"):
        entry.notes.append(str(data["reason"]))


def _reassigned(entry: _Draft, data: Mapping[str, Any]) -> None:
    role = words.role_title(str(data["role"]), entry.plan) if data.get("role") else _("the whole role")
    assignee = data.get("assignee")
    to = entry.names.get(str(assignee), assignee) if assignee else role
    title = entry.title or words.task_of_key(str(data.get("task", "")))
    entry.what = _("Given to %(who)s: %(task)s", who=to, task=title)
    entry.say(_("Why"), data.get("reason"))


def _rescheduled(entry: _Draft, data: Mapping[str, Any]) -> None:
    title = entry.title or words.task_of_key(str(data.get("task", "")))
    entry.what = _("Appointment moved: %(task)s", task=title)
    entry.due_at = _instant(data.get("appointment"))
    if data.get("told"):
        entry.notes.append(_("the customer was told: %(how)s", how=data["told"]))
    entry.say(_("Why"), data.get("reason"))


def _date_promised(entry: _Draft, data: Mapping[str, Any]) -> None:
    again = _("Another date promised to the customer")
    entry.what = again if data.get("replaces") else _("A date promised to the customer")
    entry.due_at = _instant(data.get("promised_for"))
    if data.get("told"):
        entry.notes.append(_("the customer was told: %(how)s", how=data["told"]))
    entry.say(_("Why"), data.get("reason"))


def _promise_ended(entry: _Draft, data: Mapping[str, Any]) -> None:
    told = {"kept": _("kept"), "missed": _("missed"), "dropped": _("no longer applies")}
    ended = told.get(str(data.get("ended_as")), _("ended"))
    entry.what = _("The date promised to the customer: %(ended)s", ended=ended)
    entry.due_at = _instant(data.get("promised_for"))


def _skipped(entry: _Draft, data: Mapping[str, Any]) -> None:
    entry.what = _("Not needed: %(stage)s", stage=words.spoken(str(data.get("stage"))))
    entry.notes.append(say(str(data.get("reason", ""))))


def _recalculated(entry: _Draft, data: Mapping[str, Any]) -> None:
    entry.what = _("Provisional deadlines to be computed anew")
    entry.say(_("Why"), data.get("reason"))


def _information(entry: _Draft, data: Mapping[str, Any]) -> None:
    entry.what = _("Information added")
    entry.say(_("Information"), data.get("text"))
    entry.files += [str(one) for one in data.get("attachments") or ()]


def _reasoned(what: str) -> Any:
    def tell(entry: _Draft, data: Mapping[str, Any]) -> None:
        entry.what = _(what)
        entry.say(_("Why"), data.get("reason"))
        entry.due_at = _instant(data.get("until"))

    return tell


def _withdrawn(entry: _Draft, data: Mapping[str, Any]) -> None:
    _reasoned(lazy("The customer withdrew"))(entry, data)
    entry.say(_("Who withdrew it"), data.get("told_by"))
    entry.say(_("Evidence"), data.get("evidence"))


def _special(entry: _Draft, data: Mapping[str, Any]) -> None:
    entry.what = _("Put to %(panel)s", panel=words.panel(entry.plan))
    entry.say(_("Why"), data.get("reason"))


def _decided(entry: _Draft, data: Mapping[str, Any]) -> None:
    entry.what = _("Special case decided")
    for field in fields_of_task("special_case"):
        if field.name in data:
            _tell_answer(entry, field, data[field.name])
    if data.get("carried_out") is False:
        entry.notes.append(_("came too late to be carried out"))


def _corrected(entry: _Draft, data: Mapping[str, Any]) -> None:
    entry.what = _("Correction of entry %(number)s", number=data.get("corrects", ""))
    entry.say(_("Correction"), data.get("text"))


def _message_refused(entry: _Draft, data: Mapping[str, Any]) -> None:
    name = words.spoken(str(data.get("name") or data.get("message") or "message"))
    entry.what = _("A message was refused: %(name)s", name=name)
    entry.say(_("Why"), data.get("reason"))


def _closed(entry: _Draft, data: Mapping[str, Any]) -> None:
    named = {result.value: str(text) for result, text in words.RESULTS.items()}
    result = named.get(str(data.get("result")), str(data.get("result", "")))
    entry.what = _("Case closed: %(result)s", result=result)


_TELL = {
    EventKind.OPENED: _opened,
    EventKind.STAGE_ENTERED: _stage,
    EventKind.WORK_ORDER_ISSUED: _work_order,
    EventKind.OFFERED: _offered,
    EventKind.PROMISED: _promised,
    EventKind.REMINDED: _reminded,
    EventKind.BREACHED: _breached,
    EventKind.ATTEMPTED: _attempted,
    EventKind.COMPLETED: _completed,
    EventKind.OUTCOME_REFUSED: _outcome_refused,
    EventKind.SUSPENDED: _suspended,
    EventKind.OBSOLETE: _obsolete,
    EventKind.REASSIGNED: _reassigned,
    EventKind.RESCHEDULED: _rescheduled,
    EventKind.DATE_PROMISED: _date_promised,
    EventKind.PROMISE_ENDED: _promise_ended,
    EventKind.SKIPPED: _skipped,
    EventKind.RECALCULATED: _recalculated,
    EventKind.INFORMATION_ADDED: _information,
    EventKind.CASE_PAUSED: _reasoned(lazy("Paused for the customer")),
    EventKind.CASE_RESUMED: _reasoned(lazy("Pause ended")),
    EventKind.SPECIAL_CASE_OPENED: _special,
    EventKind.DECIDED: _decided,
    EventKind.COSTS_ENTERED: timeline_papers.costs,
    EventKind.CONSENTED: timeline_papers.consented,
    EventKind.SHIPMENT: timeline_papers.shipment,
    EventKind.DOCUMENT_ISSUED: timeline_papers.document,
    EventKind.DOCUMENT_FAILED: timeline_papers.document_failed,
    EventKind.INVOICE_RECORDED: timeline_papers.invoice,
    EventKind.PAID: timeline_papers.paid,
    EventKind.NOTICE_ORDERED: timeline_papers.notice_ordered,
    EventKind.NOTICE_UNDELIVERED: timeline_papers.notice_undelivered,
    EventKind.WITHDRAWN: _withdrawn,
    EventKind.CORRECTED: _corrected,
    EventKind.MESSAGE_REFUSED: _message_refused,
    EventKind.CLOSED: _closed,
}
"""How each kind of event is told."""
