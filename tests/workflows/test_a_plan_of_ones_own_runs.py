"""A sixth plan, made by copying a file, runs cases: its roles, budgets and calendar, and no line of code."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from domain.plan import check_file, read_plans
from tests.support.own_plan import NAME, write_own_plan
from tests.support.people import contacted, finished, solved_remotely
from tests.workflows.conftest import Opener


def test_the_copy_is_a_valid_plan_beside_others(tmp_path: Path) -> None:
    plan = write_own_plan(tmp_path)
    assert check_file(tmp_path / f"{NAME}.toml") == []
    assert read_plans(tmp_path) == {NAME: plan}


@pytest.mark.clause("X2")
async def test_its_roles_budgets_and_calendar_lead_the_case_to_its_end(open_case: Opener, tmp_path: Path) -> None:
    plan = write_own_plan(tmp_path)
    scene = await open_case(plan=plan)
    first = await scene.task("contact_customer")
    assert (first.role, first.due_at) == ("hotline", (await scene.state()).applied_at + timedelta(hours=3))
    await contacted(scene)
    second = await scene.task("remote_diagnosis")
    assert second.role == "pump_master"
    state = await scene.state()
    assert second.due_at == state.instants["registration"] + timedelta(days=2)
    assert (state.plan, state.company, state.time_zone, state.currency) == (NAME, "Example Pumps", "Europe/Rome", "EUR")
    await solved_remotely(scene)
    await finished(scene)
    assert (await scene.end()).result == "resolved"
    assert scene.memory.case(scene.case_id).work_order.startswith("PS-")  # type: ignore[union-attr]


@pytest.mark.clause("X1")
async def test_a_missed_deadline_is_told_to_its_own_superior(open_case: Opener, tmp_path: Path) -> None:
    scene = await open_case(plan=write_own_plan(tmp_path))
    await scene.task("contact_customer")
    await scene.advance(hours=3, seconds=1)
    assert (await scene.task("acknowledge_breach")).role == "pump_master"
    assert (await scene.task("contact_customer")).escalation_level == 1
