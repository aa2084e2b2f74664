"""`aftercare audit preflight`: all that is open is replayed with this code, and what would break is named."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio import workflow

from domain.actions import ActionKind, ActionOrder, ActionStart
from domain.clocks import Pace
from tests.replaying.conftest import House
from tests.support.scene import EPOCH, person, rapid_response
from workflows import papers, performing
from workflows.offering import offer_task
from workflows.replaying import Wording


async def open_action(house: House) -> str:
    """Opens a corrective action beside the cases."""
    now = datetime.now(UTC)
    plan = rapid_response()
    order = ActionOrder(
        plan=plan.name, kind=ActionKind.CORRECTIVE, title="Change the supplier", why="Leaks", role="engineer",
        due_on=now.date() + timedelta(days=9), verify_role="service_manager", verify_on=now.date() + timedelta(days=30),
    )  # fmt: skip
    start = ActionStart(
        action_id=f"A-{time.time_ns() % 10**10:010d}", plan=plan, pace=Pace(epoch=EPOCH), order=order, opened_at=now,
        opened_by=person("dispatcher"),
    )  # fmt: skip
    await house.client.start_workflow("CorrectiveAction", start, id=start.action_id, task_queue=house.queue)
    house.started.append(start.action_id)
    return start.action_id


async def preflight(house: House, *options: str) -> tuple[int, dict[str, dict[str, Any]], str]:
    """Runs it in this process, once the engine's list has caught up."""
    await house.listed()
    done = await house.audit("preflight", "--json", "-j", "1", *options)
    lines = {line["case_id"]: line for line in map(json.loads, done.stdout.splitlines())}
    words = await house.audit("preflight", "-j", "1", *options)
    return done.exit_code, lines, words.output


async def test_the_same_code_can_go_on_with_everything_that_is_open(house: House) -> None:
    opened, closed, action = await house.open(), await house.closed(), await open_action(house)
    code, found, words = await preflight(house)
    assert code == 0, words
    assert {opened.case_id, action} <= found.keys()
    assert closed.case_id not in found
    assert {found[name]["kind"] for name in (opened.case_id, action)} == {"preflight"}
    assert "can go on with this code, nothing found" in words


async def test_code_that_would_leave_cases_standing_is_refused_and_the_place_named(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await house.open()
    monkeypatch.setattr(papers.Papers, "order_number", lambda _self: None)
    code, found, words = await preflight(house)
    assert code == 1
    (finding, *_) = found[scene.case_id]["findings"]
    assert Wording.STANDS_STILL in finding["what"]
    assert "activity issue_work_order" in finding["place"]
    assert finding["recorded"] == "activity issue_work_order"
    assert "would stand still: see docs/upgrading.md before this code is deployed" in words
    assert (await preflight(house, "--breaks-only"))[0] == 1


async def test_code_that_would_go_on_differently_is_told_and_may_be_accepted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await house.open()
    halved = lambda *a, **how: offer_task(*a, **{**how, "left": how["left"] / 2})  # noqa: E731
    monkeypatch.setattr(performing, "offer_task", halved)
    code, found, words = await preflight(house)
    assert code == 1
    assert not any(Wording.STANDS_STILL in one["what"] for one in found[scene.case_id]["findings"])
    assert "would go on differently" in words
    assert (await preflight(house, "--breaks-only"))[0] == 0


async def test_code_that_fails_is_named_with_its_line(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_self: papers.Papers) -> None:
        raise ZeroDivisionError("of nothing")

    scene = await house.open()
    monkeypatch.setattr(papers.Papers, "order_number", broken)
    _, found, _ = await preflight(house)
    (finding, *_) = found[scene.case_id]["findings"]
    assert "ZeroDivisionError: of nothing" in finding["what"]
    assert ".py:" in finding["place"]


async def test_what_is_new_and_behind_a_patch_passes(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same change twice: plainly it breaks what is open, behind `workflow.patched` it does not."""
    scene = await house.open()
    order = papers.Papers.order_number

    def twice(self: papers.Papers) -> None:
        order(self)
        if workflow.patched("a-second-number"):
            self.case.start(self._number())

    monkeypatch.setattr(papers.Papers, "order_number", twice)
    assert (await preflight(house))[1][scene.case_id]["passed"]
    monkeypatch.setattr(workflow, "patched", lambda _name: True)
    assert not (await preflight(house))[1][scene.case_id]["passed"]
