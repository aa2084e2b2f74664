"""A pytest plugin that writes the traceability page from the scenarios that ran (`--trace-to FILE`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.plan import read_plans
from tests.support.traceability import PASSED, ROOT, written

_PROPERTY = "clauses"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--trace-to", metavar="FILE", help="write the traceability page of this run to FILE")


def pytest_configure(config: pytest.Config) -> None:
    target = config.getoption("--trace-to")
    if target and not hasattr(config, "workerinput"):  # workers report to the process that writes
        config.pluginmanager.register(Tracer(Path(target)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Lets the marks travel with the reports, also from another process."""
    for item in items:
        names = sorted({str(name) for mark in item.iter_markers("clause") for name in mark.args})
        item.user_properties.append((_PROPERTY, " ".join(names)))


class Tracer:
    """Gathers how each scenario went; all variants of a test count as one, which passes when all of them do."""

    def __init__(self, target: Path) -> None:
        self.target = target
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
            self.target.write_text(written(self.results, read_plans(ROOT / "plans")), encoding="utf-8")
