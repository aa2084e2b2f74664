"""`aftercare plans show` prints a plan: columns when piped, tables on a terminal, one line for what it cannot show."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from api.commands.plan_text import print_plan
from domain.plan import read_plans
from domain.plan.describe import describe

ROOT = Path(__file__).parents[2]
PLANS = read_plans(ROOT / "plans")


def aftercare(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "cli.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT, check=False)


def on_a_terminal(name: str, width: int) -> str:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=width, highlight=False, color_system=None)
    print_plan(describe(PLANS[name]), console)
    return out.getvalue()


def test_a_plan_is_printed_with_its_numbers_and_their_clauses() -> None:
    shown = aftercare("plans", "show", "rapid-response")
    assert (shown.returncode, shown.stderr) == (0, "")
    (line,) = [line for line in shown.stdout.splitlines() if "12 hours" in line]
    assert "Customer service" in line
    assert "from the application" in line
    assert "R3" in line
    assert "ours" in shown.stdout
    assert "\x1b" not in shown.stdout, "no colours in a pipe"
    assert not any(line != line.rstrip() for line in shown.stdout.splitlines())


def test_an_unknown_plan_is_one_line_and_status_1() -> None:
    refused = aftercare("plans", "show", "no-such-plan")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.count("\n") == 1
    assert "there is no plan 'no-such-plan'; there is" in refused.stderr
    assert "rapid-response" in refused.stderr


def test_a_file_of_ones_own_is_shown_and_a_wrong_one_named(tmp_path: Path) -> None:
    good = (ROOT / "plans" / "rapid-response.toml").read_text(encoding="utf-8")
    own = tmp_path / "my-own.toml"
    own.write_text(good.replace('name = "rapid-response"', 'name = "my-own"'), encoding="utf-8")
    assert "(my-own, version 1)" in aftercare("plans", "show", str(own)).stdout
    own.write_text(good.replace('currency = "CNY"', 'currency = "yuan"'), encoding="utf-8")
    refused = aftercare("plans", "show", str(own))
    assert refused.returncode == 1
    assert "my-own.toml is no valid plan (currency: " in refused.stderr


@pytest.mark.parametrize("name", PLANS)
@pytest.mark.parametrize("width", [60, 200])
def test_every_plan_fits_a_terminal(name: str, width: int) -> None:
    shown = on_a_terminal(name, width)
    assert PLANS[name].title in shown
    assert all(len(line) <= width for line in shown.splitlines())


def test_a_calendar_that_nobody_knows_is_named_before_it_makes_every_deadline_provisional(tmp_path: Path) -> None:
    good = (ROOT / "plans" / "warranty-repair.toml").read_text(encoding="utf-8")
    own = tmp_path / "warranty-repair.toml"
    own.write_text(good.replace('country = "IT"', 'country = "IT"\nsubdivision = "XX"', 1), encoding="utf-8")
    refused = aftercare("plans", "check", str(own))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "warranty-repair.toml: calendar: there is no calendar of XX\n"
