from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from domain.clocks import Budget, Unit


class Task(BaseModel):
    budget: Budget


@pytest.mark.parametrize("text", ["1 s", "30 min", "12 h", "4 d", "90 working min", "8 working h", "5 bd"])
def test_a_budget_reads_and_writes_the_same_text(text: str) -> None:
    assert Task.model_validate({"budget": text}).model_dump_json() == f'{{"budget":"{text}"}}'
    assert str(Budget.parse(text)) == text


@given(st.integers(1, 2_000), st.sampled_from(list(Unit)))
def test_every_budget_survives_a_round_trip(amount: int, unit: Unit) -> None:
    budget = Budget(amount=amount, unit=unit)
    assert Budget.model_validate_json(budget.model_dump_json()) == budget


@pytest.mark.parametrize(
    "text", ["", "12", "h", "12h", "0 h", "-1 h", "1.5 h", "5 business weeks", "5 BD", "1e3 s", "٣ h"]
)
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValidationError, match='such as "12 h"'):
        Budget.parse(text)


@pytest.mark.parametrize("text", ["3661 d", "2501 bd", "20001 working h", "999999999 s"])
def test_no_wait_is_without_limit(text: str) -> None:
    with pytest.raises(ValidationError, match="ten years"):
        Budget.parse(text)


def test_a_number_alone_or_an_unknown_key_is_no_budget() -> None:
    for wrong in (12, 12.5, None, ["12 h"], {"amount": 0, "unit": "h"}, {"amount": 1, "unit": "h", "more": 1}):
        with pytest.raises(ValidationError):
            Budget.model_validate(wrong)


def test_a_budget_knows_its_length_and_whether_it_needs_a_calendar() -> None:
    assert Budget.parse("4 d").length == timedelta(hours=96)
    assert Budget.parse("90 working min").length == timedelta(minutes=90)
    assert [unit.value for unit in Unit if Budget(amount=1, unit=unit).needs_calendar] == [
        "working min",
        "working h",
        "bd",
    ]
    with pytest.raises(ValueError, match="no fixed length"):
        _ = Budget.parse("5 bd").length


def test_the_schema_of_a_budget_is_a_text_with_a_pattern() -> None:
    schema = Task.model_json_schema()["$defs"]["Budget"]
    assert schema["type"] == "string"
    assert "12 h" in schema["examples"]
