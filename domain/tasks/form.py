"""Forms: what a person enters to complete a user task, declared once for workflow, API and pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, GetJsonSchemaHandler, ValidationError
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from domain.model import Frozen

NO_ANSWER = "no_answer"
"""The value of every choice that says that nobody answered."""


class Choice(StrEnum):
    """An enumerated answer; each member carries the title a person reads: `YES = "yes", "The customer answered"`."""

    title_text: str

    def __new__(cls, value: str, title: str = "") -> Self:
        """Makes the member `value`, shown as `title`."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.title_text = title or value
        return member

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Shows every member with its title."""
        return {"type": "string", "oneOf": [{"const": member.value, "title": member.title_text} for member in cls]}


class FieldError(Frozen):
    """What is wrong with one field. `path` is dotted, `costs.0.amount`; empty when it is about the whole form."""

    path: str
    message: str


class FormInvalid(ValueError):
    """An outcome does not fit its form. `errors` names each field and why."""

    def __init__(self, errors: tuple[FieldError, ...]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{error.path}: {error.message}" for error in errors))


class Form(BaseModel):
    """The outcome of a user task.

    `needs` says which fields an answer makes necessary: `{("result", "complex"): ("explanation",)}`. It is checked on
    reading and stands in the JSON Schema as if/then, so that a program can build a valid outcome from the schema alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    needs: ClassVar[dict[tuple[str, str], tuple[str, ...]]] = {}
    conditions: ClassVar[tuple[dict[str, Any], ...]] = ()
    """Further conditions of the JSON Schema, for what is checked elsewhere."""

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        """Validates what was entered. Raises FormInvalid with every field that is wrong."""
        entered = {name: value for name, value in raw.items() if value is not None}
        try:
            form = cls.model_validate(entered)
        except ValidationError as invalid:
            raise FormInvalid(field_errors(invalid)) from None
        missing = [
            FieldError(path=name, message=f"is needed when {field} is “{answer}”")
            for (field, answer), names in cls.needs.items()
            if getattr(form, field) == answer
            for name in names
            if getattr(form, name) in (None, "", ())
        ]
        if missing:
            raise FormInvalid(tuple(missing))
        return form

    @property
    def is_attempt(self) -> bool:
        """True when the person tried and nobody answered (X10): the task is not done by that."""
        answers = (getattr(self, name) for name in type(self).model_fields)
        return any(isinstance(answer, Choice) and answer == NO_ANSWER for answer in answers)

    @classmethod
    def schema_for_people_and_programs(cls) -> dict[str, Any]:
        """Returns the JSON Schema of the outcome, complete with titles, descriptions, limits and conditions."""
        schema = cls.model_json_schema(mode="validation")
        conditions = list(cls.conditions)
        for (field, answer), names in cls.needs.items():
            then = {"required": list(names), "properties": {name: _not_empty(schema, name) for name in names}}
            conditions.append({"if": {"properties": {field: {"const": answer}}, "required": [field]}, "then": then})
        if conditions:
            schema["allOf"] = conditions
        return schema


def _not_empty(schema: dict[str, Any], name: str) -> dict[str, Any]:
    """What a field must hold once it is needed: something, not the null or the empty list it may default to."""
    kinds = schema["properties"][name].get("anyOf", [schema["properties"][name]])
    present = [kind for kind in kinds if kind.get("type") != "null"]
    if present and present[0].get("type") == "array":
        return {"type": "array", "minItems": 1}
    return {"not": {"type": "null"}}


_PLAIN_WORDS = {
    "missing": "is needed",
    "extra_forbidden": "is not a field of this form",
    "timezone_aware": "needs a time zone, for example 2026-11-23T14:00:00+08:00",
    "model_type": "must be a group of named fields",
    "model_attributes_type": "must be a group of named fields",
}
_BRANCH = re.compile(r"(?:function-[a-z]+|literal)\[.*\]")
"""How pydantic names the branch of a union in a path: no field of ours is called ``literal['agreed']``."""


def field_errors(invalid: ValidationError) -> tuple[FieldError, ...]:
    """Turns pydantic's findings into field errors in plain words; the entered values themselves are left out."""
    return tuple(
        FieldError(
            path=".".join(str(part) for part in error["loc"] if not _BRANCH.fullmatch(str(part))),
            message=_PLAIN_WORDS.get(error["type"], error["msg"].removeprefix("Value error, ")),
        )
        for error in invalid.errors(include_url=False, include_input=False, include_context=False)
    )
