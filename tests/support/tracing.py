"""A pytest plugin that writes the traceability page from the scenarios that ran (`--trace-to FILE`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.plan import read_plans
from tests.support.traceability import PASSED, ROOT, marked, results_of, written

_PROPERTY = "clauses"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--trace-to", metavar="FILE", help="write the traceability page of this run to FILE")
    parser.addoption(
        "--trace-keep", action="store_true", help="keep what the page says of scenarios that are not in this run"
    )


def pytest_configure(config: pytest.Config) -> None:
    target = config.getoption("--trace-to")
    if target and not hasattr(config, "workerinput"):  # workers report to the process that writes
        keep = config.getoption("--trace-keep") and Path(target).exists()
        config.pluginmanager.register(Tracer(Path(target), Path(target).read_text(encoding="utf-8") if keep else ""))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Lets the marks travel with the reports, also from another process."""
    for item in items:
        names = sorted({str(name) for mark in item.iter_markers("clause") for name in mark.args})
        item.user_properties.append((_PROPERTY, " ".join(names)))


class Tracer:
    """Gathers how each scenario went; all variants of a test count as one, which passes when all of them do."""

    def __init__(self, target: Path, before: str) -> None:
        self.target, self.before = target, before
        self.results: dict[str, dict[str, str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "call" and report.passed:
            return
        test = report.nodeid.partition("[")[0]
        for clause in self._clauses(report):
            known = self.results.setdefault(clause, {})
            if known.get(test, PASSED) == PASSED:
                known[test] = report.outcome

    @staticmethod
    def _clauses(report: pytest.TestReport) -> Iterator[str]:
        for name, value in report.user_properties:
            if name == _PROPERTY:
                yield from str(value).split()

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Writes the page, unless the run was broken off or nothing ran."""
        if self.results and exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            self.target.write_text(written(self._with_kept(), read_plans(ROOT / "plans")), encoding="utf-8")

    def _with_kept(self) -> dict[str, dict[str, str]]:
        """The results, with those of an earlier page for scenarios that still carry the clause and did not run now."""
        ran = {test for tests in self.results.values() for test in tests}
        scenarios = marked()
        merged = {clause: dict(tests) for clause, tests in self.results.items()}
        for clause, tests in results_of(self.before).items():
            for test, outcome in tests.items():
                if test not in ran and clause in scenarios.get(test, ()):
                    merged.setdefault(clause, {})[test] = outcome
        return merged
