"""Forms refuse in plain words, field by field, and never repeat what was entered."""

from __future__ import annotations

from typing import Any

import pytest

from domain.tasks import TASKS, Choice, FormInvalid


def refused(task: str, **entered: Any) -> dict[str, str]:
    """What is wrong, by field."""
    with pytest.raises(FormInvalid) as invalid:
        TASKS[task].read(entered)
    return {error.path: error.message for error in invalid.value.errors}


def test_every_wrong_field_is_named_at_once() -> None:
    found = refused("confirm_plan", decision="confirmed", notes="x" * 4001)
    assert list(found) == ["notes"]
    assert set(refused("confirm_plan", decision="confirmed")) == {"given_by", "evidence"}


def test_a_nested_field_has_a_dotted_path() -> None:
    line = {"kind": "parts", "text": "Seal", "amount": "-1"}
    assert list(refused("workshop_inspection", cause="x", proposal="repair", explanation="x", costs=[line])) == [
        "costs.0.amount"
    ]


def test_a_line_that_is_no_group_of_fields_is_refused_without_a_name_of_the_code() -> None:
    found = refused("workshop_inspection", cause="x", proposal="repair", explanation="x", costs=["parts"])
    assert found == {"costs.0": "must be a group of named fields"}


def test_what_was_entered_is_not_repeated() -> None:
    found = refused("contact_customer", reached="the secret word")
    assert "the secret word" not in found["reached"]


@pytest.mark.parametrize("amount", ["0.001", "12345678901", "NaN", "Infinity", "1e3000", "ten"])
def test_an_amount_has_two_decimals_and_twelve_digits(amount: str) -> None:
    assert "amount" in refused("settlement", cost_list="x", payment="paid", reference="1", amount=amount)


@pytest.mark.parametrize("instant", ["2026-11-23", "2026-11-23T14:00:00", "tomorrow", "0001-01-01T00:00:00+14:00"])
def test_an_appointment_needs_date_time_and_zone(instant: str) -> None:
    assert "appointment" in refused("engineer_call", reached="yes", method="on_site", appointment=instant)


@pytest.mark.parametrize("text", ["\x00", "a\x1bb", "\x9f", "a\ud800", "   ", ""])
def test_texts_are_printable_and_not_empty(text: str) -> None:
    assert "requirement" in refused("contact_customer", reached="yes", requirement=text)


def test_a_null_is_the_same_as_nothing() -> None:
    form = TASKS["contact_customer"].read({"reached": "no_answer", "requirement": None, "notes": None})
    assert form.model_dump(exclude_none=True, exclude_defaults=True) == {"reached": "no_answer"}


@pytest.mark.parametrize("name", TASKS)
def test_only_a_task_that_waits_for_somebody_outside_can_be_an_attempt(name: str) -> None:
    task = TASKS[name]
    choices = [field.annotation for field in task.form.model_fields.values()]
    can_be_attempt = any(
        isinstance(choice, type) and issubclass(choice, Choice) and "no_answer" in {member.value for member in choice}
        for choice in choices
    )
    assert task.waits_for in ("customer", "factory") or not can_be_attempt


@pytest.mark.parametrize("name", TASKS)
def test_a_task_explains_itself(name: str) -> None:
    task = TASKS[name]
    assert task.name == name
    assert task.title
    assert task.guidance.endswith(".")
    assert task.clause[0] in "RMTQWX"
