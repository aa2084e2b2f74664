"""Checks of cases as pages tell them: running, passed, what was found, or why it could not be done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from api.pages.languages import _, lazy, ngettext, say
from api.pages.times import day_and_time
from domain.record.findings import AuditKind, Finding
from store.queries.audits import AuditResult

KINDS: Mapping[AuditKind, str] = {
    AuditKind.VERIFY: lazy("Verifying the archive"),
    AuditKind.REPLAY: lazy("Replaying the case"),
    AuditKind.COMPARE: lazy("Comparing the database"),
    AuditKind.PREFLIGHT: lazy("Trying new code"),
}
BUTTONS: Mapping[AuditKind, str] = {
    AuditKind.VERIFY: lazy("Verify the archive"),
    AuditKind.REPLAY: lazy("Replay the case"),
}
PROVES: Mapping[AuditKind, str] = {
    AuditKind.VERIFY: lazy(
        "Looks at the file of the archive: its signature, every entry in it, and the chain of the record."
    ),
    AuditKind.REPLAY: lazy(
        "Lets today's code make the case again from its history, and compares each step and the outcome with what is "
        "kept."
    ),
}
_MOST_FINDINGS = 50


@dataclass(frozen=True)
class FindingLine:
    """One thing that is not as it should be."""

    place: str
    what: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class CheckLine:
    """A check; `tone` is fine, late for findings, soon where it could not be done, hold while it runs."""

    title: str
    state: str
    tone: str
    running: bool
    case_id: str
    who: str
    asked: str
    done: str
    version: str
    findings: tuple[FindingLine, ...]
    more: int
    notes: tuple[str, ...]


def check_lines(results: Iterable[AuditResult], names: Mapping[str, str], zone: str, now: datetime) -> list[CheckLine]:
    """Returns checks as pages show them; `now` is real UTC."""
    return [_line(one, names, zone, now) for one in results]


def _line(one: AuditResult, names: Mapping[str, str], zone: str, now: datetime) -> CheckLine:
    state, tone = state_of(one)
    return CheckLine(
        title=str(KINDS[one.kind]),
        state=state,
        tone=tone,
        running=one.done_at is None,
        case_id=one.case_id,
        who=names.get(one.asked_by, one.asked_by),
        asked=day_and_time(one.asked_at, zone, now),
        done=day_and_time(one.done_at, zone, now) if one.done_at else "",
        version=one.code_version or "",
        findings=tuple(_finding(finding) for finding in one.findings[:_MOST_FINDINGS]),
        more=max(0, len(one.findings) - _MOST_FINDINGS),
        notes=tuple(say(note) for note in one.notes),
    )


def state_of(one: AuditResult) -> tuple[str, str]:
    """Returns what came of a check, and the tone it is said in."""
    if one.done_at is None:
        return _("running"), "hold"
    if one.passed is None:
        return _("could not be done"), "soon"
    if one.passed:
        return _("nothing found"), "fine"
    if not one.findings:
        return _("findings, erased since"), "late"
    return ngettext("%(num)s finding", "%(num)s findings", len(one.findings)), "late"


def _finding(one: Finding) -> FindingLine:
    values = ((_("Recorded"), one.recorded), (_("Found"), one.found))
    shown = (
        tuple((title, _short(value)) for title, value in values)
        if one.recorded is not None or one.found is not None
        else ()
    )
    return FindingLine(one.place, say(one.what), shown)


def _short(value: object) -> str:
    if value is None:
        return _("nothing")
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 300 else f"{text[:300]}…"
