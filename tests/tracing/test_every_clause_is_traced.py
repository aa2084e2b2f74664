"""Each clause is led to the scenarios that drive it; a page that is wrong or stale is refused."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from textwrap import dedent

import pytest

from domain.plan import read_plans
from domain.plan.clauses import EVERY_PLAN, clauses, required
from domain.tasks import TASKS
from tests.support.traceability import ROOT, marked, problems, read, results_of, written
from tests.support.tracing import Tracer

pytest_plugins = ["pytester"]
PLANS = read_plans(ROOT / "plans")
ALL = {clause.id: {f"tests/workflows/test_{clause.id}.py::test_it": "passed"} for clause in required(PLANS)}
SCENARIOS = {test: {clause} for clause, tests in ALL.items() for test in tests}


def test_the_clauses_are_those_of_the_five_procedures_and_what_holds_in_all() -> None:
    counted = Counter(clause.plan for clause in clauses().values())
    assert counted == {
        "rapid-response": 10,
        "maintenance-center": 10,
        "factory-direct": 12,
        "quality-procedure": 8,
        "warranty-repair": 7,
        EVERY_PLAN: 12,
    }
    assert all(clause.text.endswith(".") and len(clause.text) < 140 for clause in clauses().values())


def test_no_scenario_or_task_names_a_clause_that_does_not_exist() -> None:
    assert {clause for marks in marked().values() for clause in marks} <= clauses().keys()
    assert {task.clause for task in TASKS.values()} <= clauses().keys()


def test_a_plan_needs_its_own_clauses_and_those_of_every_plan() -> None:
    assert {clause.id[0] for clause in required(["warranty-repair"])} == {"W", "X"}
    assert {clause.id[0] for clause in required([])} == {"X"}


def test_a_page_says_again_what_was_written_into_it() -> None:
    page = written(ALL | {"R3": {"tests/a.py::test_a": "failed", "tests/a.py::test_b": "passed"}}, PLANS)
    said = read(page)
    assert said.keys() >= ALL.keys()
    assert said["R9"] == (set(ALL["R9"]), "passed")
    assert said["R3"] == ({"tests/a.py::test_a", "tests/a.py::test_b"}, "failed: `tests/a.py::test_a`")
    assert "| R9 |" in page
    assert "`tasks.follow_up`" in page, "the key that cites the clause"


def test_the_results_of_a_page_are_read_as_they_were_written() -> None:
    results = ALL | {"R3": {"a.py::test_a": "failed", "a.py::test_b": "passed", "a.py::test_c": "skipped"}, "R4": {}}
    assert results_of(written(results, PLANS)) == results


def test_a_run_of_some_keeps_what_is_said_of_the_others_that_still_exist(tmp_path: Path) -> None:
    existing = sorted(test for test, marks in marked().items() if "R3" in marks)
    before = {"R3": {existing[0]: "failed", existing[1]: "passed", "tests/gone.py::test_gone": "passed"}}
    tracer = Tracer(tmp_path / "page.md", written(before, PLANS))
    tracer.results = {"R3": {existing[0]: "passed"}}
    tracer.pytest_sessionfinish(pytest.ExitCode.OK)
    assert results_of((tmp_path / "page.md").read_text(encoding="utf-8"))["R3"] == dict.fromkeys(existing[:2], "passed")


def test_a_page_that_fits_the_tests_is_accepted() -> None:
    assert problems(written(ALL, PLANS), SCENARIOS, PLANS) == []


def test_a_page_that_is_missing_names_every_clause() -> None:
    assert problems("", {}, PLANS) == [f"{clause}: no scenario" for clause in ALL]


@pytest.mark.parametrize(
    ("results", "scenarios", "said"),
    [
        ({"R4": {}}, {}, "R4: no scenario"),
        ({"R4": {"tests/a.py::test_a": "failed"}}, {"tests/a.py::test_a": {"R4"}}, "R4: failed: `tests/a.py::test_a`"),
        ({"R4": {"a.py::test_a": "skipped"}}, {"a.py::test_a": {"R4"}}, "R4: skipped: `a.py::test_a`"),
        ({"R4": {"tests/a.py::test_a": "passed"}}, {}, "R4: tests/a.py::test_a no longer exists"),
        ({}, {"tests/b.py::test_b": {"R4"}}, "R4: tests/b.py::test_b is not in the page"),
    ],
)  # fmt: skip
def test_what_speaks_against_a_page_is_named(
    results: dict[str, dict[str, str]], scenarios: dict[str, set[str]], said: str
) -> None:
    known = {test: marks for test, marks in SCENARIOS.items() if marks != {"R4"} or "R4" not in results}
    assert problems(written(ALL | results, PLANS), known | scenarios, PLANS) == [said]


def test_a_clause_of_a_plan_that_is_not_written_yet_is_not_asked_for() -> None:
    assert problems(written(ALL, PLANS), SCENARIOS | {"tests/c.py::test_c": {"W7"}}, ["rapid-response"]) == []


def test_marks_are_read_from_tests_classes_modules_and_variants(tmp_path: Path) -> None:
    for folder in ("workflows", "domain"):
        (tmp_path / "tests" / folder).mkdir(parents=True)
    source = """
        import pytest
        pytestmark = [pytest.mark.clause("X1")]

        @pytest.mark.clause("R1", "R2")
        @pytest.mark.parametrize("way", [pytest.param(1, marks=pytest.mark.clause("R6"))])
        async def test_one(way): ...

        @pytest.mark.clause("R3")
        class TestTogether:
            def test_two(self): ...
            def helper(self): ...
    """
    for folder in ("workflows", "domain"):
        (tmp_path / "tests" / folder / "test_it.py").write_text(dedent(source))
    assert marked(tmp_path) == {
        "tests/workflows/test_it.py::test_one": {"X1", "R1", "R2", "R6"},
        "tests/workflows/test_it.py::TestTogether::test_two": {"X1", "R3"},
    }


def test_a_run_writes_how_each_scenario_went_with_its_variants_as_one(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyfile(
        test_it="""
        import pytest

        @pytest.mark.clause("R1")
        def test_well(): ...

        @pytest.mark.clause("R2", "X2")
        @pytest.mark.parametrize("number", [1, 2, 3])
        def test_wrong_once(number): assert number != 2

        @pytest.mark.clause("R3")
        def test_not_now(): pytest.skip("no engine")

        def test_of_no_clause(): ...
        """
    )
    pytester.makeini("[pytest]\nmarkers = clause(*ids): clauses")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    pytester.runpytest_subprocess(
        "-p", "tests.support.tracing", "--trace-to", "page.md", "-m", "clause", "-p", "no:cacheprovider"
    )
    said = read((pytester.path / "page.md").read_text(encoding="utf-8"))
    assert said["R1"] == ({"test_it.py::test_well"}, "passed")
    assert said["R2"] == said["X2"] == ({"test_it.py::test_wrong_once"}, "failed: `test_it.py::test_wrong_once`")
    assert said["R3"][1] == "skipped: `test_it.py::test_not_now`"
    assert said["R4"] == (set(), "no scenario")
