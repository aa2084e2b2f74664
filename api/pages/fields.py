"""From a declared form to the fields of a page: the JSON Schema is the only source, no task has a page of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from api.pages.languages import _, lazy, say


class Kind(StrEnum):
    """How a field is entered."""

    CHOICE = "choice"
    PICK = "pick"
    LINE = "line"
    PROSE = "prose"
    LINES = "lines"
    INSTANT = "instant"
    DAY = "day"
    SCALE = "scale"
    NUMBER = "number"
    AMOUNT = "amount"
    FILES = "files"
    ROWS = "rows"


@dataclass(frozen=True)
class Option:
    """One answer of a choice; `notes` are short reasons shown under its title."""

    value: str
    title: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """One field of a page's form.

    `name` is the dotted path of the value, which is also the name of the input and the path of its error.
    `when` lists the answers that make it necessary; `follows` says that it means nothing without one of them, so that
    a page may hide it.
    """

    name: str
    title: str
    hint: str
    kind: Kind
    required: bool
    options: tuple[Option, ...] = ()
    longest: int | None = None
    least: int | None = None
    most: int | None = None
    when: tuple[tuple[str, str], ...] = ()
    when_words: str = ""
    follows: bool = False
    columns: tuple[Field, ...] = ()
    only: str | None = None
    """The one value that fits, shown and not to be changed."""

    @property
    def id(self) -> str:
        """The element's id on the page."""
        return "f-" + re.sub(r"[^a-z0-9]+", "-", self.name.lower())


@dataclass(frozen=True)
class Place:
    """Where an input stands on its page: what a finding about it is called by, and what leads there."""

    id: str
    title: str


def places_of(fields: Iterable[Field], rows: Mapping[str, Sequence[int]] | None = None) -> dict[str, Place]:
    """The places of all inputs by name; `rows` are the numbers of the rows shown of each field of rows."""
    found = {}
    for one in fields:
        found[one.name] = Place(one.id, one.title)
        for row in (rows or {}).get(one.name, ()):
            for column in one.columns:
                where = {"field": one.title, "row": row + 1, "column": column.title.lower()}
                place = Place(one.id, _("%(field)s, line %(row)s, %(column)s", **where))
                found[f"{one.name}.{row}.{column.name}"] = place
    return found


_LENGTHS = re.compile(r",? ?(up to [\d,]+ characters|two decimals at most)(?=\.|$)", re.IGNORECASE)
_FILES_HINT = lazy("Photos, videos, scans or papers, 20 at most.")
_RECOMMENDED = lazy("Recommended, not required.")
_ALWAYS_SHOWN = frozenset({Kind.FILES, Kind.ROWS})


def fields_of(
    schema: Mapping[str, Any],
    *,
    prefix: str = "",
    choices: Mapping[str, Sequence[Option]] | None = None,
    leave_out: Iterable[str] = (),
) -> tuple[Field, ...]:
    """The fields of an object schema in its order.

    `choices` fills what the schema leaves to the moment (`x-choices`), by name. `prefix` goes before every name.
    """
    conditions = _conditions(schema)
    required = set(schema.get("required", ()))
    skip = set(leave_out)
    found = []
    for name, raw in schema.get("properties", {}).items():
        if name in skip:
            continue
        field = _field(f"{prefix}{name}", raw, schema.get("$defs", {}), choices or {}, needed=name in required)
        when = conditions.get(name, ())
        if when:
            follows = field.kind not in _ALWAYS_SHOWN and name != "notes" and name not in required
            field = replace(
                field,
                hint=field.hint.removesuffix(str(_RECOMMENDED)).strip(),
                when=tuple((f"{prefix}{other}", answer) for other, answer in when),
                when_words=_in_words(schema, when),
                follows=follows,
            )
        found.append(field)
    return tuple(found)


