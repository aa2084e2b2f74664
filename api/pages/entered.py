"""What a person entered on a page: kept as typed for showing again, and read into the values that a form expects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel
from starlette.datastructures import FormData, UploadFile

from api.pages.fields import Field, Kind
from api.pages.languages import _
from api.pages.times import from_input

EMPTY_ROWS = 6
"""Lines offered for a list of rows, so that it can be filled in without a script."""
_MOST_ROWS = 60
_LONGEST_REFUSAL = 500


@dataclass
class Entered:
    """The typed text by input name, the identifiers of files already stored, and the files that came along."""

    texts: dict[str, str] = field(default_factory=dict)
    kept: dict[str, list[str]] = field(default_factory=dict)
    uploads: dict[str, list[UploadFile]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    """Files that were sent ahead of the form and refused, with the reason, by input name."""

    @classmethod
    def from_form(cls, form: FormData) -> Entered:
        """Sorts what was posted: text, ticked files (`<name>.kept`), new files (`<name>.files`)."""
        entered = cls()
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                if value.filename and name.endswith(".files"):
                    place = name.removesuffix(".files").removesuffix(".camera")
                    entered.uploads.setdefault(place, []).append(value)
            elif name.endswith(".refused"):
                entered.refused[name.removesuffix(".refused")] = value[:_LONGEST_REFUSAL]
            elif name.endswith(".kept"):
                entered.kept.setdefault(name.removesuffix(".kept"), []).append(value)
            else:
                entered.texts[name] = value.replace("\r\n", "\n")
        return entered

    @classmethod
    def of(cls, known: BaseModel, fields: Iterable[Field]) -> Entered:
        """What is known already, as if a person had typed it; without files and rows."""
        values = {one.name: getattr(known, one.name) for one in fields if one.kind not in (Kind.FILES, Kind.ROWS)}
        return cls(texts={name: _typed(value) for name, value in values.items() if value is not None})

    def text(self, name: str) -> str:
        """What was typed into an input, trimmed; empty when nothing was."""
        return self.texts.get(name, "").strip()

    def rows(self, rows: Field) -> list[int]:
        """The numbers of the rows to show: those filled in, then empty ones up to the usual number."""
        filled = len(self._filled(rows))
        most = rows.most or _MOST_ROWS
        return list(range(min(most, max(EMPTY_ROWS, filled + 2))))

    def values(self, fields: Iterable[Field], zone: str) -> tuple[dict[str, Any], dict[str, str]]:
        """The values by the last part of their path, and what could not be read by input name."""
        found: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for one in fields:
            key = one.name.rpartition(".")[2]
            if one.kind is Kind.FILES:
                if ids := self.kept.get(one.name, []):
                    found[key] = list(dict.fromkeys(ids))
            elif one.kind is Kind.LINES:
                if lines := [line.strip() for line in self.text(one.name).splitlines() if line.strip()]:
                    found[key] = lines
            elif one.kind is Kind.ROWS:
                if rows := self._rows(one):
                    found[key] = rows
            elif text := self.text(one.name):
                try:
                    found[key] = _value(one.kind, text, zone)
                except ValueError:
                    wrong[one.name] = _("is not a date and time, for example 2026-11-23 14:00")
        return found, wrong

    def _filled(self, rows: Field) -> list[dict[str, str]]:
        names = [column.name for column in rows.columns]
        typed = {name for column in rows.columns if column.kind is not Kind.CHOICE for name in (column.name,)}
        found = []
        for number in range(_MOST_ROWS):
            row = {name: self.text(f"{rows.name}.{number}.{name}") for name in names}
            if any(row[name] for name in typed):
                found.append(row)
        return found

    def _rows(self, rows: Field) -> list[dict[str, Any]]:
        """The filled rows, moved together so that the number in an error is the number on the page."""
        filled = self._filled(rows)
        for name in [name for name in self.texts if name.startswith(f"{rows.name}.")]:
            del self.texts[name]
        for number, row in enumerate(filled):
            for name, text in row.items():
                self.texts[f"{rows.name}.{number}.{name}"] = text
        return [{name: text for name, text in row.items() if text} for row in filled]


def _typed(value: object) -> str:
    if isinstance(value, tuple):
        return "\n".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _value(kind: Kind, text: str, zone: str) -> Any:
    match kind:
        case Kind.INSTANT:
            return from_input(text, zone).isoformat()
        case Kind.SCALE | Kind.NUMBER:
            return int(text) if text.isascii() and text.removeprefix("-").isdigit() and len(text) < 20 else text
        case _:
            return text


def nested(parts: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Objects by name without the empty ones."""
    return {name: dict(values) for name, values in parts.items() if values}
