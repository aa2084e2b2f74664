"""Special cases are negotiated by procurement, sales and the general manager together; all three take part (T11)."""

from __future__ import annotations

import pytest

from tests.support.people import decided
from tests.support.people_trading import replacement_bought, replacement_delivered, replacement_ordered
from tests.support.scene import person
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


@pytest.mark.clause("T11", "X11")
async def test_one_person_gives_one_word_whatever_their_roles(open_case: Opener) -> None:
    scene = await at(open_case, "propose_solution")
    await scene.say("escalate", reason="The customer's line stands still")
    await scene.do("panel_word", by=person("procurement", "su.mei"), advice="go_on", reason="As procurement")
    await scene.do("panel_word-2", by=person("sales", "su.mei"), advice="go_on", reason="As sales")
    assert "gave your word" in (await scene.event("outcome_refused", "panel_word-2")).data["reason"]
    await scene.do("panel_word-2", by=person("sales", "li.na"), advice="go_on", reason="As sales")
    await scene.task("special_case")


@pytest.mark.clause("X1", "T11")
async def test_a_missing_word_is_told_to_the_superior_and_then_to_the_general_manager(open_case: Opener) -> None:
    scene = await at(open_case, "propose_solution")
    await scene.say("escalate", reason="The customer's line stands still")
    await scene.do("panel_word", advice="go_on", reason="The factory is at it")
    for told in ("sales_manager", "general_manager"):
        word = await scene.task("panel_word-2")
        assert word.due_at
        await scene.advance(seconds=(word.due_at - await scene.now()).total_seconds() + 1)
        await scene.rest()
        owed = [task for task in (await scene.tasks()).values() if task.about == "panel_word-2"]
        assert (owed[-1].kind, owed[-1].role) == ("acknowledge_breach", told)
        await scene.do(owed[-1].key, measures="I ask them myself")
    await scene.do("panel_word-2", advice="go_on", reason="The customer waits")
    await decided(scene, "go_on")
    assert (await scene.event("decided")).data["carried_out"] is True


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
