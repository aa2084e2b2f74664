"""A panel of several (T11): each member gives their word, the last one decides, nobody is left out."""

from __future__ import annotations

import pytest

from domain.plan import Plan, TaskRule
from tests.support.people import contacted, decided
from tests.support.scene import Scene, person, rapid_response
from tests.workflows.conftest import Opener
from tests.workflows.test_deadlines_that_pass import until_due

WORDS = ("panel_word", "panel_word-2")


def with_a_panel() -> Plan:
    plan = rapid_response()
    word = TaskRule.model_validate({"role": "general_manager", "within": "1 bd", "source": "house"})
    return rapid_response(
        panel=("dispatcher", "service_manager", "general_manager"), tasks={**plan.tasks, "panel_word": word}
    )


async def put_to_the_panel(open_case: Opener) -> Scene:
    scene = await open_case(plan=with_a_panel())
    await scene.task("contact_customer")
    await scene.say("escalate", reason="The customer threatens to leave", by=person("customer_service"))
    for word in WORDS:
        await scene.task(word)
    return scene


@pytest.mark.clause("T11", "X3")
async def test_the_decision_waits_for_every_word(open_case: Opener) -> None:
    scene = await put_to_the_panel(open_case)
    tasks = await scene.tasks()
    assert [tasks[word].role for word in WORDS] == ["dispatcher", "service_manager"]
    await scene.do("panel_word", advice="replace", reason="The part is not made any more")
    await scene.rest()
    assert "special_case" not in await scene.tasks()
    await scene.do("panel_word-2", advice="go_on", reason="One more try")
    assert (await scene.task("special_case")).role == "general_manager"
    await decided(scene, "replace")
    assert (await scene.task("send_replacement")).is_open


@pytest.mark.clause("T11", "X1")
async def test_a_missing_word_is_reminded_of_and_stays_open(open_case: Opener) -> None:
    scene = await put_to_the_panel(open_case)
    await until_due(scene, "panel_word")
    late = await scene.task("panel_word")
    assert (late.escalation_level, late.is_open) == (1, True)
    assert [event.task for event in await scene.events("reminded")].count("panel_word") == 1


@pytest.mark.clause("X3")
async def test_a_withdrawal_ends_a_special_case_whose_words_are_awaited(open_case: Opener) -> None:
    scene = await put_to_the_panel(open_case)
    await contacted(scene)
    await scene.say("withdraw", reason="Bought another machine")
    end = await scene.end()
    assert end.result == "withdrawn"
    tasks = await scene.tasks()
    assert [tasks[word].status for word in WORDS] == ["obsolete", "obsolete"]
    assert "special_case" not in tasks
