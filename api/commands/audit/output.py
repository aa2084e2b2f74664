"""How every command of an auditor shows what it found, and ends."""

from __future__ import annotations

import sys
import time
from json import dumps as to_json
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import typer

from domain.record import Audited

_EVERY = 0.2
ERASED = "erased: "
"""How the note of a case begins that was not looked at because its key was destroyed."""


def show(
    audited: Audited, *, json: bool, file: Path | None = None, notes: bool = True, most: int | None = None
) -> None:
    """Prints one outcome: a line of JSON, or the case (and the file it is of) in words with its findings below it.

    `most` is how many findings are told in words; the rest is counted.
    """
    if json:
        typer.echo(dumps({**({"file": str(file)} if file else {}), **audited.model_dump(mode="json")}))
        return
    name = audited.case_id if file is None or file.name == audited.case_id else f"{audited.case_id} ({file})"
    typer.echo(f"{name}: {_said(audited)}")
    for finding in audited.findings[:most]:
        typer.echo(f"  {finding.sentence()}")
    if most is not None and len(audited.findings) > most:
        typer.echo(f"  and {len(audited.findings) - most} more, all with --json")
    for note in audited.notes if notes else ():
        typer.echo(f"  note: {note}")


def dumps(value: Any) -> str:
    """Returns a value as a line of JSON."""
    return to_json(value, ensure_ascii=False)


def _said(audited: Audited) -> str:
    if audited.findings:
        return _counted(len(audited.findings))
    return "erased" if any(note.startswith(ERASED) for note in audited.notes) else "nothing found"


def _counted(findings: int) -> str:
    return "1 finding" if findings == 1 else f"{findings} findings"


class Tally:
    """Counts outcomes; says at the end how many there were and with which status the command ends."""

    def __init__(self) -> None:
        self.cases = self.failed = self.erased = 0

    def add(self, audited: Audited) -> None:
        """Counts one more."""
        self.cases += 1
        self.failed += not audited.passed
        self.erased += any(note.startswith(ERASED) for note in audited.notes)

    @property
    def exit_code(self) -> int:
        """0 when nothing was found, 1 otherwise."""
        return 1 if self.failed else 0

    def sentence(self, done: str, *, one: str = "archive", many: str = "archives") -> str:
        """Returns the last line for people: `3 archives verified, nothing found`."""
        looked = self.cases - self.erased
        counted = f"{looked} {one if looked == 1 else many} {done}"
        if self.erased:
            counted += f", {self.erased} erased and not looked at"
        return f"{counted}, nothing found" if not self.failed else f"{counted}, {self.failed} with findings"


class Progress:
    """A line on standard error that says how far the work is, rewritten in place; nothing where nobody watches."""

    def __init__(self, doing: str, total: int | None, *, wanted: bool | None = None) -> None:
        self._doing, self._total, self._done = doing, total, 0
        self._shown = sys.stderr.isatty() if wanted is None else wanted
        self._began = self._last = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def step(self) -> None:
        """One more is done."""
        self._done += 1
        if self._shown and time.monotonic() - self._last >= _EVERY:
            self._last = time.monotonic()
            self._write("\r")

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leaves the last state of the line standing."""
        if self._shown:
            self._write("\r")
            sys.stderr.write("\n")

    def _write(self, start: str) -> None:
        rate = self._done / max(time.monotonic() - self._began, 1e-6)
        of = f" of {self._total}" if self._total is not None else ""
        sys.stderr.write(f"{start}{self._doing}: {self._done}{of}, {rate:.0f} a second ")
        sys.stderr.flush()
