"""What was entered, whole: every answer under the label of its field, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from pydantic import BaseModel

from api.pages import words
from api.pages.fields import Field, Kind, fields_of
from api.pages.languages import language, say
from api.pages.times import date_words, day_and_time
from api.pages.words import spoken
from domain.case import Application, Customer, ProblemReport, Product

_PARTS: Mapping[str, type[BaseModel]] = {"customer": Customer, "product": Product, "problem": ProblemReport}


@dataclass(frozen=True)
class Reader:
    """For whom answers are told: money, zone and present of the case, people's names by sign-in name."""

    currency: str
    zone: str
    now: datetime
    names: Mapping[str, str]


@dataclass(frozen=True)
class Answers:
    """Pairs of a label and a text, and the files that were added."""

    told: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()


def answers_of(fields: Iterable[Field], values: Mapping[str, Any], reader: Reader) -> Answers:
    """Returns every value that a form declares, in the form's order; what it no longer declares, by its name."""
    told: list[tuple[str, str]] = []
    files: list[str] = []
    left = dict(values)
    for field in fields:
        value = left.pop(field.name.rpartition(".")[2], None)
        if value in (None, "", [], {}):
            continue
        if field.kind is Kind.FILES and isinstance(value, list):
            files += [str(one) for one in value]
        else:
            told.append((say(field.title), _text(field, value, reader)))
    told += [(spoken(name).capitalize(), str(value)) for name, value in left.items() if value not in (None, "", [], {})]
    return Answers(tuple(told), tuple(files))


def _text(field: Field, value: Any, reader: Reader) -> str:
    if isinstance(value, list):
        rows = field.kind is Kind.ROWS
        return "\n".join(_row(field, one, reader) if rows and isinstance(one, dict) else str(one) for one in value)
    titles = {option.value: option.title for option in field.options}
    if str(value) in titles:
        return say(titles[str(value)])
    if field.name == "language":
        return words.language(str(value))
    if field.name == "engineer":
        return reader.names.get(str(value), str(value))
    tell = {Kind.INSTANT: _instant, Kind.DAY: _day, Kind.AMOUNT: _money}.get(field.kind)
    return tell(value, reader) if tell else str(value)


def _row(field: Field, row: Mapping[str, Any], reader: Reader) -> str:
    columns = {one.name: one for one in field.columns}
    return " · ".join(
        _text(columns[name], value, reader) if name in columns else str(value)
        for name, value in row.items()
        if value not in (None, "")
    )


def _instant(value: object, reader: Reader) -> str:
    try:
        return day_and_time(datetime.fromisoformat(str(value)), reader.zone, reader.now)
    except (ValueError, OverflowError):
        return str(value)


def _day(value: object, _reader: Reader) -> str:
    try:
        return date_words(date.fromisoformat(str(value)))
    except ValueError:
        return str(value)


def _money(value: object, reader: Reader) -> str:
    try:
        return words.money(Decimal(str(value)), reader.currency)
    except InvalidOperation:
        return str(value)


def application_of(values: Mapping[str, Any], reader: Reader) -> Answers:
    """Returns what a case was opened with."""
    top = {name: value for name, value in values.items() if name not in _PARTS}
    found = [
        answers_of(_declared(part, language()), inner, reader)
        for part in ("customer", "product", "problem")
        if isinstance(inner := values.get(part), dict)
    ]
    channel = top.pop("channel", None)
    files = tuple(str(one) for one in top.pop("attachments", None) or ())
    top.pop("plan", None)
    rest = answers_of(_declared("", language()), top, reader)
    by = ((say("Channel"), str(words.CHANNELS.get(str(channel), spoken(str(channel))))),) if channel else ()
    return Answers(
        (*by, *(pair for one in found for pair in one.told), *rest.told),
        (*files, *(file for one in found for file in one.files), *rest.files),
    )


@cache
def _declared(part: str, _language: str) -> tuple[Field, ...]:
    """The fields of a part of an application in the reader's language, which is part of what they are kept by."""
    if part:
        return fields_of(_PARTS[part].model_json_schema())
    return fields_of(Application.model_json_schema(), leave_out=_PARTS)
