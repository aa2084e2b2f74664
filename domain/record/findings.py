"""What an audit found, in words that a person reads and a program can count."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any

from domain.model import Frozen, Instant


class AuditKind(StrEnum):
    """What was audited: the file itself, its replay, the database against it, the code against what is open."""

    VERIFY = "verify"
    REPLAY = "replay"
    COMPARE = "compare"
    PREFLIGHT = "preflight"


class Finding(Frozen):
    """One thing that is not as it should be.

    `place` says where (`archive C-… documents/D-1`, `event 12`, `tasks.site_visit.due_at`), `what` says what is wrong
    in a sentence without jargon. `recorded` and `found` are the two values that differ, plain JSON, where two do.
    """

    place: str
    what: str
    recorded: Any | None = None
    found: Any | None = None

    def sentence(self) -> str:
        """Returns the finding as one line: `place: what (recorded …, found …)`."""
        if self.recorded is None and self.found is None:
            return f"{self.place}: {self.what}"
        return f"{self.place}: {self.what} (recorded {_short(self.recorded)}, found {_short(self.found)})"


class Audited(Frozen):
    """The outcome of one audit of one case or file.

    `case_id` is the case number, or the name of a file that names no case. `notes` say what could not be checked and
    why; they are no findings. `at` is real UTC, `code_version` the version that audited.
    """

    case_id: str
    kind: AuditKind
    passed: bool
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    code_version: str
    at: Instant

    @classmethod
    def of(
        cls,
        case_id: str,
        kind: AuditKind,
        findings: tuple[Finding, ...],
        *,
        notes: tuple[str, ...] = (),
        code_version: str,
        at: Instant,
    ) -> Audited:
        """Returns an outcome that passed exactly when nothing was found."""
        return cls(
            case_id=case_id,
            kind=kind,
            passed=not findings,
            findings=findings,
            notes=notes,
            code_version=code_version,
            at=at,
        )


_SHOWN = 160
_HASH = re.compile(r"[0-9a-f]{64}")
_BEGINNING = 12


def _short(value: Any) -> str:
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else repr(value)
    if _HASH.fullmatch(text):
        return f"{text[:_BEGINNING]}…"  # enough to tell two apart; the whole of it is in the JSON
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
