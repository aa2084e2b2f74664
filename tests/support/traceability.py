"""The traceability page: each clause, the plan keys that cite it, the scenarios that drive it, and how they went.

`make trace` runs the scenarios and writes the page (`tests.support.tracing`). Run as a program, this module holds the
page against the tests without running them, which takes a second: `make check` does.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from domain.plan import Plan, read_plans
from domain.plan.clauses import EVERY_PLAN, Clause, cited, clauses, required

ROOT = Path(__file__).resolve().parents[2]
PAGE = "docs/traceability.md"
RULES_ALONE = "tests/domain"
"""Tests of rules carry marks too, but a clause counts as working when a scenario drives it through the engine."""
PASSED = "passed"
NONE = "no scenario"
Results = Mapping[str, Mapping[str, str]]
"""By clause: each scenario (`path::name`) with its outcome."""
_HEAD = """# Traceability

Which scenario drives which clause of the procedures through the engine, and how it went. `make trace` runs them and
writes this page; `make check` refuses it when a clause has no passing scenario or the tests have changed since.
A key is where the plan cites the clause; without one, the clause is fulfilled by how the stages are written.
"""


def marked(root: Path = ROOT) -> dict[str, set[str]]:
    """Returns every scenario (`path::name`) with the clauses it is marked with, read from the sources."""
    found: dict[str, set[str]] = {}
    for path in sorted((root / "tests").rglob("test_*.py")):
        name = path.relative_to(root).as_posix()
        if name.startswith(RULES_ALONE):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        own = [line.value for line in tree.body if isinstance(line, ast.Assign) and "pytestmark" in _targets(line)]
        found |= _tests(tree.body, name, {clause for mark in own for clause in _clauses(mark)})
    return found


def _tests(body: Iterable[ast.stmt], where: str, outer: set[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in body:
        if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        marks = outer | {clause for decorator in one.decorator_list for clause in _clauses(decorator)}
        if isinstance(one, ast.ClassDef):
            found |= _tests(one.body, f"{where}::{one.name}", marks)
        elif one.name.startswith("test_"):
            found[f"{where}::{one.name}"] = marks
    return found


def _targets(line: ast.Assign) -> set[str]:
    return {target.id for target in line.targets if isinstance(target, ast.Name)}


def _clauses(mark: ast.expr) -> Iterator[str]:
    for call in ast.walk(mark):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "clause":
            yield from (one.value for one in call.args if isinstance(one, ast.Constant) and isinstance(one.value, str))


def written(results: Results, plans: Mapping[str, Plan]) -> str:
    """Returns the page for the results of a run, with a table for each plan and one for what holds in all."""
    parts = [_HEAD]
    wanted = required(plans)
    for plan in dict.fromkeys(clause.plan for clause in wanted):
        title = "What holds in every plan" if plan == EVERY_PLAN else plan
        rows = [_row(clause, results.get(clause.id, {}), plans) for clause in wanted if clause.plan == plan]
        table = ["| clause | says | keys of the plan | scenarios | result |", "|---|---|---|---|---|", *rows]
        parts.append(f"## {title}\n\n" + "\n".join(table) + "\n")
    return "\n".join(parts)


def _row(clause: Clause, results: Mapping[str, str], plans: Mapping[str, Plan]) -> str:
    keys = [
        f"`{key}`" if plan.name == clause.plan else f"`{plan.name}: {key}`"
        for plan in plans.values()
        for key, source in cited(plan)
        if source == clause.id
    ]
    others = sorted(f"{outcome}: `{test}`" for test, outcome in results.items() if outcome != PASSED)
    result = "; ".join(others) or (PASSED if results else NONE)
    tests = "<br>".join(f"`{test}`" for test in sorted(results))
    return f"| {clause.id} | {clause.text} | {'<br>'.join(keys)} | {tests} | {result} |"


def read(page: str) -> dict[str, tuple[set[str], str]]:
    """Returns what a page says of each clause: its scenarios, and the result in words."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if line[:1] == "|"]
    return {row[0]: (set(re.findall(r"`([^`]+)`", row[3])), row[4]) for row in rows if row[0] in clauses()}


def results_of(page: str) -> dict[str, dict[str, str]]:
    """Returns the results that were written into a page."""
    found = {}
    for clause, (tests, result) in read(page).items():
        other = {test: outcome for outcome, test in re.findall(r"(\w+): `([^`]+)`", result)}
        found[clause] = {test: other.get(test, PASSED) for test in tests}
    return found


def problems(page: str, scenarios: Mapping[str, set[str]], plans: Iterable[str]) -> list[str]:
    """Returns what speaks against a page: clauses without a passing scenario, tests that are gone or not in it."""
    wanted = {clause.id for clause in required(plans)}
    said = read(page)
    found = []
    for clause in (one for one in clauses() if one in wanted):
        tests, result = said.get(clause, (set(), NONE))
        if result != PASSED:
            found.append(f"{clause}: {result}")
        found += [f"{clause}: {test} no longer exists" for test in sorted(tests - scenarios.keys())]
        missing = {test for test, marks in scenarios.items() if clause in marks} - tests
        found += [f"{clause}: {test} is not in the page" for test in sorted(missing)]
    return found


def main() -> int:
    """Holds the page of this repository against its tests; 0 when nothing speaks against it."""
    page = ROOT / PAGE
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    found = problems(text, marked(), read_plans(ROOT / "plans"))
    for problem in found:
        sys.stderr.write(f"{PAGE}: {problem}\n")
    sys.stderr.write("run `make trace`\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
