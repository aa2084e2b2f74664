"""Who pays (R8, X9): the plan's rules decide; what no rule decides goes to the general manager, never a guess."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.people import COVERED, FREIGHT, LINE, NOT_COVERED, confirmed, decided, dispatched, visited
from tests.support.scene import Scene
from tests.workflows.conftest import Opener


async def found_on_site(open_case: Opener, **found: Any) -> Scene:
    scene = await open_case()
    await dispatched(scene, "on_site")
    await visited(scene, costs=[LINE, FREIGHT], **found)
    return scene


async def payers(scene: Scene) -> list[str]:
    return [line.payer.value for line in (await scene.state()).costs]


@pytest.mark.clause("R8")
@pytest.mark.parametrize(
    ("found", "borne_by", "source"),
    [(COVERED, ["company"] * 2, "house"), (NOT_COVERED, ["customer"] * 2, "R8")],
    ids=["in warranty", "out of warranty"],
)
async def test_each_cost_has_its_payer_and_the_rule_that_decided(
    open_case: Opener, found: dict[str, str], borne_by: list[str], source: str
) -> None:
    scene = await found_on_site(open_case, **found)
    await scene.task("confirm_plan")
    assert await payers(scene) == borne_by
    parts = (await scene.state()).costs[0]
    assert parts.rule and parts.source == source


@pytest.mark.clause("X3", "X9")
@pytest.mark.parametrize(
    ("decision", "borne_by"),
    [
        ({"decision": "go_on"}, ["customer", "customer"]),
        ({"decision": "waive_cost"}, ["company", "company"]),
        ({"decision": "share_cost", "company_share": 50}, ["company", "customer", "company", "customer"]),
    ],
)
async def test_what_no_rule_decides_is_a_special_case_before_the_customer_is_asked(
    open_case: Opener, decision: dict[str, Any], borne_by: list[str]
) -> None:
    scene = await found_on_site(open_case)
    special = await scene.task("special_case")
    assert "No rule of the plan says who pays" in (special.reason or "")
    assert "confirm_plan" not in await scene.tasks()
    await decided(scene, **decision)
    await scene.task("confirm_plan")
    assert await payers(scene) == borne_by
    await confirmed(scene)
    await scene.task("site_repair")


@pytest.mark.clause("X3")
async def test_a_decision_for_another_way_leaves_no_cost_behind(open_case: Opener) -> None:
    scene = await found_on_site(open_case)
    await scene.task("special_case")
    await decided(scene, "replace")
    await scene.task("send_replacement")
    assert await payers(scene) == []
