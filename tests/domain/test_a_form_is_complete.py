"""A form is complete: a program that knows nothing of a task builds a valid outcome from its schema alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from domain.tasks import TASKS, FormInvalid
from tests.support.from_schema import answers_of, matching, outcome

SCHEMAS = {name: task.form.schema_for_people_and_programs() for name, task in TASKS.items()}
ANSWERS = [(name, answer) for name, schema in SCHEMAS.items() for answer in answers_of(schema)]


def fields_of(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every field of a form and of what it is made of."""
    for part in (schema, *schema.get("$defs", {}).values()):
        yield from part.get("properties", {}).items()


def kinds_of(schema: Mapping[str, Any], field: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """What a field may hold, references followed, null left out."""
    for kind in field.get("anyOf", [field]):
        target = schema["$defs"][kind["$ref"].rpartition("/")[2]] if "$ref" in kind else kind
        if target.get("type") != "null":
            yield target


@pytest.mark.parametrize("name", TASKS)
def test_an_outcome_built_from_the_schema_alone_is_valid(name: str) -> None:
    TASKS[name].read(outcome(SCHEMAS[name]))
    TASKS[name].read(outcome(SCHEMAS[name], everything=True))


@pytest.mark.parametrize(("name", "answer"), ANSWERS, ids=str)
def test_every_answer_can_be_given_by_the_schema_alone(name: str, answer: dict[str, Any]) -> None:
    built = outcome(SCHEMAS[name], **answer)
    form = TASKS[name].read(built)
    (field,) = answer
    assert getattr(form, field) == answer[field]


@pytest.mark.parametrize("name", TASKS)
def test_every_field_has_a_title_and_a_description(name: str) -> None:
    for field, shape in fields_of(SCHEMAS[name]):
        assert shape.get("title"), f"{field} has no title"
        assert shape.get("description"), f"{field} has no description"


@pytest.mark.parametrize("name", TASKS)
def test_every_choice_has_a_title_and_every_value_a_limit(name: str) -> None:
    schema = SCHEMAS[name]
    for field, shape in fields_of(schema):
        for kind in kinds_of(schema, shape):
            if "oneOf" in kind:
                assert all(choice["title"] != choice["const"] for choice in kind["oneOf"]), f"{field}: a bare choice"
            elif kind.get("type") == "string":
                assert {"maxLength", "pattern", "format"} & kind.keys(), f"{field} is a text without a limit"
            elif kind.get("type") == "array":
                assert "maxItems" in kind, f"{field} is a list without a limit"
            elif kind.get("type") in ("integer", "number"):
                assert {"minimum", "maximum"} <= kind.keys(), f"{field} is a number without a limit"


@pytest.mark.parametrize("name", TASKS)
def test_a_needed_field_stands_in_the_schema_as_a_condition(name: str) -> None:
    form, schema = TASKS[name].form, SCHEMAS[name]
    for (field, answer), needed in form.needs.items():
        bare = {**outcome(schema, **{field: answer})}
        for missing in needed:
            with pytest.raises(FormInvalid) as refused:
                TASKS[name].read({key: value for key, value in bare.items() if key != missing})
            assert missing in [error.path for error in refused.value.errors]


@pytest.mark.parametrize("name", TASKS)
def test_an_unknown_field_is_refused_by_name(name: str) -> None:
    with pytest.raises(FormInvalid) as refused:
        TASKS[name].read({**outcome(SCHEMAS[name]), "colour": "red"})
    assert [(error.path, error.message) for error in refused.value.errors] == [
        ("colour", "is not a field of this form")
    ]


@pytest.mark.parametrize(
    "pattern", [r"^[a-z][a-z0-9._-]{0,39}$", r"^F-[0-9A-Z]{10,40}$", r"^(customer|factory)$", r"^\d+\.?x*$"]
)
def test_a_text_is_found_for_a_pattern(pattern: str) -> None:
    assert matching(pattern)