def _field(
    name: str, raw: Mapping[str, Any], defs: Mapping[str, Any], choices: Mapping[str, Sequence[Option]], *, needed: bool
) -> Field:
    spec = _plain(raw, defs)
    hint = _LENGTHS.sub("", spec.get("description", "")).strip()
    title = spec.get("title", name.rpartition(".")[2].replace("_", " ").capitalize())
    hint = say(hint) if hint != "." else ""
    base: dict[str, Any] = {"name": name, "title": say(title), "hint": hint, "required": needed}
    if source := spec.get("x-choices"):
        offered = tuple(choices.get(source, ()))
        if offered:
            return Field(**base | {"hint": ""}, kind=Kind.CHOICE, options=offered)
    if "oneOf" in spec:
        options = tuple(Option(str(one["const"]), say(one.get("title", str(one["const"])))) for one in spec["oneOf"])
        return Field(**base, kind=Kind.CHOICE, options=options)
    if spec.get("type") == "array":
        return _list_field(base, spec, defs, choices)
    return _plain_field(base, spec)


def _plain_field(base: dict[str, Any], spec: Mapping[str, Any]) -> Field:
    if "const" in spec:
        return Field(**base, kind=Kind.LINE, only=str(spec["const"]))
    match spec.get("type"):
        case "boolean":
            return Field(**base, kind=Kind.CHOICE, options=(Option("true", _("Yes")), Option("false", _("No"))))
        case "integer":
            least, most = spec.get("minimum"), spec.get("maximum")
            few = least is not None and most is not None and most - least <= 10
            return Field(**base, kind=Kind.SCALE if few else Kind.NUMBER, least=least, most=most)
        case "number":
            return Field(**base, kind=Kind.AMOUNT, least=0)
    if spec.get("format") in ("date-time", "date"):
        return Field(**base, kind=Kind.INSTANT if spec["format"] == "date-time" else Kind.DAY)
    longest = spec.get("maxLength")
    return Field(**base, kind=Kind.PROSE if longest and longest > 200 else Kind.LINE, longest=longest)


def _list_field(
    base: dict[str, Any], spec: Mapping[str, Any], defs: Mapping[str, Any], choices: Mapping[str, Sequence[Option]]
) -> Field:
    items = _plain(spec.get("items", {}), defs)
    most = spec.get("maxItems")
    if items.get("type") == "string" and "pattern" not in items:  # a file is named by its identifier, which has one
        hint = f"{base['hint']} {_('One in each line.')}".strip()
        return Field(**base | {"hint": hint}, kind=Kind.LINES, most=most)
    if "properties" not in items:
        return Field(
            **base | {"hint": f"{_FILES_HINT} {_RECOMMENDED}"}, kind=Kind.FILES, most=most, least=spec.get("minItems")
        )
    needed = set(items.get("required", ()))
    columns = tuple(
        _field(name, raw, defs, choices, needed=name in needed) for name, raw in items["properties"].items()
    )
    return Field(**base, kind=Kind.ROWS, most=most, columns=columns)


def _plain(raw: Mapping[str, Any], defs: Mapping[str, Any]) -> dict[str, Any]:
    """A schema without references and without null, titles and descriptions of the place before those of the type."""
    spec = dict(raw)
    if "$ref" in spec:
        spec = {**_plain(defs[spec.pop("$ref").rpartition("/")[2]], defs), **spec}
    kinds = [kind for kind in spec.get("anyOf", ()) if kind.get("type") != "null"]
    if kinds:
        rest = {key: value for key, value in spec.items() if key != "anyOf"}
        spec = {**_plain(kinds[0], defs), **rest}
    return spec


def _conditions(schema: Mapping[str, Any]) -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for rule in schema.get("allOf", ()):
        for field, answer in rule.get("if", {}).get("properties", {}).items():
            for name in rule.get("then", {}).get("required", ()):
                found.setdefault(name, []).append((field, str(answer.get("const"))))
    return {name: tuple(when) for name, when in found.items()}


def _in_words(schema: Mapping[str, Any], when: Sequence[tuple[str, str]]) -> str:
    defs = schema.get("$defs", {})
    answers = []
    for field, answer in when:
        spec = _plain(schema["properties"][field], defs)
        titles = {str(one["const"]): one.get("title") or answer for one in spec.get("oneOf", ())}
        if answer in titles:  # a case may offer fewer answers than the declaration
            answers.append(f"“{say(titles[answer])}”")
    return _("Needed for %(answers)s", answers=_(" or ").join(answers)) if answers else ""
