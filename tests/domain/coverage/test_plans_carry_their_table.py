"""A plan file carries its coverage table, and what is wrong in it is named by its key."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.plan import Resolution, check_file, read_plan
from tests.domain.coverage.walk import NAMES, PLANS, table

PLAN = (Path(__file__).parents[3] / "plans" / "rapid-response.toml").read_text(encoding="utf-8").split("[[coverage")[0]


def plan_with(tmp_path: Path, coverage: str) -> Path:
    file = tmp_path / "rapid-response.toml"
    file.write_text(f"{PLAN}\n{coverage}", encoding="utf-8")
    return file


@pytest.mark.parametrize("name", NAMES)
def test_a_plan_carries_its_table_into_the_case(name: str) -> None:
    plan = read_plan(PLANS / f"{name}.toml")
    assert plan.coverage == table(name)
    assert type(plan).model_validate_json(plan.model_dump_json()).coverage == table(name), "as a case carries it"
    assert set(plan.coverage.named_routes()) <= set(Resolution)


def test_a_plan_without_a_table_decides_nothing(tmp_path: Path) -> None:
    assert read_plan(plan_with(tmp_path, "")).coverage.rules == ()


def test_a_resolution_that_the_plan_does_not_offer_is_named(tmp_path: Path) -> None:
    text = """
        [[coverage.rules]]
        title = "By balloon"
        source = "house"
        when = { route = ["remote", "balloon"] }
        everything_else = "company"
    """
    (problem,) = check_file(plan_with(tmp_path, text))
    assert (problem.key, problem.reason) == (
        "coverage.rules.0.when.route",
        "the plan offers no resolution 'balloon'",
    )


def test_a_contradiction_is_named_under_the_table(tmp_path: Path) -> None:
    text = """
        [[coverage.rules]]
        title = "Ours"
        source = "house"
        everything_else = "company"
        [[coverage.rules]]
        title = "Theirs"
        source = "house"
        pays = { travel = "customer" }
    """
    (problem,) = check_file(plan_with(tmp_path, text))
    assert problem.key == "coverage"
    assert problem.reason == "rules “Ours” (house) and “Theirs” (house) decide travel differently (always)"
