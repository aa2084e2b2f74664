"""Every clause of the procedure, and every rule that holds in all of them, is driven through the engine here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from domain.tasks import TASKS

CLAUSES = [*(f"R{number}" for number in range(1, 11)), *(f"X{number}" for number in range(1, 13))]
KNOWN = {
    f"{series}{number}"
    for series, last in zip("RMTQWX", (10, 10, 12, 8, 7, 12), strict=True)
    for number in range(1, last + 1)
}
SCENARIOS = "".join(file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*.py"))
MARKED = {
    clause for marks in re.findall(r"mark\.clause\(([^)]*)\)", SCENARIOS) for clause in re.findall(r'"(\w+)"', marks)
}


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_clause_has_a_scenario(clause: str) -> None:
    assert clause in MARKED


def test_no_scenario_or_task_names_a_clause_that_does_not_exist() -> None:
    assert MARKED <= KNOWN
    assert {task.clause for task in TASKS.values()} <= KNOWN
