"""Builds a valid outcome from a task's JSON Schema alone, as a program does that knows nothing of the task."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from re import _parser  # type: ignore[attr-defined]
from typing import Any

Schema = Mapping[str, Any]
_TEXT = "As told on the telephone"
_FORMATS = {
    "date-time": "2026-11-23T14:00:00+08:00",
    "date": "2026-11-23",
    "email": "a@example.com",
    "decimal": "12.50",
}


def outcome(schema: Schema, *, everything: bool = False, **answers: Any) -> dict[str, Any]:
    """Returns an outcome that fits: what is required, what the given answers make necessary, or `everything` there is.

    `answers` fixes some fields. Raises LookupError for a keyword that is not understood.
    """
    return _Builder(schema, everything).form(schema, answers)


def answers_of(schema: Schema) -> Iterator[dict[str, str]]:
    """Yields every answer of every enumerated field of a form, one at a time: `{"result": "solved"}`, ..."""
    builder = _Builder(schema, everything=False)
    for name, field in schema["properties"].items():
        for choice in builder.resolved(field).get("oneOf", ()):
            yield {name: choice["const"]}


class _Builder:
    def __init__(self, root: Schema, everything: bool) -> None:
        self._root, self._everything = root, everything

    def resolved(self, schema: Schema) -> Schema:
        """Follows references, and leaves the null out of what may be null."""
        if "$ref" in schema:
            target: Any = self._root
            for step in schema["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            return self.resolved({**target, **{key: value for key, value in schema.items() if key != "$ref"}})
        if "anyOf" in schema:
            kinds = [kind for kind in map(self.resolved, schema["anyOf"]) if kind.get("type") != "null"]
            # A number that may be written as text is written as text: no digit is lost.
            best = next((kind for kind in kinds if kind.get("type") == "string"), kinds[0])
            return {**best, **{key: value for key, value in schema.items() if key != "anyOf"}}
        return schema

    def form(self, schema: Schema, answers: Mapping[str, Any]) -> dict[str, Any]:
        properties: Schema = schema.get("properties", {})
        wanted = [*properties] if self._everything else [*schema.get("required", ()), *answers]
        made: dict[str, Any] = {}
        extra: dict[str, Schema] = {}
        while wanted:
            name = wanted.pop(0)
            if name in made and name not in extra:
                continue
            field = {**self.resolved(properties[name]), **{k: v for k, v in extra.pop(name, {}).items() if k != "not"}}
            made[name] = answers[name] if name in answers else self.value(field)
            for rule in schema.get("allOf", ()):
                if self._applies(rule["if"], made):
                    then = rule["then"]
                    for needed in then.get("required", ()):
                        if not made.get(needed):
                            extra[needed] = then.get("properties", {}).get(needed, {})
                            wanted.append(needed)
        return made

    @staticmethod
    def _applies(condition: Schema, made: Mapping[str, Any]) -> bool:
        return all(made.get(name) == wanted["const"] for name, wanted in condition["properties"].items())

    def value(self, schema: Schema) -> Any:
        """Returns a value that a schema allows."""
        schema = self.resolved(schema)
        if "const" in schema:
            return schema["const"]
        if "oneOf" in schema:
            return self.value(schema["oneOf"][0])
        match schema.get("type"):
            case "object":
                return self.form(schema, {})
            case "array":
                count = max(schema.get("minItems", 0), int(self._everything))
                return [self.value(schema["items"]) for _ in range(count)]
            case "integer" | "number":
                return schema.get("minimum", 0)
            case "boolean":
                return True
            case "string":
                return self._text(schema)
        raise LookupError(f"cannot build a value for {dict(schema)}")

    @staticmethod
    def _text(schema: Schema) -> str:
        if schema.get("format") in _FORMATS:
            return _FORMATS[schema["format"]]
        if "pattern" in schema:
            return matching(schema["pattern"])
        text = _TEXT[: schema.get("maxLength", len(_TEXT))]
        return text.ljust(schema.get("minLength", 0), ".")


def matching(pattern: str) -> str:
    """Returns a short text that a regular expression matches. Raises LookupError for one beyond the usual."""
    text = "".join(_pieces(_parser.parse(pattern)))
    if not re.search(pattern, text):
        raise LookupError(f"cannot build a text for {pattern}")
    return text


def _pieces(parsed: Any) -> Iterator[str]:
    for code, argument in parsed:
        match str(code):
            case "LITERAL":
                yield chr(argument)
            case "IN":
                yield _one_of(argument)
            case "ANY":
                yield "a"
            case "MAX_REPEAT" | "MIN_REPEAT":
                least, most, inner = argument
                yield "".join(_pieces(inner)) * max(least, min(1, most))
            case "SUBPATTERN":
                yield from _pieces(argument[-1])
            case "BRANCH":
                yield from _pieces(argument[1][0])
            case "AT" | "ASSERT" | "ASSERT_NOT":
                continue
            case unknown:
                raise LookupError(f"cannot build a text with {unknown}")


def _one_of(members: Any) -> str:
    code, argument = members[0]
    match str(code):
        case "LITERAL":
            return chr(argument)
        case "RANGE":
            return chr(argument[0])
        case "CATEGORY":
            return "1" if "DIGIT" in str(argument) else "a"
    raise LookupError(f"cannot choose a character from {members}")
