"""Whatever people do, a case closes or waits for somebody by a deadline; record, money and replay are right."""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.walks.walk import Walk

A_WALK = 40
"""Moves of one walk of the long run."""


def walk(kind: type[Walk], number: int, *, walks: int, moves: int) -> None:
    """Walks at random; the same number leads to the same moves."""
    run_state_machine_as_test(
        seed(number)(kind),
        settings=settings(
            max_examples=walks,
            stateful_step_count=moves,
            deadline=None,
            database=None,
            phases=[Phase.generate],  # making a walk shorter takes hours; the moves of one are read as they are
            suppress_health_check=list(HealthCheck),
            report_multiple_bugs=False,
        ),
    )


class Short(Walk):
    """Counts for itself."""

    moves_made: ClassVar[Counter[str]] = Counter()


def test_a_few_short_walks_leave_nothing_wrong() -> None:
    walk(Short, 11, walks=4, moves=8)
    assert Short.moves_made.total() >= 24


@pytest.fixture
def tell(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Writes a line to the terminal at once."""
    terminal = request.config.pluginmanager.getplugin("terminalreporter")

    def told(line: str) -> None:
        with capsys.disabled():
            terminal.write_line(line)
            terminal.flush()

    return told


@pytest.mark.walks
def test_long_walks_through_all_plans_leave_nothing_wrong(tell: Callable[[str], None]) -> None:
    steps = int(os.environ.get("WALK_STEPS", "2000"))
    number = int(os.environ.get("WALK_SEED") or random.SystemRandom().randrange(10**6))
    tell(f"\nWALK_SEED={number} WALK_STEPS={steps}")

    class Long(Walk):
        moves_made: ClassVar[Counter[str]] = Counter()

        def teardown(self) -> None:
            super().teardown()
            tell(f"{self.moves_made.total():6} moves; cases: {', '.join(self.cases)}")

    walk(Long, number, walks=-(-steps // A_WALK), moves=A_WALK)
    tell(f"{dict(Long.moves_made.most_common())}")
    assert Long.moves_made.total() >= steps * 0.9
