"""W5: an abnormal problem while the item is with the customer is analysed, determined and solved with them."""

from __future__ import annotations

import pytest

from tests.support.people import finished, no_answer
from tests.support.people_warranty_repair import analysed, solved, verified, verified_abnormal
from tests.support.ways import published
from tests.workflows.conftest import Opener

PLAN = published("warranty-repair")


@pytest.mark.clause("W5", "X12")
async def test_project_manager_and_technical_support_solve_it_with_the_customer(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await verified_abnormal(scene)
    assert (await scene.task("analyse_problem")).role == "technical_support"
    await analysed(scene)
    assert (await scene.task("solve_problem")).role == "project_manager"
    await solved(scene)
    await finished(scene)
    assert (await scene.end()).result == "resolved"
    assert "receive_item" not in scene.memory.tasks(scene.case_id)


@pytest.mark.clause("W5", "W7")
async def test_what_the_analysis_says_of_the_responsibility_holds_from_then_on(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await verified_abnormal(scene)
    await analysed(scene)
    await solved(scene, "send_in", responsibility="customer")
    await scene.task("determine_problem")


@pytest.mark.clause("W5")
async def test_an_item_that_is_here_or_coming_is_not_analysed_from_a_distance(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await verified(scene, problem="abnormal", whereabouts="sent")
    await scene.task("receive_item")
    assert "analyse_problem" not in await scene.tasks()


@pytest.mark.clause("W5", "X10")
async def test_without_the_customer_the_item_is_sent_in(open_case: Opener) -> None:
    scene = await open_case(plan=PLAN)
    await verified_abnormal(scene)
    await no_answer(scene, "analyse_problem")
    await scene.do("decide_on_silence", decision="go_on", reason="They are at a fair")
    await scene.task("return_instructions")
