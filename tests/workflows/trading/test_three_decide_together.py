"""Special cases are negotiated by procurement, sales and the general manager together; all three take part (T11)."""

from __future__ import annotations

import pytest

from tests.support.people import decided
from tests.support.people_trading import replacement_bought, replacement_delivered, replacement_ordered
from tests.workflows.conftest import Opener
from tests.workflows.trading.scenes import at

WORDS = (("panel_word", "procurement"), ("panel_word-2", "sales"))


@pytest.mark.clause("T11", "X3")
async def test_all_three_take_part_and_the_decision_steers_the_case(open_case: Opener) -> None:
    scene = await at(open_case, "propose_solution")
    await scene.say("escalate", reason="The customer's line stands still")
    for key, role in WORDS:
        assert (await scene.task(key)).role == role
        assert "special_case" not in await scene.tasks()
        await scene.do(key, advice="replace", reason="Faster than any repair")
    assert (await scene.task("special_case")).role == "general_manager"
    await decided(scene, "replace")
    await scene.do("quote_costs", warranty="in", can_repair="no", free_of_charge="no")
    await replacement_ordered(scene)
    await replacement_bought(scene)
    await replacement_delivered(scene)
    await scene.task("acceptance")
    tasks = await scene.tasks()
    who = {task.role for task in tasks.values() if task.kind in ("panel_word", "special_case") and task.done}
    assert who == {"procurement", "sales", "general_manager"}
    decision = await scene.event("decided")
    assert (decision.actor.role, decision.data["decision"]) == ("general_manager", "replace")
    assert decision.data["reason"] == "Talked with all sides"
    assert tasks["propose_solution"].status == "obsolete"


@pytest.mark.clause("T11", "X3")
@pytest.mark.parametrize(
    ("route", "first"),
    [("video", "agree_session"), ("telephone", "agree_session"), ("email", "email_solution"), ("parts", "quote_costs")],
)
async def test_the_panel_can_lead_a_case_to_each_way(open_case: Opener, route: str, first: str) -> None:
    scene = await at(open_case, "report_problem")
    await scene.say("escalate", reason="The fault is known")
    for key, _ in WORDS:
        await scene.do(key, advice="route", reason="We had this before")
    await decided(scene, "route", route=route)
    await scene.task(first)
    assert (await scene.state()).resolution == route
