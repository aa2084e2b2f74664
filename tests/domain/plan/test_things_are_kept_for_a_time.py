"""A plan may say how long closed cases keep what they know; nothing said is kept for ever."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from domain.plan import Plan, read_plans
from domain.plan.describe import describe
from domain.plan.retention import Retention, span_after

FOLDER = Path(__file__).parents[3] / "plans"
CLOSED = datetime(2024, 2, 29, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "day"),
    [
        ("1 day", (2024, 3, 1)),
        ("90 days", (2024, 5, 29)),
        ("1 month", (2024, 3, 29)),
        ("18 months", (2025, 8, 29)),
        ("1 year", (2025, 2, 28)),
        ("4 years", (2028, 2, 29)),
        ("999 years", (3023, 2, 28)),
    ],
)
def test_a_span_ends_on_the_same_day_or_on_the_months_last(span: str, day: tuple[int, int, int]) -> None:
    assert span_after(CLOSED, span) == datetime(*day, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"personal_data": "forever"},
        {"personal_data": "0 days"},
        {"archive": "-1 years"},
        {"personal_data": "3 years", "archive": "2 years"},
        {"personal_data": "3 years", "keep": "yes"},
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Retention.model_validate(wrong)


def test_each_of_our_plans_says_it_as_its_own_default() -> None:
    for plan in read_plans(FOLDER).values():
        assert plan.retention is not None
        assert plan.retention.source == "house"
        told = describe(plan)
        assert f"is erased {plan.retention.personal_data} after its end" in told.retention[0]
        assert f"are removed {plan.retention.archive} after its end" in told.retention[1]


def test_a_plan_that_says_nothing_keeps_everything_and_travels_as_it_did_before() -> None:
    file = tomllib.loads((FOLDER / "rapid-response.toml").read_text(encoding="utf-8"))
    del file["retention"]
    plan = Plan.model_validate(file)
    assert "retention" not in plan.model_dump(mode="json"), "recorded inputs of cases stay as they were"
    assert "kept for ever" in " ".join(describe(plan).retention)
